/// The member names of every object that is open, to find a name given twice. Names count by their bytes: "é" in one and in two
/// code points are two names, where `String` would call them equal.
struct OpenNames: Sendable {
    /// Few names are compared one by one; from this many on, a set (seeded by the process) remembers them.
    private static let setThreshold = 12

    private struct Level: Sendable {
        var firstName: Int
        var set: Set<[UInt8]>?
    }

    private var names: [String] = []
    private var levels: [Level] = []

    mutating func open() { levels.append(Level(firstName: names.count)) }

    mutating func close() {
        guard let level = levels.popLast() else { return }
        names.removeSubrange(level.firstName...)
    }

    /// Adds a name to the innermost object; false where it has that name already.
    mutating func insert(_ name: String) -> Bool {
        let level = levels.count - 1
        let first = levels[level].firstName
        if levels[level].set != nil { return levels[level].set?.insert(Array(name.utf8)).inserted ?? false }
        for index in first..<names.count where names[index].utf8.elementsEqual(name.utf8) { return false }
        names.append(name)
        if names.count - first >= Self.setThreshold { levels[level].set = Set(names[first...].map { Array($0.utf8) }) }
        return true
    }
}
