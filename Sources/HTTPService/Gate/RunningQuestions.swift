import Synchronization

/// The questions that are being answered, each with the switch that stops it and the time after which it is thrown.
///
/// Execution has no clock; whoever has one calls `stopOverdue` now and then. That is cheaper than a timer for each question,
/// and late by no more than the time between two calls.
final class RunningQuestions: Sendable {
    /// Why a question is stopped.
    enum Reason: Sendable { case overdue, clientLeft, serverStops }

    typealias Stop = @Sendable (Reason) -> Void

    private struct Entry {
        var deadline: ContinuousClock.Instant
        var stop: Stop
    }

    private struct State {
        var nextNumber: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.entries.count } }

    /// - Returns: The number under which `end` forgets it.
    func begin(deadline: ContinuousClock.Instant, stop: @escaping Stop) -> UInt64 {
        state.withLock { state in
            state.nextNumber += 1
            state.entries[state.nextNumber] = Entry(deadline: deadline, stop: stop)
            return state.nextNumber
        }
    }

    func end(_ number: UInt64) {
        state.withLock { $0.entries[number] = nil }
    }

    func stopOverdue(now: ContinuousClock.Instant) {
        let overdue = state.withLock { state in state.entries.values.filter { $0.deadline <= now } }
        for entry in overdue { entry.stop(.overdue) }
    }

    func stopAll() {
        let all = state.withLock { state in Array(state.entries.values) }
        for entry in all { entry.stop(.serverStops) }
    }
}
