import Expressions
import StoreColumns

/// The part of the API that changes rows: one mutation, and for every row type T what it takes: TRow, TKey, TChanges.
/// `api.md` §8
extension API {
    func changeTypes() -> [APIType] {
        let named = namedTypes
        let ids = structure.types.indices.map(NodeTypeID.init).filter(named.contains)
        let recordKey = ids.first { structure.fillsKey(of: $0) }.map { [keyInput($0)] } ?? []
        return [mutationType, changesInput, Self.overrideInput] + recordKey
            + ids.flatMap {
                (writes($0) ? [typeChangesInput($0), rowInput($0)] : []) + (structure.fillsKey(of: $0) ? [] : [keyInput($0)])
            }
            + Self.reportTypes
    }

    private var mutationType: APIType {
        var type = APIType(.object, "Mutation", "Changes to the data. Each makes one new version, or none.", .mutation)
        type.fields = [
            APIField(
                name: "applyChanges",
                description:
                    "Applies all of the changes, or none. What is wrong with them stands in the report, not in `errors`.",
                arguments: [
                    APIArgument(name: "changes", type: "ChangesInput!", binding: .plain),
                    APIArgument(
                        name: "dryRun", description: "Checks everything and applies nothing.", type: "Boolean",
                        defaultValue: "false", binding: .plain),
                    APIArgument(
                        name: "expectVersion",
                        description: "The version that the writer has seen; after another one, nothing is applied.",
                        type: "String", binding: .plain),
                    APIArgument(
                        name: "changeId",
                        description: "A name for the changes: given again with the same changes, they are not applied again.",
                        type: "ID", binding: .plain),
                    APIArgument(name: "overrides", type: "[CheckOverride!]", binding: .plain),
                    APIArgument(
                        name: "reason", description: "Why, for those who read the journal.", type: "String", binding: .plain),
                ], type: "ChangeReport!", binding: .applyChanges)
        ]
        return type
    }

    // MARK: - What is given

    private var changesInput: APIType {
        var type = APIType(
            .input,
            "ChangesInput",
            "Changes to rows, by type. `upsert` adds rows, or changes those whose key is known: what is absent stays as it is, "
                + "null clears.", .changes)
        for index in structure.types.indices where writes(NodeTypeID(index)) {
            type.inputFields.append(
                APIInputField(
                    name: plurals[index], type: structure.types[index].name + "Changes", binding: .changedType(NodeTypeID(index)))
            )
        }
        return type
    }

    private func typeChangesInput(_ id: NodeTypeID) -> APIType {
        let name = structure.types[id.index].name
        var type = APIType(.input, name + "Changes", "", .typeChanges(id))
        type.inputFields = [
            APIInputField(
                name: "upsert", type: "[\(name)Row!]",
                binding: .upsert),
            APIInputField(name: "delete", type: "[\(keyName(id))!]", binding: .delete),
        ]
        return type
    }

    private func rowInput(_ id: NodeTypeID) -> APIType {
        let declaration = structure.types[id.index]
        let fillsKey = structure.fillsKey(of: id)
        var type = APIType(
            .input, declaration.name + "Row",
            fillsKey ? "Where the key is absent, it is made of `changeId` and the row's place." : "", .changedRow(id))
        for (position, field) in declaration.fields.enumerated() {
            guard writes(position, of: id), let text = storedType(id, position) else { continue }
            let isNeeded = structure.keys[id.index].contains(position) && !fillsKey
            type.inputFields.append(
                APIInputField(
                    name: field.name, type: isNeeded ? text + "!" : text,
                    binding: .field(id, position)))
        }
        return type
    }

    private func keyInput(_ id: NodeTypeID) -> APIType {
        let declaration = structure.types[id.index]
        var type = APIType(.input, keyName(id), "", .rowKey(id))
        for position in structure.keys[id.index] {
            guard let text = storedType(id, position) else { continue }
            type.inputFields.append(
                APIInputField(name: declaration.fields[position].name, type: text + "!", binding: .field(id, position)))
        }
        return type
    }

    /// The type under which a stored field is given, may it be null; nil for a field that nothing of its own is stored for.
    private func storedType(_ id: NodeTypeID, _ position: Int) -> String? {
        switch structure.sources[id.index][position] {
        case .column(_, .enumerationList(let value))?: "[\(structure.enumerations[value.index].name)!]"
        case .column(_, .enumeration(let value))?: structure.enumerations[value.index].name
        case .column(_, let value)?:
            APIScalar(value, named: structure.types[id.index].fields[position].type.name).rawValue
        case .toOne(.reference(_, let target), _)?: referenceType(target)
        case .toMany(.list(_, let target), _)?: "[\(referenceType(target))!]"
        case .validColumn?, .toOne?, .toMany?, .derived?, nil: nil
        }
    }

