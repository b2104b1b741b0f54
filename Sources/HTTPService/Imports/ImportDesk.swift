import Bytes
import Dispatch
import Exchange
import JSONText
import Model
import NIOCore
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
        var file: Elements<UInt8>
        /// Without a `changeID` the file and the choices are one, so that they are applied once.
        var terms: ImportTerms
        var choices: ImportChoices
        var asOf: CivilDate
    }

    /// Imports that are remembered with what came of them.
    private static let jobCount = 64
    /// Smaller files stay in memory while they are read.
    private static let heldBytes = 1 << 20

    private let model: Model
    private let store: Store
    private let writer: any ChangeWriter
    private let limits: ImportLimits
    private let scratchFolder: String
    private let isBusy = Atomic(false)
    private let jobs = LeastRecentlyUsed<String, ImportJob>(capacity: jobCount)
    private let count = Atomic(0)
    private let queue = DispatchQueue(label: "hearth.imports", qos: .utility)

    /// - Parameters:
    ///   - unfoldedBytes: What a workbook may unfold to.
    ///   - scratchFolder: Where larger files lie, without a name, while they are read.
    init(_ content: ServiceContent, unfoldedBytes: Int, scratchFolder: String) {
        (model, store, writer) = (content.queries.model, content.store, content.writer)
        self.scratchFolder = scratchFolder
        var limits = ImportLimits()
        limits.workbook.bytes = unfoldedBytes
        self.limits = limits
    }

    // MARK: One at a time

    /// Takes the place that there is; who has it gives it back, or has a job begun, which does.
    ///
    /// - Throws: `importBusy` while another one has it.
    func claim() throws(Refusal) {
        guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
            throw .importBusy
        }
    }

    func giveBack() { isBusy.store(false, ordering: .releasing) }

    // MARK: The file

    /// Puts a file together piece by piece, outside of this process's own memory where it is large.
    ///
    /// - Parameter byteCount: What was announced; nil: nothing was.
    func collect<Pieces: AsyncSequence>(
        _ pieces: Pieces, byteCount: Int?, limit: Int
    ) async throws(Refusal) -> Elements<UInt8> where Pieces.Element == ByteBuffer {
        let capacity = max(1, min(byteCount ?? limit, limit))
        let scratch = capacity > Self.heldBytes ? Scratch(folder: scratchFolder, slabByteCount: capacity) : nil
        let file = ElementWriter<UInt8>(count: capacity, capacity: capacity, in: scratch)
        var end = 0
        do {
            for try await piece in pieces {
                let bytes = piece.readableBytesUInt8Span
                guard bytes.count <= capacity - end else { throw Refusal.bodyTooLarge(limit: limit, name: "max-import-bytes") }
                file.copy(bytes, to: end)
                end += bytes.count
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw .malformed("the body ended before the file did")
        }
        return file.finish().slice(0..<end)
    }

    // MARK: Taking it

    /// Begins to take a file, in the place that was claimed.
    ///
    /// - Parameter tell: Called once with what came of it, before anybody else is told; where it throws, that is what came of it.
    func begin(
        _ order: Order,
        tell: @escaping @Sendable (ChangeOutcome, SHA256Digest) async throws(Refusal) -> ChangeReport
    ) async -> ImportJob {
        let digest = await run { SHA256Digest(of: order.file.span) }
        let job = ImportJob("\(count.add(1, ordering: .relaxed).newValue)-\(digest.hexadecimal.prefix(16))")
        jobs.insert(job, for: job.name)
        Task {
            let end: ImportJob.State
            do throws(Refusal) {
                let outcome = await take(order, digest, job)
                let report = try await tell(outcome, digest)
                var version = report.version
                if case .report(_, let current) = outcome { version = current.number }
                end = .told(report, version: version)
            } catch {
                end = .ended(error)
            }
            giveBack()
            job.isNow(end)
        }
        return job
    }

    func job(_ name: String) -> ImportJob? { jobs[name] }

    private func take(_ order: Order, _ digest: SHA256Digest, _ job: ImportJob) async -> ChangeOutcome {
        var terms = order.terms
        let chosen = order.choices.isEmpty ? [] : order.choices.bytes
        let fingerprint = chosen.isEmpty ? digest.bytes : SHA256Digest(of: (digest.bytes + chosen).span).bytes
        let name = SHA256Digest(of: (digest.bytes + chosen).span)
        if terms.changeID == nil { terms.changeID = "file-\((chosen.isEmpty ? digest : name).hexadecimal)" }
        let settled = terms
        let (draft, staged) = await run { [self] in
            let importer = Importer(model: model, limits: limits, choices: order.choices)
            let file = SourceFile(name: order.name, contents: order.file)
            let draft = importer.read([file]) { job.isNow(.reading(rowCount: $0)) }
            job.isNow(.checking(rowCount: draft.report.files.reduce(0) { $0 + $1.rowCount }))
            let base = store.current
            let staged = draft.stage(
                settled, fingerprint: fingerprint, on: base, number: base.number + 1, publishedAt: base.publishedAt,
                asOf: order.asOf)
            return (draft, staged)
        }
        if settled.isDryRun { return .report(staged.report, version: store.current) }
        // Checked again against the version that nothing else can come behind.
        return await writer.commit(staged.request) { base, number, publishedAt in
            let staged = draft.stage(
                settled, fingerprint: fingerprint, on: base, number: number, publishedAt: publishedAt, asOf: order.asOf)
            return StagedChanges(report: staged.report, version: staged.version)
        }
    }

    private func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in queue.async { continuation.resume(returning: body()) } }
    }

    // MARK: Telling

    func clerkReport(_ report: ChangeReport) -> [UInt8] { report.clerkCSV(model) }

    /// What tables can be: the types and their fields that files can fill, as a person chooses from them.
    func shapes() -> [UInt8] {
        var json = JSONWriter(capacity: 1 << 15)
        json.beginObject()
        json.list("types") { json in
            for type in model.types {
                json.element { json in
                    json.member("name", type.name)
                    json.member("label", type.label.chinese ?? type.name)
                    json.list("fields") { json in
                        for field in type.fields where field.column != nil {
                            json.element {
                                $0.member("name", field.name)
                                $0.member("label", field.label.chinese ?? field.name)
                            }
                        }
                    }
                }
            }
        }
        json.endObject()
        return json.finish()
    }
}
