import Synchronization

/// How many connections each address has open: one that opens all it can leaves the others some.
final class ConnectionCounts: Sendable {
    private let limit: Int
    /// A proxy's connections are those of everybody behind it.
    private let exempt: String?
    private let counts = Mutex<[String: Int]>([:])

    init(limit: Int, except exempt: String?) {
        self.limit = limit
        self.exempt = exempt?.lowercased()
    }

    /// Counts a connection, which `leave` must uncount, also where it was one too many.
    ///
    /// - Returns: Whether the address may have it.
    func enter(_ address: String) -> Bool {
        counts.withLock { counts in
            counts[address, default: 0] += 1
            return counts[address, default: 0] <= limit || address == exempt
        }
    }

    func leave(_ address: String) {
        counts.withLock { counts in
            let rest = counts[address, default: 0] - 1
            counts[address] = rest > 0 ? rest : nil
        }
    }
}
