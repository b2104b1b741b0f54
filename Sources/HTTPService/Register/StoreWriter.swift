import JSONText
import Model
import Query
import Store
import StoreColumns
import Synchronization

/// Brings the changes of requests into the store, where many of them become durable together.
package struct StoreWriter: ChangeWriter {
    private let store: Store

    package init(_ store: Store) { self.store = store }

    package func commit(_ request: ChangeRequest, stage: @escaping ChangeStage) async -> ChangeOutcome {
        let staged = Mutex<ChangeReport?>(nil)
        // A trial leaves no trace, so its id means nothing.
        let id = request.isDryRun ? "" : request.changeID ?? ""
        let commit = Commit(
            request.changes, changeID: id, fingerprint: request.fingerprint, note: request.note
        ) { base, number, moment in
            let changes = stage(base, number, moment)
            staged.withLock { $0 = changes.report }
            return changes.version.map { .version($0, receipt: changes.report.receipt) } ?? .nothing
        }
        do throws(CommitError) {
            switch try await store.commit(commit) {
            case .applied(let version), .nothing(let version):
                guard let report = staged.withLock({ $0 }) else { preconditionFailure("a commit was staged, or repeated") }
                return .report(report, version: version)
            case .repeated(let number, let receipt, let current):
                return .report(ChangeReport(receipt, version: number).repeated(true, id), version: current)
            }
        } catch {
            return outcome(of: error, id: id)
        }
    }

    private func outcome(of error: CommitError, id: String) -> ChangeOutcome {
        switch error {
        case .changeIDReused(let number):
            .report(ChangeReport(version: number).repeated(false, id), version: store.current)
        case .tooLong(let limit):
            .unusable("'changeId' is longer than \(limit) bytes.")
        case .overloaded:
            .overloaded("Too many changes wait to be written; send them again in a second.")
        case .readOnly(let reason): .readOnly("The data can be read, and not changed: \(reason).")
        case .refused, .otherVersion:
            preconditionFailure("staging reports what is wrong with changes, and throws nothing")
        }
    }
}

/// Refuses every change, and says why.
package struct ClosedWriter: ChangeWriter {
    private let reason: String

    /// - Parameter reason: Begins a sentence, without its full stop.
    package init(because reason: String) { self.reason = reason }

    package func commit(_ request: ChangeRequest, stage: @escaping ChangeStage) async -> ChangeOutcome {
        .readOnly("\(reason).")
    }
}

extension ChangeRequest {
    /// What the journal keeps of a request beside its changes: the reason and the overrides, as JSON.
    package var note: [UInt8] {
        guard reason != nil || !overrides.isEmpty else { return [] }
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        if let reason {
            writer.name("reason")
            writer.string(reason)
        }
        if !overrides.isEmpty {
            writer.name("overrides")
            writer.beginArray()
            for override in overrides {
                writer.separate()
                writer.beginObject()
                writer.name("check")
                writer.string(override.check)
                writer.name("reason")
                writer.string(override.reason)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
        return writer.finish()
    }
}
