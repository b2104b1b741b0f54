import Model
import StoreColumns
import Synchronization

/// The rows that differ between two versions, of each type in the order of their keys. A type is put in order when somebody
/// first asks for its rows.
final class DiffRows: Sendable {
    enum Change: String, CaseIterable { case changed = "CHANGED", removed = "REMOVED", added = "ADDED" }

    /// A row by its number in the version, or the versions, that have it.
    struct Row: Sendable {
        var old: RowNumber?
        var new: RowNumber?

        var change: Change { old == nil ? .added : new == nil ? .removed : .changed }
    }

    private let difference: GraphDifference
    /// By type.
    private let ordered: Mutex<[Int: [Row]]>

    init(_ difference: GraphDifference) {
        self.difference = difference
        ordered = Mutex([:])
    }

    func count(_ change: Change, of type: NodeTypeID) -> Int {
        let found = difference.types[type.index]
        return switch change {
        case .added: found.added.count
        case .removed: found.removed.count
        case .changed: found.changed.count
        }
    }

    /// The rows of a type that differ in one of some ways. The first time, cost as of sorting all of the type's.
    func rows(of type: NodeTypeID, _ changes: Set<Change>) -> [Row] {
        let all = rows(of: type)
        return changes.count == Change.allCases.count ? all : all.filter { changes.contains($0.change) }
    }

    private func rows(of type: NodeTypeID) -> [Row] {
        if let known = ordered.withLock({ $0[type.index] }) { return known }
        let found = difference.types[type.index]
        let rows =
            found.changed.map { Row(old: $0.old, new: $0.new) } + found.removed.map { Row(old: $0, new: nil) }
            + found.added.map { Row(old: nil, new: $0) }
        let sorted = rows.map { ($0, key(of: $0, type)) }.sorted { Self.precedes($0.1, $1.1) }.map(\.0)
        ordered.withLock { $0[type.index] = sorted }
        return sorted
    }

    func key(of row: Row, _ type: NodeTypeID) -> Key {
        if let new = row.new { return difference.new.key(of: new, type: type) }
        return row.old.map { difference.old.key(of: $0, type: type) } ?? Key([])
    }

    // MARK: - Order

    /// Part by part: numbers and dates by size, texts byte by byte, enum values as they are declared, references by the keys
    /// they name.
    static func precedes(_ left: Key, _ right: Key) -> Bool { order(left, right) < 0 }

    private static func order(_ left: Key, _ right: Key) -> Int {
        for (left, right) in zip(left.parts, right.parts) {
            let order = order(left, right)
            if order != 0 { return order }
        }
        return left.parts.count - right.parts.count
    }

    private static func order(_ left: KeyPart, _ right: KeyPart) -> Int {
        switch (left, right) {
        case (.int(let left), .int(let right)), (.date(let left), .date(let right)): order(left, right)
        case (.decimal(let left), .decimal(let right)), (.dateTime(let left), .dateTime(let right)): order(left, right)
        case (.enumeration(let left), .enumeration(let right)): order(left, right)
        case (.boolean(let left), .boolean(let right)): order(left ? 1 : 0, right ? 1 : 0)
        case (.string(let left), .string(let right)):
            left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : left.utf8.elementsEqual(right.utf8) ? 0 : 1
        case (.reference(let left), .reference(let right)): order(left, right)
        // Parts of one place in keys of one type are of one kind.
        case (.int, _), (.decimal, _), (.date, _), (.dateTime, _), (.enumeration, _), (.boolean, _), (.string, _),
            (.reference, _):
            0
        }
    }

    private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
        left < right ? -1 : left == right ? 0 : 1
    }
}
