import Expressions
import StoreColumns

/// Compiles the derived fields of a sound structure.
///
/// A derived field may read others; they are numbered so that each reads only those with smaller numbers. Since a name
/// means the same whatever its number, everything is compiled twice: once to learn what reads what, once with the
/// numbers settled.
struct DerivedFields {
    /// A derived field in the order of the files.
    private struct Declared {
        var type: Int
        var field: Int
        var resultType: ExpressionType
        var text: Placed<ExpressionText>
    }

    private let structure: Structure
    private let declared: [Declared]
    private(set) var problems = ProblemList()

    init(_ structure: Structure) {
        self.structure = structure
        var declared: [Declared] = []
        for (type, declaration) in structure.types.enumerated() {
            for (field, fieldDeclaration) in declaration.fields.enumerated() {
                guard let text = fieldDeclaration.derived, case .derived(_, let resultType)? = structure.sources[type][field]
                else { continue }
                declared.append(Declared(type: type, field: field, resultType: resultType, text: text))
            }
        }
        self.declared = declared
    }

    /// - Returns: nil if an expression does not compile, or if derived fields read each other in a circle; `problems` says which.
    mutating func compile() -> RowTypes? {
        let order = Array(declared.indices)
        guard let drafts = expressions(in: rowTypes(order: order, expressions: nil)) else { return nil }
        let reads = drafts.map { $0.derivedFields.map(\.index) }
        let circles = cycles(count: declared.count) { reads[$0] }
        guard circles.isEmpty else {
            for circle in circles { reportCircle(circle) }
            return nil
        }
        let sorted = dependenciesFirst(reads)
        guard let expressions = expressions(in: rowTypes(order: sorted, expressions: nil)) else { return nil }
        return rowTypes(order: sorted, expressions: expressions)
    }

    /// Compiles every declared field against row types; all problems are reported.
    private mutating func expressions(in rowTypes: RowTypes) -> [Expression]? {
        var expressions: [Expression] = []
        for field in declared {
            do throws(CELError) {
                expressions.append(
                    try parseCEL(
                        field.text.value.text, on: NodeTypeID(field.type), in: rowTypes, expecting: field.resultType))
            } catch {
                let source = field.text.place.source
                let location = field.text.value.location(line: error.line, column: error.column, in: source)
                problems.report(
                    .expression, "\(name(of: field)) is derived, but its expression is not understood: \(error.message)",
                    in: source, at: location)
            }
        }
        return expressions.count == declared.count ? expressions : nil
    }

    /// Row types in which the derived fields are numbered in an order of `declared`.
    private func rowTypes(order: [Int], expressions: [Expression]?) -> RowTypes {
        var numbers = Array(repeating: 0, count: declared.count)
        for (number, index) in order.enumerated() { numbers[index] = number }
        var sources = structure.sources
        for (index, field) in declared.enumerated() {
            sources[field.type][field.field] = .derived(DerivedID(numbers[index]), field.resultType)
        }
        let types = structure.types.indices.map { type -> RowType in
            var row = RowType(
                id: NodeTypeID(type), name: structure.types[type].name,
                fields: structure.types[type].fields.indices.map { field in
                    guard let source = sources[type][field] else { preconditionFailure("A sound structure knows every source.") }
                    return RowField(name: structure.types[type].fields[field].name, source: source)
                })
            row.tree = structure.trees[type].map { tree in
                RowTree(parentColumn: tree.parentColumn, levelCount: structure.catalog[tree.levels].values.count)
            }
            return row
        }
        let derived = order.map { index in
            let field = declared[index]
            return DerivedField(
                name: structure.types[field.type].fields[field.field].name, type: NodeTypeID(field.type),
                resultType: field.resultType, text: field.text.value.text,
                expression: expressions?[index] ?? .constant(.null, field.resultType))
        }
        return RowTypes(
            catalog: structure.catalog, types: types, derived: derived,
            parameters: structure.parameters?.table ?? ParameterTable())
    }

    /// The fields in an order in which each comes after what it reads, as near to the files' order as that allows.
    private func dependenciesFirst(_ reads: [[Int]]) -> [Int] {
        var order: [Int] = []
        var isDone = Array(repeating: false, count: reads.count)
        func add(_ index: Int) {
            guard !isDone[index] else { return }
            isDone[index] = true
            for read in reads[index] { add(read) }
            order.append(index)
        }
        for index in reads.indices { add(index) }
        return order
    }

    private mutating func reportCircle(_ circle: [Int]) {
        let path = (circle + circle.prefix(1)).map { name(of: declared[$0]) }.joined(separator: " → ")
        problems.report(
            .cycle,
            circle.count == 1 ? "\(path): a derived field reads itself." : "\(path): derived fields read each other in a circle.",
            at: declared[circle[0]].text.place)
    }

    private func name(of field: Declared) -> String {
        let type = structure.types[field.type]
        return "\(type.name).\(type.fields[field.field].name)"
    }
}

extension Expression {
    /// The derived fields it reads itself, each once, in reading order.
    fileprivate var derivedFields: [DerivedID] {
        var found: [DerivedID] = []
        var pending: [Expression] = [self]
        while let expression = pending.popLast() {
            if case .derived(_, let id, _) = expression, !found.contains(id) { found.append(id) }
            pending += expression.children.reversed()
        }
        return found
    }

    private var children: [Expression] {
        switch self {
        case .constant, .asOf, .parameter, .argument, .variable: []
        case .follow(let row, _): [row]
        case .extreme(_, of: let set, variable: _, by: let value): [set, value]
        case .rows(from: let row, _): [row]
        case .filter(let set, variable: _, where: let condition): [set, condition]
        case .column(of: let row, column: _, _): [row]
        case .derived(of: let row, _, _): [row]
        case .and(let parts), .or(let parts), .coalesce(let parts), .function(_, let parts): parts
        case .not(let part), .isNull(let part), .isOneOf(let part, _), .text(_, let part), .optional(let part): [part]
        case .listIncludes(let part, all: _, _), .listIsEmpty(let part): [part]
        case .compare(_, let left, let right), .arithmetic(_, let left, let right), .ratio(let left, let right): [left, right]
        case .quantified(_, over: let set, variable: _, let condition): [set, condition]
        case .contains(let set, row: let row): [set, row]
        case .conditional(let condition, then: let yes, else: let no): [condition, yes, no]
        case .aggregate(_, over: let set, variable: _, of: let value): [set] + (value.map { [$0] } ?? [])
        }
    }
}
