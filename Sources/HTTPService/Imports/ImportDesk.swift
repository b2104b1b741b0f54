import Bytes
import Dispatch
import Exchange
import Model
import OfficeFiles
import Query
import Store
import StoreColumns
import Synchronization

/// Takes files of whoever keeps lists: checks their rows, and brings them into the data the way of every other change. One at a time, off
/// the event loops.
final class ImportDesk: Sendable {
    struct Order: Sendable {
        var name: String
        var bytes: [UInt8]
        var terms: ImportTerms
        var asOf: CivilDate
    }

    private let model: Model
    private let store: Store
    private let writer: any ChangeWriter
    private let limits: ImportLimits
    private let isBusy = Atomic(false)
    private let queue = DispatchQueue(label: "hearth.imports", qos: .utility)

    /// - Parameter unfoldedBytes: What a workbook may unfold to.
    init(_ content: ServiceContent, unfoldedBytes: Int) {
        (model, store, writer) = (content.queries.model, content.store, content.writer)
        var limits = ImportLimits()
        limits.workbook.bytes = unfoldedBytes
        self.limits = limits
    }

    /// What became of a file; the data is as it was unless the report says that it is applied.
    ///
    /// - Throws: `importBusy` while another one is taken.
    func take(_ order: Order) async throws(Refusal) -> ChangeOutcome {
        guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
            throw .importBusy
        }
        defer { isBusy.store(false, ordering: .releasing) }
        let fingerprint = SHA256Digest(of: order.bytes.span).bytes
        let (draft, staged) = await withCheckedContinuation { continuation in
            queue.async { [self] in
                let draft = Importer(model: model, limits: limits).read([SourceFile(name: order.name, bytes: order.bytes)])
                let base = store.current
                let staged = draft.stage(
                    order.terms, fingerprint: fingerprint, on: base, number: base.number + 1, publishedAt: base.publishedAt,
                    asOf: order.asOf)
                continuation.resume(returning: (draft, staged))
            }
        }
        if order.terms.isDryRun { return .report(staged.report, version: store.current) }
        // Checked again against the version that nothing else can come behind.
        return await writer.commit(staged.request) { base, number, publishedAt in
            let staged = draft.stage(
                order.terms, fingerprint: fingerprint, on: base, number: number, publishedAt: publishedAt, asOf: order.asOf)
            return StagedChanges(report: staged.report, version: staged.version)
        }
    }

    func clerkReport(_ report: ChangeReport) -> [UInt8] { report.clerkCSV(model) }
}
