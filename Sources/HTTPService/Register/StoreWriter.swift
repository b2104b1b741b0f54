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
        let staged = Staged()
        let commit = commit(request, stage, staged)
        do throws(CommitError) {
            return outcome(of: .success(try await store.commit(commit)), commit, staged)
        } catch {
            return outcome(of: .failure(error), commit, staged)
        }
    }

    package func submit(
        _ request: ChangeRequest, stage: @escaping ChangeStage, _ completion: @escaping @Sendable (ChangeOutcome) -> Void
    ) {
        let staged = Staged()
        let commit = commit(request, stage, staged)
        store.submit(commit) { completion(self.outcome(of: $0, commit, staged)) }
    }

    /// What was told of the changes when they were staged.
    private final class Staged: Sendable {
        let report = Mutex<ChangeReport?>(nil)
    }

    private func commit(_ request: ChangeRequest, _ stage: @escaping ChangeStage, _ staged: Staged) -> Commit {
        // A trial leaves no trace, so its id means nothing.
        let id = request.isDryRun ? "" : request.changeID ?? ""
        return Commit(
            request.changes, changeID: id, fingerprint: request.fingerprint, note: request.note
        ) { base, number, moment in
            let changes = stage(base, number, moment)
            staged.report.withLock { $0 = changes.report }
            return changes.version.map { .version($0, receipt: changes.report.receipt) } ?? .nothing
        }
    }

    private func outcome(of result: Result<Committed, CommitError>, _ commit: Commit, _ staged: Staged) -> ChangeOutcome {
        switch result {
        case .success(.applied(let version)), .success(.nothing(let version)):
            guard let report = staged.report.withLock({ $0 }) else { preconditionFailure("a commit was staged, or repeated") }
            return .report(report, version: version)
        case .success(.repeated(let number, let receipt, let current)):
            return .report(ChangeReport(receipt, version: number).repeated(true, commit.changeID), version: current)
        case .failure(let error): return outcome(of: error, id: commit.changeID)
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

    package func submit(
        _ request: ChangeRequest, stage: @escaping ChangeStage, _ completion: @escaping @Sendable (ChangeOutcome) -> Void
    ) {
        completion(.readOnly("\(reason)."))
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
