import StoreColumns
import Synchronization

/// What was done to answer one request, step by step: how it was chosen to go, what was expected, what came, and how long it took.
///
/// Only a request that asks for it carries one; the others pay a look at a nil. The clock is handed in from above. Steps are
/// noted by the request's own thread, those inside others behind them and deeper.
package final class PlanTrace: Sendable {
    /// The way of a step.
    package enum Mode: String, Sendable {
        /// A part of the pipeline, no rows.
        case phase
        /// A key or a unique value names the row.
        case key
        /// An index by value says which rows have it.
        case index
        /// An edge is walked from its far end to the near one.
        case edge
        /// Rows are asked one by one.
        case rows
        /// A whole type is asked at once.
        case set
        /// It was computed before, and kept.
        case kept
        /// A derived field is computed for every row of its type.
        case column
        /// A derived field is computed anew for the rows that a change reached.
        case renewed
        /// Rows are put in order.
        case order
    }

    package struct Step: Sendable {
        package var depth: Int
        package var mode: Mode
        /// What it was done to.
        package var name: String
        /// Rows, from exact counts or from a sample; nil where nothing was expected.
        package var estimatedRows: Int?
        /// Rows that came of it.
        package var actualRows: Int?
        /// Rows looked at, those of the steps inside it too.
        package var visitedRows = 0
        package var nanoseconds: Int64 = 0
    }

    private struct State {
        var steps: [Step] = []
        var depth = 0
    }

    /// More steps are not noted: a list of a thousand rows with a list in each makes many alike.
    package static let stepLimit = 500

    private let clock: @Sendable () -> Int64
    private let state = Mutex(State())

    /// - Parameter clock: Nanoseconds since any moment.
    package init(clock: @escaping @Sendable () -> Int64) { self.clock = clock }

    package var steps: [Step] { state.withLock { $0.steps } }

    /// A step that is under way.
    package struct Open {
        fileprivate var index: Int
        fileprivate var start: Int64
        fileprivate var visited: Int
    }

    package func begin(_ mode: Mode, _ name: String, estimatedRows: Int? = nil, visited: Int = 0) -> Open {
        let index = state.withLock { state in
            defer { state.depth += 1 }
            guard state.steps.count < Self.stepLimit else { return -1 }
            state.steps.append(Step(depth: state.depth, mode: mode, name: name, estimatedRows: estimatedRows))
            return state.steps.count - 1
        }
        return Open(index: index, start: clock(), visited: visited)
    }

    package func end(_ open: Open, mode: Mode? = nil, rows: Int? = nil, visited: Int = 0) {
        let elapsed = clock() - open.start
        state.withLock { state in
            state.depth -= 1
            guard open.index >= 0 else { return }
            state.steps[open.index].nanoseconds = elapsed
            state.steps[open.index].actualRows = rows
            state.steps[open.index].visitedRows = visited - open.visited
            if let mode { state.steps[open.index].mode = mode }
        }
    }

    /// Something that was found on the way and took no time of its own.
    package func note(_ mode: Mode, _ name: String, estimatedRows: Int? = nil, rows: Int? = nil) {
        end(begin(mode, name, estimatedRows: estimatedRows), rows: rows)
    }
}

extension EvaluationContext {
    /// Does something as a step, where steps are noted.
    package func step<Value>(
        _ mode: PlanTrace.Mode, _ name: @autoclosure () -> String, estimatedRows: Int? = nil,
        _ body: () throws(EvaluationError) -> Value, rows: (Value) -> Int?
    ) throws(EvaluationError) -> Value {
        guard let trace else { return try body() }
        let open = trace.begin(mode, name(), estimatedRows: estimatedRows, visited: budget.rowsVisited)
        do throws(EvaluationError) {
            let value = try body()
            trace.end(open, rows: rows(value), visited: budget.rowsVisited)
            return value
        } catch {
            trace.end(open, visited: budget.rowsVisited)
            throw error
        }
    }
}
