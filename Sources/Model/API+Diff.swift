/// The part of the API that compares two versions. `api.md` §8
extension API {
    static let diffField = APIField(
        name: "diff", description: "What changed from one version to another; every row is found by its key.",
        arguments: [
            APIArgument(name: "from", type: "String!", binding: .plain),
            APIArgument(name: "to", type: "String!", binding: .plain),
        ], type: "VersionDiff!", binding: .diff)

    static func plain(_ name: String, _ type: String, _ description: String? = nil, _ arguments: [APIArgument] = [])
        -> APIField
    {
        APIField(name: name, description: description, arguments: arguments, type: type, binding: .plain)
    }

    static let diffTypes: [APIType] = {
        let ofType = APIArgument(
            name: "type", description: "Only these types, by name.", type: "[String!]", binding: .plain)
        let personal = APIArgument(
            name: "personal",
            description: "Shows what fields hold that tell about a person. Where it is not asked for, only that they differ.",
            type: "Boolean", defaultValue: "false", binding: .plain)
        var diff = APIType(.object, "VersionDiff", "Two versions side by side.", .plain)
        diff.fields = [
            plain("from", "String!"), plain("to", "String!"),
            plain("types", "[TypeDiff!]!", "Counts by type, types that are the same left out.", [ofType, personal]),
            plain(
                "rows", "RowDiffConnection!", "The rows that differ, by type and key.",
                [
                    ofType, APIArgument(name: "change", description: "Only these kinds.", type: "[RowChange!]", binding: .plain),
                    APIArgument(name: "first", type: "Int", binding: .plain),
                    APIArgument(name: "after", type: "String", binding: .plain), personal,
                ]),
        ]
        var type = APIType(.object, "TypeDiff", "How the rows of a type differ.", .plain)
        type.fields = [
            plain("type", "String!"), plain("added", "Int!"), plain("removed", "Int!"), plain("changed", "Int!"),
            plain(
                "transitions", "[EnumTransition!]!",
                "How often a field's value went from one to another, in rows of both versions. Of fields that tell about a person only with `personal`."
            ),
        ]
        var transition = APIType(.object, "EnumTransition", "One cell of the matrix of a field's values.", .plain)
        transition.fields = [
            plain("field", "String!"), plain("from", "String", "Null for no value."), plain("to", "String", "Null for no value."),
            plain("count", "Int!"),
        ]
        var connection = APIType(
            .object, "RowDiffConnection", "A page of rows that differ. `first` is 50 where nothing is said, 1000 at most.", .plain
        )
        connection.fields = [
            plain("nodes", "[RowDiff!]!"), plain("pageInfo", "DiffPageInfo!"), plain("totalCount", "Int!"),
        ]
        var page = APIType(.object, "DiffPageInfo", "Where a page stands in its list.", .plain)
        page.fields = [
            plain("hasNextPage", "Boolean!"), plain("endCursor", "String", "The next page begins `after` it."),
        ]
        var row = APIType(.object, "RowDiff", "A row that differs.", .plain)
        row.fields = [
            plain("id", "ID!", "The row's global id."), plain("type", "String!"),
            plain("key", "String!", "The row's key as one text."),
            plain("change", "RowChange!"),
            plain("fields", "[FieldDiff!]!", "The stored fields that differ, in the model's order."),
        ]
        var field = APIType(.object, "FieldDiff", "A field's value on both sides, as texts.", .plain)
        field.fields = [
            plain("field", "String!"),
            plain("old", "String", "Null for no value, for a row that was added, and where it is hidden."),
            plain("new", "String", "Null for no value, for a row that was removed, and where it is hidden."),
            plain("hidden", "Boolean!", "It tells about a person, and `personal` was not asked for."),
        ]
        var change = APIType(.enumeration, "RowChange", "How a row differs.", .plain)
        change.values = [
            APIEnumValue(name: "ADDED", description: "Only in the later one."),
            APIEnumValue(name: "REMOVED", description: "Only in the earlier one."),
            APIEnumValue(name: "CHANGED", description: "In both."),
        ]
        return [diff, type, transition, connection, page, row, field, change]
    }()
}
