import StoreColumns

/// Goes down an expression that came to nothing, to the values that were not there.
///
/// Only expressions whose rows are all bound are asked.
struct MissingFinder {
    private let explainer: Explainer
    private(set) var found: [MissingValue] = []

    init(_ explainer: Explainer) { self.explainer = explainer }

    private mutating func add(_ reason: MissingValue.Reason, _ holder: NodeRow?, _ position: Int?, _ expression: Expression) {
        let value = MissingValue(reason: reason, holder: holder, position: position, expression: expression)
        if found.count < ExplanationLimits.listed, !found.contains(value) { found.append(value) }
    }

    private var isFull: Bool { found.count >= ExplanationLimits.listed }

    // MARK: - Truth

    /// What is missing for a condition, if it is unknown.
    mutating func addTruth(_ bound: Expression) throws(EvaluationError) {
        guard !isFull, try explainer.truth(bound) == .unknown else { return }
        switch bound {
        case .and(let parts), .or(let parts), .coalesce(let parts): for part in parts { try addTruth(part) }
        case .not(let part): try addTruth(part)
        case .compare(_, let left, let right):
            try addValue(left)
            try addValue(right)
        case .isOneOf(let part, _), .text(_, let part): try addValue(part)
        case .listIncludes(let list, _, _), .listIsEmpty(let list): try addField(list)
        case .contains(let set, let row):
            try addSet(set)
            try addValue(row)
        case .quantified(_, let set, let variable, let body):
            try addSet(set)
            guard !isFull else { return }
            for row in try explainer.rows(set) where !isFull { try addTruth(body.binding(variable, to: row)) }
        case .conditional(let condition, let then, let other):
            switch try explainer.truth(condition) {
            case .unknown: try addTruth(condition)
            case .yes: try addTruth(then)
            case .no: try addTruth(other)
            }
        case .column: try addField(bound)
        case .derived(let row, let id, _):
            guard let number = try explainer.rowNumber(row) else { return try addValue(row) }
            let before = found.count
            if let definition = try explainer.definition(of: id, at: number) { try addTruth(definition.bound) }
            if found.count == before { try addField(bound) }
        default: break
        }
    }

    // MARK: - Values

    /// What is missing for a value, if it is null.
    private mutating func addValue(_ bound: Expression) throws(EvaluationError) {
        guard !isFull else { return }
        if bound.type == .boolean { return try addTruth(bound) }
        if case .enumerationList = bound.type { return try addField(bound) }
        guard try explainer.value(bound) == .null else { return }
        switch bound {
        case .column, .follow: try addField(bound)
        case .derived(let row, let id, _):
            guard let number = try explainer.rowNumber(row) else { return try addValue(row) }
            let before = found.count
            if let definition = try explainer.definition(of: id, at: number) { try addValue(definition.bound) }
            if found.count == before { try addField(bound) }
        case .ratio(let left, let right), .arithmetic(.divide, let left, let right), .arithmetic(.remainder, let left, let right):
            let before = found.count
            try addValue(left)
            try addValue(right)
            if found.count == before { add(.zero, try holder(right), position(right), right) }
        case .arithmetic(_, let left, let right):
            try addValue(left)
            try addValue(right)
        case .coalesce(let parts), .function(_, let parts): for part in parts { try addValue(part) }
        case .conditional(let condition, let then, let other):
            switch try explainer.truth(condition) {
            case .unknown: try addTruth(condition)
            case .yes: try addValue(then)
            case .no: try addValue(other)
            }
        case .extreme(_, let set, _, _), .aggregate(_, let set, _, _):
            let before = found.count
            try addSet(set)
            if found.count == before { add(.rows, try setHolder(set), setPosition(set), set) }
        default: break
        }
    }

    /// A field of a row, or the row that is not there.
    private mutating func addField(_ bound: Expression) throws(EvaluationError) {
        switch bound {
        case .column(let row, _, _), .derived(let row, _, _), .follow(let row, _):
            guard try explainer.rowNumber(row) != nil else { return try addValue(row) }
            add(.field, try holder(bound), position(bound), bound)
        default: break
        }
    }

    /// The row that a set would be of.
    private mutating func addSet(_ set: Expression) throws(EvaluationError) {
        switch set {
        case .rows(let row, _): try addValue(row)
        case .filter(let base, _, _): try addSet(base)
        default: break
        }
    }

    // MARK: - Places

    private func holder(_ bound: Expression) throws(EvaluationError) -> NodeRow? {
        switch bound {
        case .column(let row, _, _), .derived(let row, _, _), .follow(let row, _):
            guard let type = row.type.rowType, let number = try explainer.rowNumber(row) else { return nil }
            return NodeRow(type: type, row: number)
        default: return nil
        }
    }

    private func setHolder(_ set: Expression) throws(EvaluationError) -> NodeRow? {
        switch set {
        case .rows(let row, _):
            guard let type = row.type.rowType, let number = try explainer.rowNumber(row) else { return nil }
            return NodeRow(type: type, row: number)
        case .filter(let base, _, _): return try setHolder(base)
        default: return nil
        }
    }

    /// The place of the last field of a path among its type's.
    private func position(_ bound: Expression) -> Int? { bound.lastFieldPosition(in: explainer.rowTypes) }

    private func setPosition(_ set: Expression) -> Int? {
        if case .filter(let base, _, _) = set { return setPosition(base) }
        return set.lastFieldPosition(in: explainer.rowTypes)
    }
}

extension Expression {
    /// The place of the field that it reads last among those of its row's type, whatever row that is.
    func lastFieldPosition(in rowTypes: RowTypes) -> Int? {
        let row: Expression
        switch self {
        case .column(let of, _, _), .derived(let of, _, _), .follow(let of, _), .rows(let of, _): row = of
        default: return nil
        }
        guard let type = row.type.rowType else { return nil }
        // As if it were read of the row alone: who it is does not matter here.
        let alone = mappingParts { $0 == row ? .variable(0, type) : $0 }
        return alone.fieldPath(in: rowTypes)?.steps.last?.position
    }
}
