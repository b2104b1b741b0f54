import Expressions
import GraphQLTypes
import Model
import StoreColumns

extension Model {
    /// The sort keys of an `orderBy` argument. Coercion has seen to it that each object has exactly one entry, not null.
    ///
    /// - Parameters:
    ///   - value: A list of `…OrderBy` objects.
    ///   - type: Of its objects.
    ///   - compiler: For the conditions of figures.
    package func sortKeys(_ value: InputValue, as type: TypeID, by compiler: FilterCompiler) throws(ArgumentProblem) -> [SortKey]
    {
        guard case .list(let items) = value, case .orderBy(let row) = binding[type] else { return [] }
        var keys: [SortKey] = []
        for (index, item) in items.enumerated() {
            keys.append(try sortKey(item, type, of: .variable(0, row), path: "orderBy[\(index)]", by: compiler))
        }
        return keys
    }

    /// Follows to-one edges until it comes to a value.
    private func sortKey(
        _ item: InputValue, _ type: TypeID, of row: Expression, path: String, by compiler: FilterCompiler
    ) throws(ArgumentProblem) -> SortKey {
        var (item, type, row, path) = (item, type, row, path)
        for _ in 0..<compiler.bounds.depth {
            guard case .object(let object) = item, let entry = object.entries.first,
                let position = schema.inputFieldIndex(named: entry.name, of: type),
                case .field(let node, let place) = binding.inputField(position, of: type)
            else { throw ArgumentProblem(.nullOperand, "'\(path)' is null; a sort key is an object with one field.", at: path) }
            path += "." + entry.name
            let source = types[node.index].fields[place].source
            if case .toOne(let edge, _) = source {
                row = .follow(row, edge)
                type = schema.inputType(of: position, in: type)
                item = entry.value
                continue
            }
            if case .toMany(let edge, let target) = source {
                return try figureSortKey(
                    entry.value, schema.inputType(of: position, in: type), of: .rows(from: row, edge), target, path: path,
                    by: compiler)
            }
            guard let value = source.value(of: row), case .enumeration(let name) = entry.value,
                let direction = SortDirection(rawValue: name)
            else { throw ArgumentProblem(.nullOperand, "'\(path)' is null; say how to sort: ASC or DESC.", at: path) }
            return SortKey(value, ascending: direction.isAscending, nullsFirst: direction.putsNullsFirst)
        }
        throw compiler.tooDeep("A sort key follows more than \(compiler.bounds.depth) fields", path)
    }
}
