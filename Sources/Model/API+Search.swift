import StoreColumns

/// Fields of the root that give rows of several types: by global ids, and by a text.
extension API {
    static let nodesField = APIField(
        name: "nodes",
        description: "Several rows by their global ids: one place for each id, in their order, null where no row has it.",
        arguments: [APIArgument(name: "ids", description: "As many as a page has rows at most.", type: "[ID!]!", binding: .ids)],
        type: "[Node]!", binding: .nodesByID)

    /// The types that have a text to be found by, in the model's order.
    var searchedTypes: [NodeTypeID] {
        seenTypes.filter { type in
            structure.types[type.index].fields.enumerated().contains { $0.element.search != nil && asks(by: $0.offset, of: type) }
        }
    }

    /// `search`; nil where nothing is to be found.
    var searchField: APIField? {
        guard !searchedTypes.isEmpty else { return nil }
        return APIField(
            name: "search",
            description: "Rows that have the text in one of their names or numbers, whatever its case: those whose key it is "
                + "first, then those that begin with it, then the others; within these by type, then by key.",
            arguments: [
                APIArgument(name: "text", description: "1 to 200 characters, not all blank.", type: "String!", binding: .text),
                APIArgument(
                    name: "types", description: "Only rows of these; all where absent.", type: "[SearchType!]", binding: .types),
                APIArgument(name: "first", type: "Int", binding: .first),
                APIArgument(name: "after", type: "String", binding: .after),
                APIArgument(name: "last", type: "Int", binding: .last),
                APIArgument(name: "before", type: "String", binding: .before),
            ], type: "SearchResultConnection!", binding: .search)
    }

    /// What `search` needs; nothing where there is none.
    var searchTypes: [APIType] {
        guard !searchedTypes.isEmpty else { return [] }
        let names = searchedTypes.map { structure.types[$0.index].name }
        var result = APIType(.union, "SearchResult", "A row of any type that has a text to be found by.", .searchResult)
        result.members = names
        var type = APIType(.enumeration, "SearchType", "A type that can be searched, by its name.", .searchType)
        type.values = names.map { APIEnumValue(name: $0) }
        var connection = APIType(.object, "SearchResultConnection", "A page of what was found.", .searchConnection)
        connection.fields = [
            APIField(name: "nodes", description: "The rows of the page.", type: "[SearchResult!]!", binding: .nodes),
            APIField(name: "edges", description: "The rows with their cursors.", type: "[SearchResultEdge!]!", binding: .edges),
            APIField(name: "pageInfo", type: "PageInfo!", binding: .pageInfo),
            APIField(
                name: "totalCount", description: "How many rows were found, on all pages.", type: "Int!", binding: .totalCount),
        ]
        var edge = APIType(.object, "SearchResultEdge", "One row of a page of what was found.", .searchEdge)
        edge.fields = [
            APIField(name: "node", type: "SearchResult!", binding: .edgeNode),
            APIField(name: "cursor", description: "To be given to `after` or `before`.", type: "String!", binding: .edgeCursor),
        ]
        return [result, type, connection, edge]
    }
}
