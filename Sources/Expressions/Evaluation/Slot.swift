import Synchronization

/// A value computed by whoever asks first: the lock is held meanwhile, so that others wait for it and do not do it too, at most
/// as long as the first one's budget lasts. Values that build on each other never form a cycle, so waiting does not either.
final class Slot<Value: Sendable>: Sendable {
    private let value = Mutex<Kept<Value>?>(nil)
    /// How much all requests together have asked one by one.
    let asked = Atomic<Int>(0)

    /// The value, where it is there already; nil too while it is being computed.
    var known: Kept<Value>? { value.withLockIfAvailable { $0 } ?? nil }

    func keep(_ known: Kept<Value>) { value.withLock { $0 = known } }

    /// What is made is given back, and kept where `keep` finds room for it.
    func value(
        keeping keep: (Value) -> Kept<Value>?, _ make: () throws(EvaluationError) -> Value?
    ) throws(EvaluationError) -> (value: Value, wasKnown: Bool)? {
        try value.withLock { (kept) throws(EvaluationError) in
            if let kept { return (kept.value, true) }
            guard let made = try make() else { return nil }
            kept = keep(made)
            return (made, false)
        }
    }
}
