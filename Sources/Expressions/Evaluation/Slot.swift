import Glibc
import Synchronization

/// A value computed by whoever asks first: the lock is held meanwhile, so that others wait for it and do not do it too, at most
/// as long as the first one's budget lasts, or their own. Values that build on each other never form a cycle, so waiting does
/// not either.
final class Slot<Value: Sendable>: Sendable {
    private let value = Mutex<Kept<Value>?>(nil)
    /// How much all requests together have asked one by one.
    let asked = Atomic<Int>(0)

    /// The value, where it is there already; nil too while it is being computed.
    var known: Kept<Value>? { value.withLockIfAvailable { $0 } ?? nil }

    func keep(_ known: Kept<Value>) { value.withLock { $0 = known } }

    /// What a question sleeps that waits for another, before it looks again and whether it is to stop.
    private static var pauseMicroseconds: UInt32 { 500 }

    private static var lookCount: Int { 16 }

    private enum Outcome { case nothing, found(Value), made(Value) }

    /// What is made is given back, and kept where `keep` finds room for it.
    ///
    /// - Parameter budget: Of who asks: it is polled while somebody else computes the value.
    func value(
        _ budget: Budget, keeping keep: (Value) -> Kept<Value>?, _ make: () throws(EvaluationError) -> Value?
    ) throws(EvaluationError) -> (value: Value, wasKnown: Bool)? {
        if budget.isBrief {
            // Others who look at it hold it for a moment.
            for _ in 0..<Self.lookCount { if let known { return (known.value, true) } }
            try budget.beginUncounted()
        }
        while true {
            let outcome = try value.withLockIfAvailable { (kept) throws(EvaluationError) -> Outcome in
                if let kept { return .found(kept.value) }
                guard let made = try make() else { return .nothing }
                kept = keep(made)
                return .made(made)
            }
            switch outcome {
            case .found(let value)?: return (value, true)
            case .made(let value)?: return (value, false)
            case .nothing?: return nil
            case nil:
                try budget.poll()
                usleep(Self.pauseMicroseconds)
            }
        }
    }
}
