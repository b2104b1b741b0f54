import Expressions
import Settings
import StoreColumns

/// What of each field stands in an archive for a role: the value, what its mask leaves of it, or nothing.
///
/// A field that is computed stands there where it follows from the rest: where everything that it reads does, in full, and no row that
/// it reads may be hidden. Whoever reads the archive computes it anew. The role itself is told figures of all rows.
struct MaskedFields {
    enum Form { case whole, masked, absent }

    private let model: Model
    private let view: RoleView
    private let reads: FieldReads
    /// Types of which rows may be hidden, and those of them that have a condition of their own.
    private let hidden: Set<NodeTypeID>
    private let scoped: Set<NodeTypeID>
    /// Whether the rows that set parameters stand there, so that what reads parameters follows.
    private(set) var holdsParameters = false
    private var forms: [[Form?]]

    /// - Parameter model: The whole one.
    init(_ view: RoleView, of model: Model) {
        self.model = model
        self.view = view
        reads = FieldReads(model)
        scoped = Set(view.role.scopes.compactMap { model.type(named: $0.type.value)?.nodeType })
        hidden = Self.closure(of: scoped, in: model.catalog)
        forms = model.types.map { Array(repeating: nil, count: $0.fields.count) }
        holdsParameters = readsWholeParameters()
        for type in model.types {
            for position in type.fields.indices { _ = form(FieldPlace(type: type.nodeType, position: position)) }
        }
    }

    func form(of position: Int, in type: NodeTypeID) -> Form { forms[type.index][position] ?? .absent }

    /// Whether a stored field of a type that a directive names stands there in full.
    func isWhole(_ position: Int?, in type: NodeTypeID) -> Bool { position.map { form(of: $0, in: type) == .whole } ?? false }

    /// With every type of which a row requires one that may be hidden.
    private static func closure(of scoped: Set<NodeTypeID>, in catalog: Catalog) -> Set<NodeTypeID> {
        var hidden = scoped
        var grows = !hidden.isEmpty
        while grows {
            let more = catalog.nodeTypes.indices.map { NodeTypeID($0) }.filter { type in
                !hidden.contains(type) && required(by: type, in: catalog).contains { hidden.contains($0.target) }
            }
            hidden.formUnion(more)
            grows = !more.isEmpty
        }
        return hidden
    }

    /// The references that every row of a type has.
    private static func required(by type: NodeTypeID, in catalog: Catalog) -> [(column: Int, target: NodeTypeID)] {
        catalog[type].columns.enumerated().compactMap { column, definition in
            guard !definition.isNullable, case .reference(let target) = definition.kind else { return nil }
            return (column, target)
        }
    }

    // MARK: - Fields

    private mutating func form(_ place: FieldPlace) -> Form {
        if let known = forms[place.type.index][place.position] { return known }
        let field = model[place.type].fields[place.position]
        let form: Form =
            switch view.view(of: place.position, in: place.type) {
            case .none, .aggregate: .absent
            case .masked: field.column == nil ? .absent : .masked
            case .full: follows(field.source, of: place.type) ? .whole : .absent
            }
        forms[place.type.index][place.position] = form
        return form
    }

    /// Derived fields never read themselves, and references end in columns, so this comes to an end.
    private mutating func follows(_ source: FieldSource, of type: NodeTypeID) -> Bool {
        switch source {
        case .column, .toOne(.reference, _), .toMany(.list, _): return true
        case .derived(let id, _):
            let expression = model.parametricTypes[id].expression
            guard holdsParameters || !readsParameters(expression), seesAllRows(of: expression) else { return false }
        case .validColumn, .toOne, .toMany: break
        }
        for read in reads.reads(of: source, of: type) where form(read) != .whole { return false }
        return true
    }

    private func readsParameters(_ expression: Expression) -> Bool {
        if case .parameter = expression { return true }
        return expression.parts.contains(where: readsParameters)
    }

    private mutating func readsWholeParameters() -> Bool {
        guard let parameters = model.parameters, view.sees(parameters.type), !hidden.contains(parameters.type) else {
            return false
        }
        let own = [
            parameters.nameColumn, parameters.valueColumn, parameters.variantColumn, parameters.placeColumn,
            parameters.documentColumn, parameters.period?.fromColumn, parameters.period?.toColumn,
        ]
        var columns = own.compactMap { column in column.map { (parameters.type, $0) } }
        if let place = parameters.placeType, let parent = parameters.parentColumn {
            guard view.sees(place), !hidden.contains(place) else { return false }
            columns.append((place, parent))
        }
        return columns.allSatisfy { form(reads.field(ofColumn: $0.1, of: $0.0)) == .whole }
    }

    // MARK: - Rows

    /// Whether no edge that an expression follows loses a row to whoever sees only some.
    private func seesAllRows(of expression: Expression) -> Bool {
        guard !hidden.isEmpty else { return true }
        let isWhole =
            switch expression {
            case .follow(let row, let edge): row.type.rowType.map { keepsRows(edge, of: $0) } ?? false
            case .rows(from: let row, let edge): row.type.rowType.map { keepsRows(edge, of: $0) } ?? false
            default: true
            }
        return isWhole && expression.parts.allSatisfy(seesAllRows)
    }

    private func keepsRows(_ edge: ToOneEdge, of type: NodeTypeID) -> Bool {
        switch edge {
        case .reference(let column, let target): keepsReference(column, of: type, to: target)
        case .valid(let lookup, _): keepsRows(lookup, of: type)
        }
    }

    private func keepsRows(_ edge: ToManyEdge, of type: NodeTypeID) -> Bool {
        switch edge {
        case .list(_, let target): !hidden.contains(target)
        case .inverse(let index, _): keepsInverse(index, of: type)
        case .valid(let lookup, _): keepsRows(lookup, of: type)
        }
    }

    /// A row is seen only where what it must refer to is.
    private func keepsReference(_ column: Int, of type: NodeTypeID, to target: NodeTypeID) -> Bool {
        !hidden.contains(target) || !model.catalog[type].columns[column].isNullable
    }

    private func keepsRows(_ lookup: ValidLookup, of type: NodeTypeID) -> Bool {
        keepsInverse(lookup.inverse, of: type)
            && (lookup.thenReference.map { keepsReference($0, of: lookup.periodType, to: lookup.target) } ?? true)
    }

    /// Whether each referring row is seen if and only if the row is to which it refers.
    private func keepsInverse(_ index: Int, of type: NodeTypeID) -> Bool {
        let inverse = model.catalog[type].inverses[index]
        guard hidden.contains(inverse.source) else { return true }
        guard !scoped.contains(inverse.source) else { return false }
        let demands = Self.required(by: inverse.source, in: model.catalog).filter { hidden.contains($0.target) }
        return demands.count == 1 && demands[0].column == inverse.column
    }
}
