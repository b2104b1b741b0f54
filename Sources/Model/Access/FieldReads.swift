import Expressions
import StoreColumns

/// Which fields of the model an expression reads itself: not those that derived fields among them read.
struct FieldReads {
    private let model: Model
    /// By type and column: the field that is stored there.
    private let stored: [[Int]]

    init(_ model: Model) {
        self.model = model
        stored = model.types.map { type in
            var positions = Array(repeating: 0, count: model.catalog[type.nodeType].columns.count)
            for (position, field) in type.fields.enumerated() { if let column = field.column { positions[column] = position } }
            return positions
        }
    }

    /// The field that a column of a type is.
    func field(ofColumn column: Int, of type: NodeTypeID) -> FieldPlace {
        FieldPlace(type: type, position: stored[type.index][column])
    }

    /// What a field is read from that is not stored for itself: the expression of a derived field, the reference behind an
    /// inverse, the dated rows of a look-up.
    func reads(of source: FieldSource, of type: NodeTypeID) -> Set<FieldPlace> {
        var found: Set<FieldPlace> = []
        switch source {
        case .column: break
        case .derived(let id, _): add(model.parametricTypes[id].expression, to: &found)
        case .validColumn(let lookup, let column, _):
            add(lookup, of: type, to: &found)
            found.insert(field(ofColumn: column, of: lookup.periodType))
        case .toOne(let edge, _): add(edge, of: type, to: &found, isStoredHere: true)
        case .toMany(let edge, _): add(edge, of: type, to: &found, isStoredHere: true)
        }
        return found
    }

    func reads(of expression: Expression) -> Set<FieldPlace> {
        var found: Set<FieldPlace> = []
        add(expression, to: &found)
        return found
    }

    private func add(_ expression: Expression, to found: inout Set<FieldPlace>) {
        switch expression {
        case .follow(let row, let edge): if let type = row.type.rowType { add(edge, of: type, to: &found) }
        case .rows(from: let row, let edge): if let type = row.type.rowType { add(edge, of: type, to: &found) }
        case .column(of: let row, column: let column, _):
            if let type = row.type.rowType { found.insert(field(ofColumn: column, of: type)) }
        case .derived(_, let id, _):
            let derived = model.parametricTypes[id]
            if let position = model[derived.type].fields.firstIndex(where: { $0.name == derived.name }) {
                found.insert(FieldPlace(type: derived.type, position: position))
            }
        default: break
        }
        for part in expression.parts { add(part, to: &found) }
    }

    private func add(_ edge: ToOneEdge, of type: NodeTypeID, to found: inout Set<FieldPlace>, isStoredHere: Bool = false) {
        switch edge {
        case .reference(let column, _): if !isStoredHere { found.insert(field(ofColumn: column, of: type)) }
        case .valid(let lookup, _): add(lookup, of: type, to: &found)
        }
    }

    private func add(_ edge: ToManyEdge, of type: NodeTypeID, to found: inout Set<FieldPlace>, isStoredHere: Bool = false) {
        switch edge {
        case .list(let column, _): if !isStoredHere { found.insert(field(ofColumn: column, of: type)) }
        case .inverse(let index, _): add(inverse: index, of: type, to: &found)
        case .valid(let lookup, _): add(lookup, of: type, to: &found)
        }
    }

    private func add(inverse index: Int, of type: NodeTypeID, to found: inout Set<FieldPlace>) {
        let inverse = model.catalog[type].inverses[index]
        found.insert(field(ofColumn: inverse.column, of: inverse.source))
    }

    private func add(_ lookup: ValidLookup, of type: NodeTypeID, to found: inout Set<FieldPlace>) {
        add(inverse: lookup.inverse, of: type, to: &found)
        for column in [lookup.fromColumn, lookup.toColumn] + [lookup.thenReference].compactMap(\.self) {
            found.insert(field(ofColumn: column, of: lookup.periodType))
        }
    }
}
