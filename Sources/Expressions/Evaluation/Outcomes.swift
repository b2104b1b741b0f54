import Synchronization

/// What parts that run on several threads came to, each at its place.
final class Outcomes<Value: Sendable>: Sendable {
    private let kept: Mutex<[Result<Value, EvaluationError>?]>

    init(count: Int) { kept = Mutex(Array(repeating: nil, count: count)) }

    func keep(_ outcome: Result<Value, EvaluationError>, of part: Int) { kept.withLock { $0[part] = outcome } }

    /// When all have ended.
    func all() -> [Result<Value, EvaluationError>] {
        kept.withLock { kept in
            let all = kept.compactMap(\.self)
            precondition(all.count == kept.count, "every part has ended")
            return all
        }
    }
}
