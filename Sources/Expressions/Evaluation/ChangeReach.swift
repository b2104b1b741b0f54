import StoreColumns

/// How far the changes between two versions of one line reach: for a derived field, the rows whose value they can have changed.
///
/// Every place that an expression reads (a column, a reference, the set behind an edge) is looked at by itself: the rows at which
/// it holds something else now, walked back along the path on which the expression came there. A value that changed has a first
/// place at which the two computations read something different; the path to it is the same in both versions, so walking back
/// in the new one finds it. A set that changed names its owners of both versions.
struct ChangeReach {
    private let old: GraphVersion
    private let context: EvaluationContext
    private let limit: Int
    private let difference: GraphDifference
    private var known: [DerivedID: [RowNumber]?] = [:]
    /// The sets that the row variables around the current place run over.
    private var sets: [Int: Expression] = [:]
    private var reached: Set<RowNumber> = []

    private var new: GraphVersion { context.version }

    /// - Parameter limit: more rows are not followed: then all are computed anew.
    init(from old: GraphVersion, _ context: EvaluationContext, limit: Int) throws(EvaluationError) {
        self.old = old
        self.context = context
        self.limit = limit
        difference = try GraphDifference(from: old, to: context.version) { (count) throws(EvaluationError) in
            try context.budget.charge(rows: count)
        }
    }

    /// The rows of the field's type, ascending; nil where they are too many or a path cannot be walked back.
    mutating func rows(of id: DerivedID) -> [RowNumber]? {
        if let rows = known[id] { return rows }
        let (outerSets, outerReached) = (sets, reached)
        defer { (sets, reached) = (outerSets, outerReached) }
        let field = context.rowTypes[id]
        sets = [:]
        reached = Set(difference.types[field.type.index].added)
        var rows: [RowNumber]?
        if add(field.expression), reached.count <= limit { rows = reached.sorted() }
        known[id] = .some(rows)
        return rows
    }

    // MARK: What is read

    /// False where it cannot be said how far.
    private mutating func add(_ expression: Expression) -> Bool {
        switch expression {
        case .constant, .asOf, .parameter, .argument, .variable: return true
        case .column(let row, let column, _): return add(row) && affect(changed(column, of: row.type), at: row)
        case .follow(let row, .reference(let column, _)), .rows(let row, .list(let column, _)):
            return add(row) && affect(changed(column, of: row.type), at: row)
        case .rows(let row, .inverse(let index, _)):
            guard add(row), case .row(let type) = row.type else { return false }
            let inverse = context.rowTypes.catalog[type].inverses[index]
            return affect(owners(ofChanged: [inverse.column], of: inverse.source, by: inverse.column), at: row)
        case .follow(let row, .valid(let lookup, _)), .rows(let row, .valid(let lookup, _)):
            guard add(row), case .row(let type) = row.type else { return false }
            let owner = context.rowTypes.catalog[type].inverses[lookup.inverse].column
            let columns = [owner, lookup.fromColumn, lookup.toColumn] + (lookup.thenReference.map { [$0] } ?? [])
            return affect(owners(ofChanged: columns, of: lookup.periodType, by: owner), at: row)
        case .derived(let row, let id, _):
            guard add(row), let rows = rows(of: id) else { return false }
            return affect(rows, at: row)
        case .extreme(_, let set, let variable, let body), .filter(let set, let variable, let body),
            .quantified(_, let set, let variable, let body):
            return add(set) && add(body, of: variable, in: set)
        case .aggregate(_, let set, let variable, let body):
            return add(set) && (body.map { add($0, of: variable, in: set) } ?? true)
        case .and(let operands), .or(let operands), .coalesce(let operands), .function(_, let operands):
            return operands.allSatisfy { add($0) }
        case .not(let operand), .isNull(let operand), .isOneOf(let operand, _), .text(_, let operand), .optional(let operand),
            .listIncludes(let operand, _, _), .listIsEmpty(let operand):
            return add(operand)
        case .compare(_, let left, let right), .arithmetic(_, let left, let right), .ratio(let left, let right),
            .contains(let left, let right):
            return add(left) && add(right)
        case .conditional(let condition, let then, let other): return add(condition) && add(then) && add(other)
        }
    }

    private mutating func add(_ body: Expression, of variable: Int, in set: Expression) -> Bool {
        let outer = sets[variable]
        sets[variable] = set
        defer { sets[variable] = outer }
        return add(body)
    }

    // MARK: What changed

    /// Rows of both versions that hold something else in a column. Rows that are new are reached by the sets they came into.
    private func changed(_ column: Int, of rowType: ExpressionType) -> [RowNumber] {
        guard case .row(let type) = rowType, new[type].columnVersion(column) > old.number else { return [] }
        return difference.types[type.index].changed.filter { difference.differs(column, of: type, $0) }.map(\.new)
    }

    /// The rows that rows of a type belong to or belonged to, where those came, went, or hold something else in one of some columns.
    private func owners(ofChanged columns: [Int], of type: NodeTypeID, by owner: Int) -> [RowNumber] {
        guard columns.contains(where: { new[type].columnVersion($0) > old.number }) else { return [] }
        let rows = difference.types[type.index]
        var owners: [RowNumber] = []
        for row in rows.added { Self.append(new[type].column(owner), of: row, to: &owners) }
        for row in rows.removed { Self.append(old[type].column(owner), of: row, to: &owners) }
        for pair in rows.changed where columns.contains(where: { difference.differs($0, of: type, pair) }) {
            Self.append(old[type].column(owner), of: pair.old, to: &owners)
            Self.append(new[type].column(owner), of: pair.new, to: &owners)
        }
        owners.sortUnlessSorted()
        return owners
    }

    private static func append(_ column: Column, of row: RowNumber, to owners: inout [RowNumber]) {
        switch column {
        case .reference(let column): if let owner = column[Int(row)] { owners.append(owner) }
        case .referenceList(let column):
            guard !column.isNull(at: Int(row)) else { return }
            let list = column.list(at: Int(row))
            for index in list.indices { owners.append(list[index]) }
        default: break
        }
    }

    // MARK: Back to the row that is computed

    private mutating func affect(_ rows: [RowNumber], at place: Expression) -> Bool {
        guard !rows.isEmpty else { return true }
        let finder = CandidateFinder(context, limit: limit)
        guard var variable = place.rootVariable, var found = finder.back(from: rows, through: place, variable: variable) else {
            return false
        }
        while variable != 0 {
            guard let set = sets[variable], let outer = set.rootVariable,
                let owners = finder.sources(of: found, through: set, variable: outer)
            else { return false }
            (variable, found) = (outer, owners)
        }
        reached.formUnion(found)
        return reached.count <= limit
    }
}

extension Expression {
    /// The row variable that a row or a set of rows is reached from; nil where there are several or none.
    fileprivate var rootVariable: Int? {
        switch self {
        case .variable(let index, _): index
        case .follow(let row, _), .rows(let row, _), .optional(let row), .filter(let row, _, _): row.rootVariable
        default: nil
        }
    }
}
