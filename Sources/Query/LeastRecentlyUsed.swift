import Synchronization

/// A bounded cache that forgets what was not asked for the longest. For any number of threads.
///
/// Entries are linked by position in one array, so a look-up moves an entry to the front without allocating.
package final class LeastRecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        var key: Key
        /// Nil where the place is free.
        var value: Value?
        var weight: Int
        var newer: Int
        var older: Int
    }

    private struct State: Sendable {
        var places: [Key: Int] = [:]
        var entries: [Entry] = []
        var free: [Int] = []
        var newest = -1
        var oldest = -1
        var weight = 0

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

        /// Takes an entry out, and gives its value back so that it can be released elsewhere.
        mutating func remove(_ place: Int) -> Value? {
            unlink(place)
            places[entries[place].key] = nil
            weight -= entries[place].weight
            free.append(place)
            return entries[place].value.take()
        }
    }

    /// At least one.
    let capacity: Int
    private let weightCapacity: Int
    private let state = Mutex(State())

    /// - Parameter weightCapacity: What the weights of all entries add up to, at most.
    package init(capacity: Int, weightCapacity: Int = .max) {
        self.capacity = max(1, capacity)
        self.weightCapacity = weightCapacity
    }

    package var count: Int { state.withLock { $0.places.count } }

    /// The sum of what is kept.
    package var weight: Int { state.withLock { $0.weight } }

    /// The value kept for a key, which is now the last to be forgotten; nil where none is.
    package subscript(key: Key) -> Value? {
        state.withLock { state in
            guard let place = state.places[key] else { return nil }
            if state.newest != place {
                state.unlink(place)
                state.linkFirst(place)
            }
            return state.entries[place].value
        }
    }

    /// What was asked for last, the newest first.
    ///
    /// - Parameter isWanted: Must be quick: nobody else gets at anything meanwhile.
    package func newest(atMost count: Int, where isWanted: (Value) -> Bool) -> [(key: Key, value: Value)] {
        state.withLock { state in
            var found: [(key: Key, value: Value)] = []
            var place = state.newest
            while place >= 0, found.count < count {
                let entry = state.entries[place]
                if let value = entry.value, isWanted(value) { found.append((entry.key, value)) }
                place = entry.older
            }
            return found
        }
    }

    /// Keeps a value, in place of those not asked for the longest where there is no room. What alone is heavier than all may be
    /// is not kept.
    package func insert(_ value: Value, for key: Key, weight: Int = 0) {
        guard weight <= weightCapacity else { return }
        // What is forgotten is released outside the lock.
        let forgotten: [Value] = state.withLock { state in
            var forgotten: [Value] = []
            if let place = state.places[key], let old = state.remove(place) { forgotten.append(old) }
            while state.places.count >= capacity || state.weight > weightCapacity - weight {
                guard let old = state.remove(state.oldest) else { break }
                forgotten.append(old)
            }
            let entry = Entry(key: key, value: value, weight: weight, newer: -1, older: -1)
            let place: Int
            if let free = state.free.popLast() {
                place = free
                state.entries[place] = entry
            } else {
                place = state.entries.count
                state.entries.append(entry)
            }
            state.places[key] = place
            state.weight += weight
            state.linkFirst(place)
            return forgotten
        }
        _ = forgotten
    }
}
