import Synchronization

/// How far the server's life has come. Read with every request, written twice.
final class ServerState: Sendable {
    /// A rule in a box, so that it can be set once without a lock.
    private final class Rule: Sendable {
        let rule: OriginRule
        init(_ rule: OriginRule) { self.rule = rule }
    }

    private let stopping = Atomic(false)
    private let rule = AtomicLazyReference<Rule>()

    /// No longer ready: what comes is still answered, on connections that then end.
    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// Known once the port is.
    var originRule: OriginRule? { rule.load()?.rule }

    func listens(_ rule: OriginRule) { _ = self.rule.storeIfNil(Rule(rule)) }

    /// - Returns: Whether it was not stopping before.
    func stops() -> Bool { !stopping.exchange(true, ordering: .relaxed) }
}
