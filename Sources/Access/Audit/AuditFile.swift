import Bytes
import StoreColumns
import Synchronization

/// The audit of a server, to which lines are added and in which none is ever changed. `Schema/formats/Audit.md`
///
/// A line is written when `append` returns, so that it outlives the process, and durable after the next `synchronize`. What cannot be
/// written is not counted: the next line takes its place. After a failed synchronization nothing is written any more.
package final class AuditFile: Sendable {
    private struct State {
        var file: any File
        /// Where the next line begins.
        var offset: Int
        /// Since the epoch.
        var day: Int64
        var number: Int
        var head: String
        var isUnsynchronized = true
        var failure: FileError?
    }

    private let folder: String
    private let files: any FileSystem
    private let fileByteLimit: Int
    private let now: @Sendable () -> Instant
    private let state: Mutex<State>

    /// Opens the audit of a folder behind its last whole line, or begins one. The folder is made if it is absent.
    ///
    /// - Parameters:
    ///   - fileByteLimit: A file that has as many is followed by another one; so is one of another day.
    ///   - now: The system's time.
    /// - Throws: Where the last file is not what was written; nothing was changed then.
    package init(
        _ folder: String, on files: any FileSystem, fileByteLimit: Int, now: @escaping @Sendable () -> Instant
    ) throws(AuditProblem) {
        self.folder = folder
        self.files = files
        self.fileByteLimit = fileByteLimit
        self.now = now
        let isThere = try AuditReading.storing(folder) { () throws(FileError) in try files.exists(folder) }
        if !isThere { try AuditReading.storing(folder) { () throws(FileError) in try files.makeFolder(folder) } }
        var report = try AuditReading.check(folder, on: files, onlyLast: true)
        var cutByteCount = report.tornByteCount
        // The first line of a file may have been lost with the power, before anything was told in it.
        while report.lastNumber == 0, let path = report.lastFile {
            try AuditReading.storing(path) { () throws(FileError) in try files.remove(path) }
            report = try AuditReading.check(folder, on: files, onlyLast: true)
            cutByteCount += report.tornByteCount
        }
        let start = now()
        if let path = report.lastFile {
            let (tornByteCount, byteCount) = (report.tornByteCount, report.lastFileByteCount)
            let file = try AuditReading.storing(path) { () throws(FileError) in
                let file = try files.open(path, .readAndWrite)
                if tornByteCount > 0 { try file.truncate(to: byteCount) }
                return file
            }
            state = Mutex(
                State(
                    file: file, offset: report.lastFileByteCount, day: Self.day(of: start),
                    number: report.lastNumber, head: report.head))
        } else {
            let (file, offset, head) = try Self.begin(
                folder, files, number: 1, at: start, after: AuditLine.firstHead)
            state = Mutex(
                State(file: file, offset: offset, day: Self.day(of: start), number: 1, head: head))
        }
        var members: [(name: String, value: AuditEvent.Value)] = []
        if cutByteCount > 0 { members.append(("cutBytes", .int(cutByteCount))) }
        do throws(FileError) {
            try append(AuditEvent("start", members))
            try synchronize()
        } catch {
            throw AuditProblem(path: folder, line: 0, reason: "\(error)", isStorage: true)
        }
    }

    /// The number and the hash of the last line: to be kept elsewhere, so that a shortened audit is found out.
    package var head: (number: Int, hash: String) { state.withLock { ($0.number, $0.head) } }

    /// Why nothing is written any more; nil while all is well.
    package var failure: FileError? { state.withLock { $0.failure } }

    /// Writes a line.
    ///
    /// - Throws: Where it cannot be written; then it is not there.
    package func append(_ event: AuditEvent) throws(FileError) {
        try state.withLock { state throws(FileError) in
            if let failure = state.failure { throw failure }
            let at = now()
            if state.offset >= fileByteLimit || state.day != Self.day(of: at) { try rotate(&state, at) }
            let line = AuditLine.make(event, number: state.number + 1, at: at, after: state.head)
            let bytes = line.bytes + [0x0A]
            do throws(FileError) {
                try state.file.write(bytes.span, at: state.offset)
            } catch {
                // What was written of it is taken back; if that fails too, the next line is written over it.
                do throws(FileError) { try state.file.truncate(to: state.offset) } catch {}
                throw error
            }
            state.offset += bytes.count
            state.number += 1
            state.head = line.hash
            state.isUnsynchronized = true
        }
    }

    /// Looks through all that was written so far.
    package func find(_ search: AuditSearch, isOver: () -> Bool) throws(AuditProblem) -> AuditFindings {
        try search.run(folder, on: files, isOver: isOver)
    }

    /// Makes what was written durable. Once it fails, nobody knows what is on the disk, and nothing is written any more.
    package func synchronize() throws(FileError) {
        let file: (any File)? = state.withLock { state in
            defer { state.isUnsynchronized = false }
            return state.isUnsynchronized && state.failure == nil ? state.file : nil
        }
        guard let file else { return }
        do throws(FileError) {
            try file.synchronize()
        } catch {
            state.withLock { $0.failure = error }
            throw error
        }
    }

    private func rotate(_ state: inout State, _ at: Instant) throws(FileError) {
        try state.file.synchronize()
        let number = state.number + 1
        do throws(AuditProblem) {
            let (file, offset, head) = try Self.begin(folder, files, number: number, at: at, after: state.head)
            state.file = file
            state.offset = offset
            state.head = head
        } catch {
            throw FileError(.write, error.path, .other(0), text: error.reason)
        }
        state.number = number
        state.day = Self.day(of: at)
    }

    /// Makes a file with its first line, durably.
    private static func begin(
        _ folder: String, _ files: any FileSystem, number: Int, at: Instant, after head: String
    ) throws(AuditProblem) -> (file: any File, offset: Int, head: String) {
        let path = folder + "/" + AuditReading.name(firstNumber: number)
        let line = AuditLine.make(
            AuditEvent("file", [("format", .text("1")), ("previous", .text(head))]), number: number, at: at, after: head)
        let bytes = line.bytes + [0x0A]
        return try AuditReading.storing(path) { () throws(FileError) in
            // One that an earlier attempt left has no line that was counted.
            if try files.exists(path) { try files.remove(path) }
            try files.writeNew(path, bytes)
            try files.synchronizeFolder(folder)
            return (try files.open(path, .readAndWrite), bytes.count, line.hash)
        }
    }

    private static func day(of moment: Instant) -> Int64 { moment.microseconds / 86_400_000_000 }
}
