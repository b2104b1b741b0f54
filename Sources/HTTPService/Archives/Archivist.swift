import Bytes
import Dispatch
import Exchange
import Expressions
import Model
import Query
import StoreColumns
import Synchronization

/// Writes archives for those who ask over HTTP: into one folder, under names of its own, one at a time, on a thread of its own.
package final class Archivist: Sendable {
    /// Archives that are remembered with all that came of them; what is forgotten is told from the folder.
    private static let jobCount = 256

    private let folder: String
    private let modelFiles: [ModelSource]
    /// For whom archives are masked.
    let profiles: ArchiveProfiles?
    private let key: Ed25519PrivateKey?
    private let files: any FileSystem
    private let jobs = LeastRecentlyUsed<String, ArchiveJob>(capacity: jobCount)
    private let running = Mutex<ArchiveJob?>(nil)
    private let isStopped = Atomic(false)
    private let writing = DispatchQueue(label: "hearth.archives", qos: .utility)
    /// Looks into the folder, also while something is written.
    private let looking = DispatchQueue(label: "hearth.archives.look", qos: .utility)

    /// - Parameters:
    ///   - folder: Where archives are made; it must be there.
    ///   - modelFiles: What the model was read from.
    ///   - profiles: For whom archives are masked; nil: everything is written, or nothing.
    ///   - key: Signs them; nil: nobody does.
    package init(
        folder: String, modelFiles: [ModelSource], profiles: ArchiveProfiles? = nil, key: Ed25519PrivateKey? = nil,
        on files: any FileSystem = POSIXFileSystem()
    ) {
        self.folder = folder
        self.profiles = profiles
        self.modelFiles = modelFiles
        self.key = key
        self.files = files
    }

    /// What an archive is called in its folder: the same for the same order, and nothing of it was written by a client but the name of a
    /// question that is there.
    static func name(of order: ArchiveOrder) -> String {
        let number = String(order.version.number)
        var start = String(repeating: "0", count: max(0, 8 - number.utf8.count)) + number + "-\(order.asOf)"
        if let masking = order.masking {
            let seen = ([masking.role, masking.rules] + masking.claims).joined(separator: "\u{0}")
            start += "-\(masking.profile)-\(SHA256Digest(of: Array(seen.utf8).span).hexadecimal.prefix(16))"
        }
        guard let question = order.question else { return start }
        let asked = question.document + [0] + question.variables
        return start + "-\(question.name)-\(SHA256Digest(of: asked.span).hexadecimal.prefix(16))"
    }

    /// Whether a folder may have been made here.
    private static func isName(_ text: String) -> Bool {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        return digits.count >= 8 && text.utf8.dropFirst(digits.count).first == UInt8(ascii: "-")
    }

    // MARK: Making

    /// Begins to make an archive. One that is being made already for the same order is gone on with.
    ///
    /// - Parameter tell: Called once with what came of it, before anybody else is told; an archive that it refuses is taken away.
    /// - Throws: `archiveBusy` while another one is made.
    func begin(
        _ order: ArchiveOrder, _ model: Model, limits: QueryLimits, deadlineMilliseconds: Int64,
        tell: @escaping @Sendable (ArchiveJob.State) async throws(Refusal) -> Void
    ) throws(Refusal) -> (job: ArchiveJob, isNew: Bool) {
        let name = Self.name(of: order)
        let taken: (job: ArchiveJob, isNew: Bool)? = running.withLock { running in
            if let running { return running.name == name ? (running, false) : nil }
            let job = ArchiveJob(name, order)
            running = job
            return (job, true)
        }
        guard let taken else { throw .archiveBusy }
        guard taken.isNew else { return taken }
        let job = taken.job
        let before = jobs[name]
        jobs.insert(job, for: name)
        Task {
            var end = await write(job, model, limits, deadlineMilliseconds)
            do throws(Refusal) {
                try await tell(end)
            } catch {
                if case .written = end { await withdraw(job) }
                end = .ended(.untold(error))
            }
            // What is there was made by another, who knows more of it.
            if case .ended(.refused(.occupied)) = end, let before { jobs.insert(before, for: name) }
            running.withLock { $0 = nil }
            job.isNow(end)
        }
        return taken
    }

    private func write(
        _ job: ArchiveJob, _ model: Model, _ limits: QueryLimits, _ deadlineMilliseconds: Int64
    ) async -> ArchiveJob.State {
        await withCheckedContinuation { continuation in
            writing.async { [self] in continuation.resume(returning: make(job, model, limits, deadlineMilliseconds)) }
        }
    }

    private func make(
        _ job: ArchiveJob, _ model: Model, _ limits: QueryLimits, _ deadlineMilliseconds: Int64
    ) -> ArchiveJob.State {
        let order = job.order
        let watch: @Sendable (Budget) -> Void = { budget in
            DispatchQueue.global(qos: .utility)
                .asyncAfter(deadline: .now() + .milliseconds(Int(deadlineMilliseconds))) { budget.stop(.deadline) }
        }
        do throws(ArchiveError) {
            let audience = try order.masking.flatMap { masking throws(ArchiveError) in try profiles?.audience(masking) }
            var terms =
                try audience?.terms(of: order.version, asOf: order.asOf, newest: order.newest)
                ?? ArchiveTerms(model: model, modelFiles: modelFiles, version: order.version, asOf: order.asOf)
            terms.key = key
            if let question = order.question {
                var archived = ArchivedAnswer(
                    name: question.name, document: question.document, variables: question.variables, asOf: order.asOf, body: [])
                switch try answer(to: archived, order, audience, model, limits, watching: watch) {
                case .failure(let error): return .ended(.unreadable(error))
                case .success(let answer) where answer.outcome != .data: return .ended(.unanswered(answer))
                case .success(let answer): archived.body = answer.body
                }
                terms.answer = archived
                terms.proof = audience?.proof(of: archived, order.version, workers: 1, watching: watch)
            }
            let report = try RegisterArchive.write(terms, to: folder + "/" + job.name, on: files) { done, total in
                job.isNow(.writing(rowCount: done, total: total))
                return isStopped.load(ordering: .relaxed)
            }
            return .written(report)
        } catch {
            return .ended(.refused(error))
        }
    }

    private func answer(
        to question: ArchivedAnswer, _ order: ArchiveOrder, _ audience: ArchiveAudience?, _ model: Model, _ limits: QueryLimits,
        watching watch: (Budget) -> Void
    ) throws(ArchiveError) -> Result<QueryAnswer, RequestError> {
        if let audience {
            return try audience.answer(to: question, of: order.version, newest: order.newest, watching: watch)
        }
        do throws(RequestError) {
            return .success(try question.asked(of: order.version, model, limits: limits, watching: watch))
        } catch {
            return .failure(error)
        }
    }

    /// Takes an archive away that nobody could be told of.
    private func withdraw(_ job: ArchiveJob) async {
        let path = folder + "/" + job.name
        await withCheckedContinuation { continuation in
            writing.async { [files] in
                do throws(FileError) { if try files.exists(path) { try files.removeTree(path) } } catch {
                    // It stays, and is whole.
                }
                continuation.resume()
            }
        }
    }

    // MARK: Telling

    /// What is known of an archive: by what came of it, or by what it says of itself.
    enum Known: Sendable {
        case job(ArchiveJob)
        case bag(name: String, BagInfo)
    }

    /// The archive of a name; nil where there is none.
    func known(_ name: String) async -> Known? {
        if let job = jobs[name] { return .job(job) }
        guard Self.isName(name) else { return nil }
        let path = folder + "/" + name
        return await look { files in Bag.info(of: path, on: files).map { .bag(name: name, $0) } }
    }

    /// The names of all that are there or being made, in the order of their versions.
    func names() async -> [String] {
        let folder = self.folder
        let there = await look { files in
            ((try? files.list(folder)) ?? []).filter { Self.isName($0) && Bag.isBag(folder + "/" + $0, on: files) }
        }
        let made = running.withLock { $0.map { [$0.name] } } ?? []
        return Set(there + made).sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    }

    /// An archive that is there as one file; nil where there is none.
    func tar(_ name: String) async -> (tar: BagTar, version: String)? {
        guard Self.isName(name) else { return nil }
        let path = folder + "/" + name
        return await look { files in
            guard let info = Bag.info(of: path, on: files) else { return nil }
            let published = info[RegisterArchive.Label.publishedAt].flatMap { Instant(isoText: $0) }
            let seconds = (published?.microseconds ?? 0) / 1_000_000
            return (try? BagTar(path, name: name, seconds: Int(seconds), on: files)).map {
                ($0, info[RegisterArchive.Label.version] ?? "")
            }
        }
    }

    /// The next piece of a file, read where waiting harms nobody.
    func piece(of tar: BagTar) async -> (tar: BagTar, piece: Result<[UInt8]?, FileError>) {
        await look { _ in
            var tar = tar
            do throws(FileError) {
                let piece = try tar.next()
                return (tar, .success(piece))
            } catch {
                return (tar, .failure(error))
            }
        }
    }

    private func look<Value: Sendable>(_ body: @escaping @Sendable (any FileSystem) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            looking.async { [files] in continuation.resume(returning: body(files)) }
        }
    }

    // MARK: Ending

    /// Has what is being written end soon.
    package func cancel() { isStopped.store(true, ordering: .relaxed) }

    /// Ends what is being written, and waits for it; nothing of it is left.
    package func stop() {
        cancel()
        writing.sync {}
    }
}