    /// A row of a type is named by its key: by the value where the key has one part, else by the key's input.
    private func referenceType(_ target: NodeTypeID) -> String {
        let key = structure.keys[target.index]
        return key.count == 1 ? storedType(target, key[0]) ?? "ID" : keyName(target)
    }

    /// Types whose rows are named by who recorded them share one.
    private func keyName(_ id: NodeTypeID) -> String {
        structure.fillsKey(of: id) ? "RecordKey" : structure.types[id.index].name + "Key"
    }

    private static let overrideInput: APIType = {
        var type = APIType(.input, "CheckOverride", "Lets rows pass that do not keep a SOFT check.", .plain)
        type.inputFields = [
            APIInputField(name: "check", description: "The check's id.", type: "String!", binding: .plain),
            APIInputField(name: "reason", description: "Why they may.", type: "String!", binding: .plain),
        ]
        return type
    }()

    // MARK: - What is answered

    private static let reportTypes: [APIType] = {
        var report = APIType(.object, "ChangeReport", "What became of changes.", .plain)
        report.fields = [
            plain("applied", "Boolean!", "Whether they are in the data: durable, and seen by every later question."),
            plain("dryRun", "Boolean!"),
            plain("repeated", "Boolean!", "Whether these changes were applied before, under the same `changeId`."),
            plain(
                "version", "String!",
                "The version with the changes; the version they were checked against where none are applied."),
            plain("counts", "[ChangeCount!]!", "By type, types without a change left out."),
            plain(
                "problems", "[ChangeProblem!]!",
                "By type and row, at most a thousand: those that stand against the changes before the others."),
            plain("problemCount", "Int!", "How many there are in all."),
        ]
        var count = APIType(.object, "ChangeCount", "How many rows of a type the changes touch.", .plain)
        count.fields = [
            plain("type", "String!"), plain("added", "Int!"), plain("changed", "Int!"),
            plain("unchanged", "Int!", "Given as they were."), plain("deleted", "Int!"),
        ]
        var problem = APIType(.object, "ChangeProblem", "What is wrong with one row, or with the changes as a whole.", .plain)
        problem.fields = [
            plain("code", "ChangeProblemCode!"), plain("severity", "CheckSeverity!"),
            plain("type", "String", "The row's type."),
            plain("list", "ChangeList", "Where the row was given."), plain("row", "Int", "Its place there, from 0."),
            plain("key", "String", "The row's key."), plain("field", "String"),
            plain("check", "String", "The id of a check or guard that the row does not keep."), plain("message", "String!"),
            plain("procedure", "String", "The procedure that the row does not follow."),
            plain("step", "String", "At which step of it."),
            plain("reason", "String", "A word for what is wrong with the step."),
        ]
        var list = APIType(.enumeration, "ChangeList", "Where a row was given.", .plain)
        list.values = [APIEnumValue(name: "UPSERT"), APIEnumValue(name: "DELETE")]
        var severity = APIType(.enumeration, "CheckSeverity", "What a problem does.", .plain)
        severity.values = CheckSeverity.allCases.map { APIEnumValue(name: $0.rawValue, description: $0.explanation) }
        var code = APIType(.enumeration, "ChangeProblemCode", "What is wrong.", .plain)
        code.values = ChangeProblemCode.allCases.filter { $0 != .unreadable }.map {
            APIEnumValue(name: $0.rawValue, description: $0.explanation)
        }
        return [report, count, problem, list, severity, code]
    }()
}

extension Structure {
    /// Whether rows may come without their key, because it only says where they came from: `source` and `recordNumber`.
    /// `design.md` §2
    func fillsKey(of type: NodeTypeID) -> Bool { RecordKey(catalog[type]) != nil }
}

/// The key of a type without a natural one: who made the record, and its number there. `design.md` §2
package struct RecordKey: Sendable, Hashable {
    package var sourceColumn: Int
    package var recordNumberColumn: Int

    /// - Returns: nil for a type that is keyed otherwise.
    package init?(_ type: NodeType) {
        guard type.key.count == 2, type.columns[type.key[0]].name == "source", type.columns[type.key[0]].kind == .string,
            type.columns[type.key[1]].name == "recordNumber", type.columns[type.key[1]].kind == .string
        else { return nil }
        sourceColumn = type.key[0]
        recordNumberColumn = type.key[1]
    }
}
