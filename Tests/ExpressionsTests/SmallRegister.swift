import Expressions
import StoreColumns

/// A register written out by hand: rows as the cells that are given, by column name.
struct SmallRegister {
    private var changes: [NodeTypeID: [[String: Cell]]] = [:]

    mutating func add(_ type: NodeTypeID, _ cells: [String: Cell]) { changes[type, default: []].append(cells) }

    func version() throws -> GraphVersion {
        let types = changes.sorted { $0.key < $1.key }.map { type, rows in
            let columns = Fixture.catalog[type].columns
            var change = TypeChanges(type: type, columns: Array(columns.indices))
            for row in rows { change.cells += columns.map { row[$0.name] ?? .null } }
            return change
        }
        return try GraphVersion.empty(catalog: Fixture.catalog)
            .applying(ChangeSet(types: types), number: 1, publishedAt: Instant(microseconds: 0))
    }

    static func text(_ key: String) -> Cell { .reference(Key([.string(key)])) }
    static func number(_ key: Int32) -> Cell { .reference(Key([.int(key)])) }
}

/// Asks CEL texts of rows, in all modes.
struct Asker {
    let version: GraphVersion
    var asOf = Fixture.date(2016, 11, 15)

    func context(_ mode: Materialisation = .adaptive, _ budget: Budget = Budget()) -> EvaluationContext {
        EvaluationContext(
            version: version, rowTypes: Fixture.rowTypes, asOf: asOf, budget: budget, derived: DerivedColumns(Fixture.rowTypes),
            materialisation: mode)
    }

    func value(_ text: String, on type: NodeTypeID, key: Key, _ mode: Materialisation = .never) throws -> Scalar {
        let expression = try parseCEL(text, on: type, in: Fixture.rowTypes, expecting: nil)
        guard let row = version.row(of: type, forKey: key) else { return .string("no such row") }
        return try CompiledExpression(expression, on: type, context(mode)).value(of: row)
    }

    /// The verdict of one row, row by row and as part of the whole type: which must be one.
    func truth(_ text: String, on type: NodeTypeID, key: Key) throws -> Truth {
        let expression = try parseCEL(text, on: type, in: Fixture.rowTypes, expecting: .boolean)
        guard let row = version.row(of: type, forKey: key) else { throw NoSuchRow() }
        let truth = try CompiledPredicate(expression, on: type, context(.never)).truth(of: row)
        let isIn = try CompiledPredicate(expression, on: type, context(.always)).rows().array().contains(row)
        let isUnknown = try CompiledPredicate(.isNull(expression), on: type, context(.always)).rows().array().contains(row)
        guard isIn == (truth == .yes), isUnknown == (truth == .unknown) else { throw ModesDiffer() }
        return truth
    }

    struct NoSuchRow: Error {}
    struct ModesDiffer: Error {}
}
