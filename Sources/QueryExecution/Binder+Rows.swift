import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

extension Binder {
    /// The row that the arguments of a by-key field name. No such row is an answer, not an error.
    func rowByKey(_ field: RowByKey, _ node: PlanNode) throws(ArgumentProblem) -> BoundField {
        var parts: [KeyPart] = []
        for part in field.parts {
            guard let value = try argument(part.argument, of: node) else {
                throw ArgumentProblem(.badUserInput, "The key needs '\(part.argument)'.", at: part.argument)
            }
            guard let key = try keyPart(value, part.key, part.argument) else { return .row(field.type, nil) }
            parts.append(key)
        }
        return .row(field.type, source.version.row(of: field.type, forKey: Key(parts)))
    }

    /// Nil where the value is of the right type but names nothing.
    private func keyPart(_ value: InputValue, _ part: PlanKeyPart, _ path: String) throws(ArgumentProblem) -> KeyPart? {
        switch part {
        case .value(let kind): return KeyPart(coerced: value, as: kind, in: model.catalog)
        case .reference(_, let inner): return try keyPart(value, inner, path).map { .reference(Key([$0])) }
        case .globalID(let type):
            guard case .string(let text) = value else { return nil }
            guard let id = GlobalID(text, in: model.catalog), id.type == type else {
                throw ArgumentProblem(
                    .badUserInput, "'\(text.prefix(40))' is no id of a \(model.types[type.index].name).", at: path)
            }
            return .reference(id.key)
        }
    }

    // MARK: - Global ids

    /// The row of a global id, or nil where none has it.
    func nodeByID(_ node: PlanNode) throws(ArgumentProblem) -> NamedRow? {
        guard case .string(let text)? = try argument("id", of: node) else {
            throw ArgumentProblem(.badUserInput, "'id' is missing.", at: "id")
        }
        return try namedRow(text, "id")
    }

    /// The rows of several global ids, each at the place of its id.
    func nodesByID(_ node: PlanNode) throws(ArgumentProblem) -> [NamedRow?] {
        guard case .list(let ids)? = try argument("ids", of: node) else {
            throw ArgumentProblem(.badUserInput, "'ids' is missing.", at: "ids")
        }
        guard ids.count <= limits.pageSize else {
            throw ArgumentProblem(
                .badUserInput,
                "At most \(limits.pageSize) ids are looked up at a time, and these are \(ids.count) (limit \(AnswerLimits.pageSizeName)).",
                at: "ids",
                limit: ExceededLimit(name: AnswerLimits.pageSizeName, maximum: limits.pageSize, found: ids.count))
        }
        var rows: [NamedRow?] = []
        for (index, id) in ids.enumerated() {
            guard case .string(let text) = id else { throw ArgumentProblem(.badUserInput, "An id is null.", at: "ids[\(index)]") }
            rows.append(try namedRow(text, "ids[\(index)]"))
        }
        return rows
    }

    /// A text that no server of this kind could have given as an id is an error. One whose row, or whose type, is not there is
    /// not: the row may be gone.
    private func namedRow(_ text: String, _ path: String) throws(ArgumentProblem) -> NamedRow? {
        switch GlobalID.read(text, in: model.catalog) {
        case .id(let id): return source.version.row(of: id.type, forKey: id.key).map { NamedRow(type: id.type, row: $0) }
        case .foreign: return nil
        case .malformed:
            throw ArgumentProblem(
                .badUserInput,
                "'\(text.prefix(40))' is no global id; those are what the field 'id' of a row gives, unchanged.", at: path)
        }
    }
}
