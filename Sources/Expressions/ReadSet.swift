import StoreColumns

/// What of a version an expression can read, whether the as-of date, and which parameters: an answer changes only if one of these does.
package struct ReadSet: Sendable, Hashable {
    /// A column, or an inverse, of a type.
    package struct Place: Sendable, Hashable {
        package var type: NodeTypeID
        package var index: Int
        package init(type: NodeTypeID, index: Int) {
            self.type = type
            self.index = index
        }
    }
    package private(set) var columns: Set<Place> = []
    package private(set) var inverses: Set<Place> = []
    package private(set) var readsAsOf = false
    package private(set) var parameters: Set<ParameterID> = []
    private var derived: Set<DerivedID> = []

    package init() {}

    package init(_ expression: Expression, in rowTypes: RowTypes) {
        add(expression, in: rowTypes)
    }

    /// Which rows a type has: its key columns, which every new row brings.
    package mutating func addRows(of type: NodeTypeID, in catalog: Catalog) {
        for column in catalog[type].key { columns.insert(Place(type: type, index: column)) }
    }

    package mutating func addColumn(_ column: Int, of type: NodeTypeID) { columns.insert(Place(type: type, index: column)) }

    package mutating func addInverse(_ inverse: Int, of type: NodeTypeID) { inverses.insert(Place(type: type, index: inverse)) }

    /// The number of the newest version that changed any of it.
    package func newestVersion(in version: GraphVersion) -> UInt64 {
        var newest: UInt64 = 0
        for place in columns { newest = max(newest, version[place.type].columnVersion(place.index)) }
        for place in inverses { newest = max(newest, version[place.type].inverseVersion(place.index)) }
        return newest
    }

    package mutating func add(_ expression: Expression, in rowTypes: RowTypes) {
        switch expression {
        case .constant, .argument: break
        case .asOf: readsAsOf = true
        case .parameter(let id, _): parameters.insert(id)
        case .variable(_, let type): addRows(of: type, in: rowTypes.catalog)
        case .follow(let row, let edge):
            add(row, in: rowTypes)
            guard case .row(let type) = row.type else { return }
            switch edge {
            case .reference(let column, _): addColumn(column, of: type)
            case .valid(let lookup, let date): add(lookup, of: type, date)
            }
        case .rows(let row, let edge):
            add(row, in: rowTypes)
            guard case .row(let type) = row.type else { return }
            switch edge {
            case .inverse(let index, _): addInverse(index, of: type)
            case .list(let column, _): addColumn(column, of: type)
            case .valid(let lookup, let date): add(lookup, of: type, date)
            }
        case .column(let row, let column, _):
            add(row, in: rowTypes)
            if case .row(let type) = row.type { addColumn(column, of: type) }
        case .derived(let row, let id, _):
            add(row, in: rowTypes)
            if derived.insert(id).inserted { add(rowTypes[id].expression, in: rowTypes) }
        case .extreme(_, let set, _, let body), .filter(let set, _, let body), .quantified(_, let set, _, let body):
            add(set, in: rowTypes)
            add(body, in: rowTypes)
        case .aggregate(_, let set, _, let body):
            add(set, in: rowTypes)
            if let body { add(body, in: rowTypes) }
        case .and(let operands), .or(let operands), .coalesce(let operands), .function(_, let operands):
            for operand in operands { add(operand, in: rowTypes) }
        case .not(let operand), .isNull(let operand), .isOneOf(let operand, _), .text(_, let operand), .optional(let operand),
            .listIncludes(let operand, _, _), .listIsEmpty(let operand):
            add(operand, in: rowTypes)
        case .compare(_, let left, let right), .arithmetic(_, let left, let right), .ratio(let left, let right),
            .contains(let left, let right):
            add(left, in: rowTypes)
            add(right, in: rowTypes)
        case .conditional(let condition, let then, let other):
            add(condition, in: rowTypes)
            add(then, in: rowTypes)
            add(other, in: rowTypes)
        }
    }

    private mutating func add(_ lookup: ValidLookup, of type: NodeTypeID, _ date: CivilDate?) {
        addInverse(lookup.inverse, of: type)
        addColumn(lookup.fromColumn, of: lookup.periodType)
        addColumn(lookup.toColumn, of: lookup.periodType)
        if let column = lookup.thenReference { addColumn(column, of: lookup.periodType) }
        if date == nil { readsAsOf = true }
    }
}

extension RowTypes {
    /// Derived fields that are computed from each other in a circle, in order; nil where none are. A model must have none.
    package func derivedCycle() -> [DerivedID]? {
        var done: Set<DerivedID> = []
        var path: [DerivedID] = []
        func visit(_ id: DerivedID) -> [DerivedID]? {
            if done.contains(id) { return nil }
            if let start = path.firstIndex(of: id) { return Array(path[start...]) }
            path.append(id)
            for next in self[id].expression.derivedFields {
                if let cycle = visit(next) { return cycle }
            }
            path.removeLast()
            done.insert(id)
            return nil
        }
        for index in derived.indices {
            if let cycle = visit(DerivedID(index)) { return cycle }
        }
        return nil
    }
}

extension Expression {
    /// The derived fields that it reads itself, in order of appearance.
    package var derivedFields: [DerivedID] {
        switch self {
        case .constant, .asOf, .parameter, .argument, .variable: []
        case .derived(let row, let id, _): row.derivedFields + [id]
        case .follow(let row, _), .rows(let row, _), .column(let row, _, _), .optional(let row), .not(let row), .isNull(let row),
            .isOneOf(let row, _), .text(_, let row), .listIncludes(let row, _, _), .listIsEmpty(let row):
            row.derivedFields
        case .extreme(_, let set, _, let body), .filter(let set, _, let body), .quantified(_, let set, _, let body):
            set.derivedFields + body.derivedFields
        case .aggregate(_, let set, _, let body): set.derivedFields + (body?.derivedFields ?? [])
        case .and(let operands), .or(let operands), .coalesce(let operands), .function(_, let operands):
            operands.flatMap(\.derivedFields)
        case .compare(_, let left, let right), .arithmetic(_, let left, let right), .ratio(let left, let right),
            .contains(let left, let right):
            left.derivedFields + right.derivedFields
        case .conditional(let condition, let then, let other):
            condition.derivedFields + then.derivedFields + other.derivedFields
        }
    }
}
