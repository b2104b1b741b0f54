import Bytes
import Foundation
import HTTPService
import Model
import Query
import Store
import StoreColumns
import StoreJournal
import Synchronization

/// One change of one row after the other, as a mutation: all of its road but the socket.
struct Changes {
    private let sample: Sample
    private let folder: String

    init(_ sample: Sample) {
        self.sample = sample
        folder = NSTemporaryDirectory() + "hearth-bench-changes-\(ProcessInfo.processInfo.processIdentifier)"
    }

    func group() throws -> Group {
        let version = sample.register.version
        let options = StoreOptions(
            catalog: sample.register.model.catalog, model: [], process: "\(ProcessInfo.processInfo.processIdentifier)",
            clock: { version.publishedAt })
        try Store.make(folder, version, id: FolderID(high: 1, low: 1), options)
        let durable = try Store.open(folder, options).store
        let inMemory = Store(version)
        let road = Road(sample: sample)
        return Group(
            name: "changes", title: "A mutation that adds one row",
            comparison: "the first row is all of it in memory; then its parts, and all of it with a journal that is synchronized",
            bodies: [
                Body("in memory", .things(1, "changes")) { try road.change(inMemory) },
                Body("read, and checked on a version", .things(1, "changes")) { try road.stage(on: version) },
                Body("read", .things(1, "changes")) { try road.read(version).changes.count },
                Body("durable", .things(1, "changes")) { try road.change(durable) },
            ],
            end: {
                try? durable.close()
                try? FileManager.default.removeItem(atPath: folder)
            })
    }

    /// The steps of a mutation.
    private final class Road {
        private let service: QueryService
        private let limits = QueryLimits()
        private let asOf: CivilDate
        private var count = 0

        private static let head =
            #"{"query":"mutation($c: ChangesInput!, $id: ID!) { applyChanges(changes: $c, changeId: $id) { applied version } }","#
            + #""variables":{"c":{"units":{"upsert":[{"code":""#

        init(sample: Sample) {
            service = sample.makeService()
            asOf = sample.register.version.publishedAt.day
        }

        func read(_ version: GraphVersion) throws -> Mutation {
            count += 1
            let body = Self.head + "b-\(count)" + #"","name":"a unit of some name"}]}},"id":"b-"# + "\(count)\"}}"
            let request = try QueryRequest.parse(json: Array(body.utf8), limits: limits)
            let step = service.begin(
                request, version: version, asOf: asOf, viewer: QueryService.localViewer, budget: service.makeBudget())
            guard case .mutation(let mutation) = step else { throw Sample.Unusable(description: "the change was not read") }
            return mutation
        }

        func stage(on version: GraphVersion) throws -> Int {
            let mutation = try read(version)
            let staged = service.stage(mutation.changes[0], of: mutation)(version, version.number + 1, version.publishedAt)
            guard let next = staged.version else { throw Sample.Unusable(description: "\(staged.report)") }
            return Int(next.number)
        }

        func change(_ store: Store) throws -> Int {
            let mutation = try read(store.current)
            let request = mutation.changes[0]
            let stage = service.stage(request, of: mutation)
            let report = Mutex<ChangeReport?>(nil)
            let commit = Commit(request.changes, changeID: request.changeID ?? "", fingerprint: request.fingerprint) {
                base, number, moment in
                let changes = stage(base, number, moment)
                report.withLock { $0 = changes.report }
                return changes.version.map { .version($0, receipt: changes.report.receipt) } ?? .nothing
            }
            guard case .applied(let version) = try store.commitWaiting(commit), let report = report.withLock({ $0 }) else {
                throw Sample.Unusable(description: "the change was not applied")
            }
            let answer = service.finish(mutation, with: [.report(report, version: version)], version: version)
            return answer.body.count
        }
    }
}
