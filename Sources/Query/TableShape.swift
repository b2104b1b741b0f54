import GraphQLTypes
import Model
import QueryPlanning

/// An answer as a table: the one list that a document selects, and the leaves of its rows. `api.md` §6
package struct TableShape: Sendable {
    /// What the cells of a column are, as far as the document tells.
    package enum Kind: Sendable, Hashable {
        case boolean, int, float, date, dateTime, text
        /// Exact numbers; the digits behind the point where they are always the same.
        case decimal(fractionDigits: Int?)
        /// Of texts or numbers.
        case list
    }

    package struct Column: Sendable {
        /// The response keys on the way to it, joined by points.
        package var name: String
        /// What the model calls it in Chinese, or what the document calls it where it does; nil where neither does.
        package var label: String?
        package var kind: Kind
        let keys: [String]
    }

    /// The response keys that lead to the list.
    let path: [String]
    package let columns: [Column]
}

extension RequestError {
    /// What a format cannot hold, found while the table was made.
    package static func notTabular(_ message: String) -> RequestError {
        RequestError(.badVariables, message, code: .notTabular)
    }
}

extension QueryService {
    /// The table that a request's answer is.
    ///
    /// - Parameter name: Of the list, by a response key on the way to it, where there are several.
    /// - Throws: `NOT_TABULAR` where no list is singled out, or where its rows hold lists of objects; and whatever keeps the request
    ///   from being answered.
    package func tableShape(of request: QueryRequest, viewer: Viewer, named name: String? = nil) throws(RequestError)
        -> TableShape
    {
        let operation = try operation(of: request, viewer)
        let plan = operation.plan(variables: try variables(request, operation))
        var finder = TableFinder(plan: plan, model: model)
        finder.find(in: plan.root, path: [])
        let lists = name.map { name in finder.lists.filter { $0.path.contains(name) } } ?? finder.lists
        guard lists.count == 1, let list = lists.first else {
            throw Self.notTabular(lists.isEmpty ? finder.lists : lists, named: name)
        }
        var columns: [TableShape.Column] = []
        try finder.addColumns(of: list.node, keys: [], label: "", of: list.path, to: &columns)
        guard !columns.isEmpty else {
            throw RequestError(
                .badVariables, "The list '\(list.path.joined(separator: "."))' selects nothing that a cell could hold.",
                code: .notTabular, argumentPath: list.path.joined(separator: "."))
        }
        return TableShape(path: list.path, columns: columns)
    }

    private static func notTabular(_ lists: [TableFinder.List], named name: String?) -> RequestError {
        let names = lists.prefix(5).map { "'\($0.path.joined(separator: "."))'" }.joined(separator: ", ")
        let message =
            if lists.isEmpty {
                "A table is made of one list, and the document selects none."
            } else if let name {
                "'# table: \(name)' does not say which list the table is: there are \(names)."
            } else {
                "A table is made of one list, and the document selects \(lists.count): \(names). Name one by its response key in a "
                    + "comment at the beginning of the document: # table: \(lists[0].path[0])"
            }
        return RequestError(.badVariables, message, code: .notTabular)
    }
}

private struct TableFinder {
    struct List {
        var path: [String]
        var node: PlanNode
    }

    let plan: Plan
    let model: Model
    var lists: [List] = []

    /// Lists that stand in no other list.
    mutating func find(in selection: SelectionIndex, path: [String]) {
        for node in plan.nodes[plan[selection].nodes] {
            let path = path + [node.responseName]
            if node.type.isList {
                if !node.children.selections.isEmpty { lists.append(List(path: path, node: node)) }
            } else {
                for selection in node.children.selections { find(in: selection, path: path) }
            }
        }
    }

    /// - Parameter label: Of the row that the node leads to.
    func addColumns(
        of node: PlanNode, keys: [String], label: String, of path: [String], to columns: inout [TableShape.Column]
    ) throws(RequestError) {
        for selection in node.children.selections {
            for child in plan.nodes[plan[selection].nodes] {
                let keys = keys + [child.responseName]
                let childLabel = self.label(of: child).map { label.isEmpty ? $0 : label + "." + $0 }
                if child.children.selections.isEmpty {
                    // Below several types the same key is one column.
                    guard !columns.contains(where: { $0.keys == keys }) else { continue }
                    columns.append(
                        TableShape.Column(name: keys.joined(separator: "."), label: childLabel, kind: kind(of: child), keys: keys)
                    )
                } else if child.type.isList {
                    let place = (path + keys).joined(separator: ".")
                    throw RequestError(
                        .badVariables,
                        "A table has one row an element of one list, and '\(place)' is a list inside of its rows. Select figures of it, "
                            + "as totalCount or aggregate, or begin at the inner list.", code: .notTabular, argumentPath: place)
                } else {
                    try addColumns(of: child, keys: keys, label: childLabel ?? "", of: path, to: &columns)
                }
            }
        }
    }

    private func label(of node: PlanNode) -> String? {
        guard node.responseName == node.fieldName else { return node.responseName }
        return model.type(named: plan.schema[node.parentType].name)?.field(named: node.fieldName)?.label.chinese
    }

    private func kind(of node: PlanNode) -> TableShape.Kind {
        if node.type.isList { return .list }
        switch node.source {
        case .value(_, let kind), .groupKeyValue(_, _, let kind):
            switch kind {
            case .boolean: return .boolean
            case .int: return .int
            case .float: return .float
            case .date: return .date
            case .dateTime: return .dateTime
            // A list of masked texts is told by its type above.
            case .string, .enumeration, .masked: return .text
            case .decimal(let digits): return .decimal(fractionDigits: digits)
            case .ratio: return .decimal(fractionDigits: nil)
            case .enumerationList: return .list
            }
        default: break
        }
        switch plan.schema[node.type.named].name {
        case "Boolean": return .boolean
        case "Int": return .int
        case "Float": return .float
        case "Decimal", "Ratio": return .decimal(fractionDigits: nil)
        case "Date": return .date
        case "DateTime": return .dateTime
        default: return .text
        }
    }
}

extension PlanChildren {
    fileprivate var selections: [SelectionIndex] {
        switch self {
        case .none: []
        case .one(let selection): [selection]
        case .byType(let selections): selections.map(\.selection)
        }
    }
}
