import Expressions
import StoreColumns

/// The same register as dictionaries of cells, changed and asked in the plainest way: the reference for the real one.
struct NaiveGraph {
    /// By type, then by business key.
    var rows: [[Key: [Cell]]] = Fixture.catalog.nodeTypes.map { _ in [:] }

    mutating func apply(_ changes: ChangeSet) {
        for change in changes.types {
            let type = Fixture.catalog[change.type]
            for row in 0..<change.rowCount {
                var given = Array(repeating: Cell.absent, count: type.columns.count)
                for (position, column) in change.columns.enumerated() {
                    given[column] = change.cells[row * change.columns.count + position]
                }
                let key = Key(type.key.map { part(given[$0]) })
                var cells = rows[change.type.index][key] ?? Array(repeating: .null, count: type.columns.count)
                for column in given.indices where given[column] != .absent { cells[column] = given[column] }
                rows[change.type.index][key] = cells
            }
            for key in change.deletedKeys { rows[change.type.index][key] = nil }
        }
    }

    func part(_ cell: Cell) -> KeyPart {
        switch cell {
        case .int(let value): .int(value)
        case .string(let value): .string(value)
        case .date(let value): .date(value)
        case .reference(let key): .reference(key)
        default: preconditionFailure("no key of the fixture has such a part")
        }
    }

    func keys(_ type: NodeTypeID) -> [Key] { rows[type.index].keys.sorted(by: precedes) }

    func precedes(_ left: Key, _ right: Key) -> Bool { order(left, right) < 0 }

    func order(_ left: Key, _ right: Key) -> Int {
        for (a, b) in zip(left.parts, right.parts) {
            let order: Int
            switch (a, b) {
            case (.int(let a), .int(let b)), (.date(let a), .date(let b)): order = a < b ? -1 : a > b ? 1 : 0
            case (.string(let a), .string(let b)):
                order = a == b ? 0 : Array(a.utf8).lexicographicallyPrecedes(Array(b.utf8)) ? -1 : 1
            case (.reference(let a), .reference(let b)): order = self.order(a, b)
            default: order = 0
            }
            if order != 0 { return order }
        }
        return 0
    }
}

/// A value of the naive evaluator; numbers are fractions.
enum NaiveValue: Hashable {
    case null
    case truth(Bool)
    case number(Int128, Int128)
    case float(Double)
    case date(Int)
    case instant(Int64)
    case text(String)
    case code(Int)
    case codes([Int])
    case row(NodeTypeID, Key)
    case rows(NodeTypeID, [Key])

    static func int(_ value: Int) -> NaiveValue { .number(Int128(value), 1) }
}

/// What ends a naive evaluation: a number past 64 bits, or a date past the calendar.
struct NaiveOverflow: Error {}
