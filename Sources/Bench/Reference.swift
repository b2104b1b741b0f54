import Foundation
import HTTPService
import JSONText
import Model
import Query
import Store
import StoreColumns
import StoreSnapshot

/// The reference questions (`Reference/questions`) and a register of the tables that other systems are asked the same of.
///
/// Its model and mapping lie beside them, so that every system reads the same files column by column.
final class Reference {
    struct Question {
        var name: String
        var document: [UInt8]
        /// JSON, one or more, asked in turn.
        var variables: [[UInt8]]

        /// - Parameter suffix: Makes the document one that was never seen before.
        func request(_ turn: Int, suffix: String = "") throws(RequestError) -> QueryRequest {
            try QueryRequest(
                document: suffix.isEmpty ? document : document + suffix.utf8, jsonVariables: variables[turn % variables.count],
                limits: Reference.limits)
        }
    }

    let model: Model
    let version: GraphVersion
    var questions: [Question]
    let threads = ScanThreads(count: ProcessInfo.processInfo.activeProcessorCount - 1)
    /// The quarter of the questions ends on it.
    let asOf = CivilDate(isoText: "2017-06-30") ?? Instant(microseconds: 0).day
    /// Keeps the data folder open.
    private let opened: OpenedStore?

    private init(model: Model, version: GraphVersion, questions: [Question], opened: OpenedStore?) {
        self.model = model
        self.version = version
        self.questions = questions
        self.opened = opened
    }

    /// One question lists every row of a type, page by page no more; all of them look at every row there is.
    static let limits: QueryLimits = {
        var limits = QueryLimits()
        limits.pageSize = 10_000
        limits.rowsVisited = 1_000_000_000
        return limits
    }()

    /// - Parameters:
    ///   - folder: A data folder made under the reference model, or a folder of CSV files; nil: the few rows kept beside the model.
    ///   - parameters: A file of lists of variables by question; nil: the one beside the few rows.
    static func load(root: String, folder: String?, parameters: String?) throws -> Reference {
        let place = root + "/Sources/Bench/Reference"
        let model = try Register.model(in: place + "/model")
        let rows = folder ?? place + "/rows"
        var opened: OpenedStore?
        let version: GraphVersion
        if FileManager.default.fileExists(atPath: rows + "/MANIFEST") {
            var options = StoreOptions(
                storage: ArrowVersions.checkedOnFirstUse { _ in }, outline: model.outline,
                model: try Register.modelText(in: place + "/model"), process: "bench", clock: { Instant(microseconds: 0) })
            options.isReadOnly = true
            let store = try Store.open(rows, options)
            version = store.store.current
            opened = store
        } else {
            version = try Register.load(
                Register.Places(model: place + "/model", rows: rows, mapping: place + "/mapping.yaml"),
                publishedAt: Instant(microseconds: 0), asOf: Instant(microseconds: 0).day
            ).version
        }
        let files = try RegisterFiles.files(in: place + "/questions", extensions: ["graphql"])
        let variables = try Self.variables(in: parameters ?? place + "/rows/parameters.json")
        return Reference(
            model: model, version: version,
            questions: files.sorted { $0.name < $1.name }.map { file in
                let name = String(file.name.dropLast(".graphql".count))
                return Question(name: name, document: file.bytes, variables: variables[name] ?? [Array("{}".utf8)])
            }, opened: opened)
    }

    private static func variables(in path: String) throws -> [String: [[UInt8]]] {
        let value = try JSONSerialization.jsonObject(with: Data(try RegisterFiles.bytes(of: path)))
        guard let lists = value as? [String: [[String: Any]]] else {
            throw Sample.Unusable(description: "\(path) holds no lists of variables by question.")
        }
        return try lists.mapValues { list in
            try list.map { Array(try JSONSerialization.data(withJSONObject: $0)) }
        }
    }

    /// A service that has answered nothing yet.
    func makeService() -> QueryService {
        QueryService(model: model, limits: Self.limits, cursorKey: [UInt8](repeating: 7, count: 32))
    }

    func answer(_ request: QueryRequest, by service: QueryService) throws -> [UInt8] {
        try answer(request, by: service, threads: threads)
    }

    /// - Parameter threads: nil: all of it is done on the calling thread.
    func answer(_ request: QueryRequest, by service: QueryService, threads: ScanThreads?) throws -> [UInt8] {
        let answer = service.answer(
            request, version: version, asOf: asOf, viewer: QueryService.localViewer, budget: service.makeBudget(),
            threads: threads)
        guard answer.outcome == .data else { throw Sample.Unusable(description: String(decoding: answer.body, as: UTF8.self)) }
        return answer.body
    }

    /// A group for each question.
    ///
    /// - Parameter answers: The folder that our answers were written to, for databases to hold theirs against; nil: none is asked.
    func groups(answers: String?) -> [Group] {
        questions.compactMap { question in
            let service = makeService()
            let bytes: [UInt8]
            do {
                bytes = try answer(try question.request(0), by: service)
            } catch {
                // A question that this edition of the language does not know is left out, and said to be.
                FileHandle.standardError.write(Data("bench: \(question.name) is left out: \(error)\n".utf8))
                return nil
            }
            var (turn, serial) = (0, 0)
            return Group(
                name: "questions", title: "\(question.name): \(bytes.count) bytes answered",
                comparison: "in process, to the bytes of the answer; the first row is the question asked again",
                bodies: [
                    Body("asked again: plan and verdicts kept", .things(1, "answers")) {
                        turn += 1
                        return try self.answer(try question.request(turn), by: service).count
                    },
                    Body("a new document: plan made, verdicts kept", .things(1, "answers")) {
                        (turn, serial) = (turn + 1, serial + 1)
                        return try self.answer(try question.request(turn, suffix: "#\(serial)"), by: service).count
                    },
                    Body("nothing kept: plan, verdicts and derived columns made", .things(1, "answers")) {
                        turn += 1
                        return try self.answer(try question.request(turn), by: self.makeService()).count
                    },
                ], peerTasks: answers.map { [PeerTask(question: question.name, answers: $0)] } ?? [], peerKind: .database)
        }
    }

    /// Prints how each question is answered by a service that has answered nothing yet.
    func explain() throws {
        for question in questions {
            var request = try question.request(0)
            // Columns are read from the disk, and their checksums checked, before.
            _ = try answer(request, by: makeService())
            let start = ContinuousClock.now
            request.explainClock = { @Sendable in Int64((ContinuousClock.now - start) / .nanoseconds(1)) }
            let answer = try JSONSerialization.jsonObject(with: Data(try answer(request, by: makeService()))) as? [String: Any]
            let explanation = (answer?["extensions"] as? [String: Any])?["explain"] as? [String: Any]
            print("\n\(question.name)\n\(explanation?["text"] as? String ?? "not explained")")
        }
    }

    /// Writes each question's answers, one a line, for others to compare theirs with.
    func writeAnswers(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let service = makeService()
        for question in questions {
            var lines: [UInt8] = []
            for turn in question.variables.indices {
                guard let bytes = try? answer(try question.request(turn), by: service) else { continue }
                lines += bytes + [0x0A]
            }
            try Data(lines).write(to: URL(filePath: folder + "/\(question.name).jsonl"))
        }
    }
}
