import Bytes

/// What an audit holds, once every line of it was found to hold on to the one before.
package struct AuditReport: Sendable, Hashable {
    /// Of the first and the last line; 0 where there is none.
    package var firstNumber: Int
    package var lastNumber: Int
    /// Of the last line. Who has kept it can tell later whether lines were taken away since.
    package var head: String
    package var fileCount: Int
    /// Of a last line that is not whole: what a loss of power leaves.
    package var tornByteCount: Int
    /// The last file, and where its last whole line ends.
    var lastFile: String?
    var lastFileByteCount: Int
    var hasWanted = false
}

/// Where an audit is not what was written.
package struct AuditProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package var path: String
    package var line: Int
    package var reason: String
    package var isStorage = false

    package var description: String { line > 0 ? "\(path):\(line): \(reason)" : "\(path): \(reason)" }
}

/// Reads the audit of a folder from its first line to its last. `Schema/formats/Audit.md`
package enum AuditReading {
    /// - Parameter onlyLast: Looks at the last file alone: how a server begins, which does not read years.
    /// - Parameter wanted: The hash of a line that must be there, as somebody has kept it.
    package static func check(
        _ folder: String, on files: any FileSystem, onlyLast: Bool = false, wanted: String? = nil
    ) throws(AuditProblem) -> AuditReport {
        var report = AuditReport(
            firstNumber: 0, lastNumber: 0, head: AuditLine.firstHead, fileCount: 0, tornByteCount: 0, lastFile: nil,
            lastFileByteCount: 0)
        var names = try names(folder, on: files)
        if onlyLast { names = Array(names.suffix(1)) }
        for (index, name) in names.enumerated() {
            let path = folder + "/" + name
            let bytes = try storing(path) { () throws(FileError) in try files.contents(of: path, limit: 1 << 31) }
            try read(bytes, path, isLast: index == names.count - 1, wanted, into: &report)
            guard report.lastFileByteCount == 0 || number(of: name) == report.lastFileFirstNumber(bytes) else {
                throw AuditProblem(path: path, line: 1, reason: "the file is not called by the number of its first line")
            }
        }
        if let wanted, !report.hasWanted {
            throw AuditProblem(
                path: folder, line: 0, reason: "no line has the hash \(wanted): lines were taken away, or it is of another audit")
        }
        return report
    }

    /// `audit-000000000017.jsonl`: the number of the file's first line.
    static func name(firstNumber: Int) -> String {
        let digits = String(firstNumber)
        return "audit-" + String(repeating: "0", count: max(0, 12 - digits.utf8.count)) + digits + ".jsonl"
    }

    /// The files of an audit, the first first.
    static func names(_ folder: String, on files: any FileSystem) throws(AuditProblem) -> [String] {
        let all = try storing(folder) { () throws(FileError) in try files.list(folder) }
        return all.filter { number(of: $0) != nil }
    }

    /// The number of a file's first line; nil where the name is none of an audit's file.
    static func number(of name: String) -> Int? {
        guard name.hasPrefix("audit-"), name.hasSuffix(".jsonl"), name.utf8.count >= 24 else { return nil }
        return Int(name.dropFirst(6).dropLast(6))
    }

    private static func read(
        _ bytes: [UInt8], _ path: String, isLast: Bool, _ wanted: String?, into report: inout AuditReport
    ) throws(AuditProblem) {
        var start = 0
        var lineNumber = 0
        var head: String? = report.fileCount == 0 ? nil : report.head
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            lineNumber += 1
            guard let line = AuditLine.check(bytes[start..<end], after: head) else {
                throw AuditProblem(path: path, line: lineNumber, reason: "this line was changed, or one before it is missing")
            }
            if lineNumber == 1 {
                guard let previous = line.previous, previous == head ?? previous else {
                    throw AuditProblem(path: path, line: 1, reason: "the file does not begin where the one before it ends")
                }
                guard line.number != 1 || previous == AuditLine.firstHead else {
                    throw AuditProblem(path: path, line: 1, reason: "the first line of all follows no other")
                }
            }
            if report.lastNumber == 0 {
                report.firstNumber = line.number
            } else if line.number != report.lastNumber + 1 {
                throw AuditProblem(
                    path: path, line: lineNumber, reason: "line number \(line.number) follows \(report.lastNumber)")
            }
            report.lastNumber = line.number
            report.head = line.hash
            if line.hash == wanted { report.hasWanted = true }
            head = line.hash
            start = end + 1
        }
        guard start == bytes.count || isLast else {
            throw AuditProblem(path: path, line: lineNumber + 1, reason: "this line is not whole, and a later file follows")
        }
        guard lineNumber > 0 || isLast else {
            throw AuditProblem(path: path, line: 1, reason: "the file is empty, and a later one follows")
        }
        report.fileCount += 1
        report.tornByteCount = bytes.count - start
        report.lastFile = path
        report.lastFileByteCount = start
    }

    static func storing<Result>(_ path: String, _ body: () throws(FileError) -> Result) throws(AuditProblem) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw AuditProblem(path: path, line: 0, reason: "\(error)", isStorage: true)
        }
    }
}

extension AuditReport {
    /// The number of the first line of a file that was just read; nil, as for its name, where it has none.
    fileprivate func lastFileFirstNumber(_ bytes: [UInt8]) -> Int? {
        let lineCount = bytes[..<lastFileByteCount].count { $0 == 0x0A }
        return lastNumber - lineCount + 1
    }
}
