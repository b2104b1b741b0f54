import Access
import Bytes
import Dispatch
import Foundation
import HTTPService
import Settings
import Synchronization

/// The audit of a running server: made durable once a second, and its head told to the log once a minute.
final class AuditKeeping: Sendable {
    let auditor: Auditor
    private let queue = DispatchQueue(label: "hearth.audit.durable")
    private let isStopped = Atomic(false)
    private let file: AuditFile

    /// Beside the data folder, where no backup of the folder takes it along and no restore puts an older one in its place.
    static func standardPath(beside data: String) -> String { DoorKeeping.withoutSlash(data) + ".audit" }

    /// - Parameters:
    ///   - named: The folder; nil: beside the data folder, where there are keys.
    ///   - digestKey: Of the file of keys; nil where there are none, and digests can be compared until the server ends.
    static func open(
        _ named: String?, _ data: String?, limits: LimitValues, digestKey: [UInt8]?
    ) throws(Failure) -> AuditKeeping? {
        guard let folder = folder(named, beside: digestKey == nil ? nil : data) else { return nil }
        let key = digestKey ?? drawnKey()
        let byteLimit = limits["audit-file-bytes"]
        do throws(AuditProblem) {
            let file = try AuditFile(folder, on: POSIXFileSystem(), fileByteLimit: byteLimit, now: Clock.now)
            return AuditKeeping(file, AuditDigests(key: key))
        } catch {
            throw Failure(code: error.isStorage ? .system : .data, message: "the audit: \(error)")
        }
    }

    private static func folder(_ named: String?, beside data: String?) -> String? {
        if let named { return named }
        return data.map { standardPath(beside: $0) }
    }

    private static func drawnKey() -> [UInt8] { (0..<32).map { _ in UInt8.random(in: 0...255) } }

    private init(_ file: AuditFile, _ digests: AuditDigests) {
        self.file = file
        auditor = Auditor(file, digests: digests)
    }

    func start(_ log: EventLog) { lookLater(log, round: 1) }

    /// Makes durable what was told, and looks no more.
    func stop(_ log: EventLog) {
        isStopped.store(true, ordering: .relaxed)
        queue.sync { synchronize() }
        Self.tellHead(of: file, log)
    }

    private func lookLater(_ log: EventLog, round: Int) {
        queue.asyncAfter(deadline: .now() + .seconds(1)) { [weak self] in
            guard let self, !self.isStopped.load(ordering: .relaxed) else { return }
            self.synchronize()
            if round.isMultiple(of: 60) { Self.tellHead(of: self.file, log) }
            self.lookLater(log, round: round + 1)
        }
    }

    private func synchronize() {
        do throws(FileError) {
            try file.synchronize()
        } catch {
            Terminal.tell("hearth: the audit cannot be kept, so nothing is answered any more: \(error)")
        }
    }

    private static func tellHead(of file: AuditFile, _ log: EventLog) {
        let head = file.head
        log.tell("audit", [("n", .int(head.number)), ("hash", .text(head.hash))])
    }
}
