import Bytes
import GraphQLSyntax
import QueryExecution
import QueryPlanning
import Synchronization

/// A question that may be asked again of the same version and date with other values: who asked, in which bytes, and its plan.
final class RepeatedQuestion: Sendable {
    private let document: [UInt8]
    private let operationName: String?
    private let role: String
    let operation: PreparedOperation
    let planned: RepeatedPlan
    let stamp = KeptStamp()

    init(_ operation: PreparedOperation, _ planned: RepeatedPlan, operationName: String?, role: String) {
        // Shared with what was parsed.
        document = operation.document.source.bytes
        self.operationName = operationName
        self.role = role
        self.operation = operation
        self.planned = planned
    }

    func isAsked(_ document: [UInt8], _ operationName: String?, _ role: String) -> Bool {
        guard self.operationName == operationName, self.role == role else { return false }
        let own = self.document
        return own.span.isSame(as: document.span)
    }
}

/// The questions that were asked of one version and date and may be asked again. For any number of threads.
///
/// They are few, so that comparing documents byte by byte costs less than the hash of one.
final class RepeatedQuestions: Sendable {
    private static let capacity = 32

    /// Those asked last come last.
    private let questions = Mutex<[RepeatedQuestion]>([])

    var count: Int { questions.withLock { $0.count } }

    subscript(document: [UInt8], operationName: String?, role: String) -> RepeatedQuestion? {
        questions.withLock { questions in
            // What was asked last is asked again, as a rule: looked at before any search, which would count each it looks at.
            if let last = questions.last, last.isAsked(document, operationName, role) { return last }
            guard let place = questions.lastIndex(where: { $0.isAsked(document, operationName, role) }) else { return nil }
            let question = questions.remove(at: place)
            questions.append(question)
            return question
        }
    }

    /// Keeps a question, in place of the one not asked for the longest where there is no room.
    func keep(_ question: RepeatedQuestion, askedBy request: QueryRequest, role: String) {
        // What is forgotten is released outside the lock.
        let forgotten: RepeatedQuestion? = questions.withLock { questions in
            guard !questions.contains(where: { $0.isAsked(request.document, request.operationName, role) }) else { return nil }
            let oldest = questions.count == Self.capacity ? questions.removeFirst() : nil
            questions.append(question)
            return oldest
        }
        _ = forgotten
    }
}
