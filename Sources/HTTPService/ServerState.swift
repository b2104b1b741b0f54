import Synchronization

/// How far the server's life has come.
final class ServerState: Sendable {
    private struct Stage {
        var isStopping = false
        var rule: OriginRule?
    }

    private let stage = Mutex(Stage())

    /// No longer ready: what comes is still answered, on connections that then end.
    var isStopping: Bool { stage.withLock { $0.isStopping } }

    /// Known once the port is.
    var originRule: OriginRule? { stage.withLock { $0.rule } }

    func listens(_ rule: OriginRule) { stage.withLock { $0.rule = rule } }

    /// - Returns: Whether it was not stopping before.
    func stops() -> Bool {
        stage.withLock { stage in
            defer { stage.isStopping = true }
            return !stage.isStopping
        }
    }
}
