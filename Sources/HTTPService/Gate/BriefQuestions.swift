import Expressions
import Query
import Settings
import Synchronization

/// How far questions are tried where their socket is read, before a thread is asked, and what came of it.
///
/// To bring a short question to a thread, and its answer back, takes longer than to answer it. So one that was short of late is tried on
/// the event loop, with an allowance: of rows, of memory, of bytes, and of what is known already. What needs more breaks off and is begun
/// anew on a thread, as if it had not been tried. So nobody else on the loop waits for longer than the allowance lasts, whatever is asked.
final class BriefQuestions: Sendable {
    enum Outcome: Int, CaseIterable {
        case answered
        /// It was begun, and came to its allowance or to something that has to be made.
        case brokenOff
        /// It was not begun: something was not known yet, or it was not short of late.
        case left

        var name: String {
            switch self {
            case .answered: "answered"
            case .brokenOff: "broken_off"
            case .left: "left"
            }
        }
    }

    /// Of a request, which is read there too.
    static let byteLimit = 8 << 10
    /// Of an answer whose persons are told to the audit: each is a digest.
    static let toldRowLimit = 256
    /// Bytes beside the answer, for each row: a row number, twice, and what it is sorted by.
    private static let memoryPerRow = 32

    /// Nil where nothing is tried.
    let allowance: Budget.Allowance?
    private let shortMilliseconds: Double
    private let tally = Mutex([Int](repeating: 0, count: Outcome.allCases.count))

    /// - Parameter limits: At least those of `ServiceLimits`.
    init(limits: LimitValues) {
        let rows = limits["inline-rows"]
        allowance = rows == 0 ? nil : Budget.Allowance(rows: rows, memory: rows * Self.memoryPerRow)
        shortMilliseconds = Double(limits["inline-microseconds"]) / 1_000
    }

    var counts: [(outcome: Outcome, count: Int)] {
        let tally = tally.withLock { $0 }
        return Outcome.allCases.map { ($0, tally[$0.rawValue]) }
    }

    func note(_ outcome: Outcome) { tally.withLock { $0[outcome.rawValue] += 1 } }

    /// Remembers what the next question of the same operation is likely to take.
    func note(_ made: QueryAnswer, _ budget: Budget, milliseconds: Double) {
        guard let allowance, let pace = made.pace else { return }
        if budget.isBrief, budget.isStopped { return pace.brokeOff() }
        pace.ran(
            isShort: made.outcome == .data && budget.rowsVisited <= allowance.rows && milliseconds <= shortMilliseconds)
    }
}
