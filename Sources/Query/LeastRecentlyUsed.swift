import Synchronization

/// A bounded cache that forgets what was not asked for the longest. For any number of threads.
///
/// Entries are linked by position in one array, so a look-up moves an entry to the front without allocating.
final class LeastRecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        var key: Key
        var value: Value
        var newer: Int
        var older: Int
    }

    private struct State: Sendable {
        var places: [Key: Int] = [:]
        var entries: [Entry] = []
        var newest = -1
        var oldest = -1

        mutating func unlink(_ place: Int) {
            let (newer, older) = (entries[place].newer, entries[place].older)
            if newer >= 0 { entries[newer].older = older } else { newest = older }
            if older >= 0 { entries[older].newer = newer } else { oldest = newer }
        }

        mutating func linkFirst(_ place: Int) {
            entries[place].newer = -1
            entries[place].older = newest
            if newest >= 0 { entries[newest].newer = place }
            newest = place
            if oldest < 0 { oldest = place }
        }
    }

    /// At least one.
    let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var count: Int { state.withLock { $0.places.count } }

    /// The value kept for a key, which is now the last to be forgotten; nil where none is.
    subscript(key: Key) -> Value? {
        state.withLock { state in
            guard let place = state.places[key] else { return nil }
            if state.newest != place {
                state.unlink(place)
                state.linkFirst(place)
            }
            return state.entries[place].value
        }
    }

    /// Keeps a value, in place of the one not asked for the longest where there is no room.
    func insert(_ value: Value, for key: Key) {
        // What is forgotten is released outside the lock.
        let forgotten: Value? = state.withLock { state in
            if let place = state.places[key] {
                let old = state.entries[place].value
                state.entries[place].value = value
                return old
            }
            guard state.entries.count >= capacity else {
                state.entries.append(Entry(key: key, value: value, newer: -1, older: -1))
                state.places[key] = state.entries.count - 1
                state.linkFirst(state.entries.count - 1)
                return nil
            }
            let place = state.oldest
            let old = state.entries[place].value
            state.places[state.entries[place].key] = nil
            state.unlink(place)
            state.entries[place].key = key
            state.entries[place].value = value
            state.places[key] = place
            state.linkFirst(place)
            return old
        }
        _ = forgotten
    }
}
