import Synchronization

/// Who listens for changes: so many at a time, and of one key fewer.
final class LivePlaces: Sendable {
    private let limit: Int
    private let keyLimit: Int
    /// By the id of the key, empty where there is none.
    private let counts = Mutex<[String: Int]>([:])

    init(limit: Int, keyLimit: Int) {
        self.limit = limit
        self.keyLimit = keyLimit
    }

    var count: Int { counts.withLock { $0.values.reduce(0, +) } }

    /// A place, kept until it is released or forgotten.
    func take(_ key: String?) throws(Refusal) -> Place {
        let refusal: Refusal? = counts.withLock { counts in
            guard counts.values.reduce(0, +) < limit else {
                return .overloaded(name: "max-live-clients", limit: limit, retryAfterSeconds: 5)
            }
            if let key, counts[key, default: 0] >= keyLimit {
                return .rateLimited(name: "max-live-clients-per-key", limit: keyLimit, retryAfterSeconds: 5)
            }
            counts[key ?? "", default: 0] += 1
            return nil
        }
        if let refusal { throw refusal }
        return Place(self, key ?? "")
    }

    private func release(_ key: String) {
        counts.withLock { counts in
            let left = counts[key, default: 1] - 1
            counts[key] = left == 0 ? nil : left
        }
    }

    /// One of them. An answer that nobody ever begins to write gives it back too.
    final class Place: Sendable {
        private let places: LivePlaces
        private let key: String
        private let isHeld = Atomic(true)

        fileprivate init(_ places: LivePlaces, _ key: String) {
            self.places = places
            self.key = key
        }

        func release() {
            if isHeld.exchange(false, ordering: .relaxed) { places.release(key) }
        }

        deinit { release() }
    }
}
