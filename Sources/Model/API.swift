import Expressions
import StoreColumns

/// The API's types, generated from a structure whose fields all have sources.
///
/// For every row type T: T, TConnection, TEdge, TFilter, TOrderBy, and TListFilter where a to-many field leads to T; one
/// filter for each scalar and enum that is filtered by, and no more.
///
/// For a role, as much of it as the role may use. `API+Role.swift`
struct API {
    let structure: Structure
    /// Nil: all of it is there.
    let view: RoleView?
    /// Of a role without rows: the types by which rows are chosen, by which groups are made, and which keys of groups show.
    let askedTypes: Set<NodeTypeID>
    let groupedTypes: Set<NodeTypeID>
    let keyTypes: Set<NodeTypeID>
    private(set) var types: [APIType] = []
    /// By row type: the fields of `Query`.
    private(set) var singulars: [String] = []
    private(set) var plurals: [String] = []
    var problems = ProblemList()

    /// Scalars and enums that filters ask for, in the order in which they were first needed.
    var usedScalars: [APIScalar] = []
    /// Those that figures show of which nothing is asked: of a role without rows.
    var shownScalars: Set<APIScalar> = []
    /// Whether keys of groups are periods.
    var showsPeriods = false
    var usedEnumerations: [EnumerationID] = []
    var usedEnumerationFilters: [EnumerationID] = []
    var usedEnumerationListFilters: [EnumerationID] = []
    var usedListFilters: Set<NodeTypeID> = []

    /// Names of fields that the API has for itself in every row type or its filter.
    static let reservedFieldNames: Set<String> = ["id", "and", "or", "not", "cel", "validOn", "field", "node"]

    /// The fields that the root has whatever the model says, and what each is for.
    static let rootOwners = [
        "node": "any row", "nodes": "any rows", "search": "rows of all types", "meta": "the data itself",
        "diff": "two versions", "explain": "a verdict", "explainFailures": "verdicts by group", "explainRules": "the rules",
    ]

    init(_ structure: Structure, for view: RoleView? = nil) {
        self.structure = structure
        self.view = view
        askedTypes = Self.types(
            structure, view, with: { $0.values.contains($1) || $0.names.contains($1) }, or: { $0.trees.contains($1) },
            leadingOn: { $0.filters(by: $1) })
        groupedTypes = Self.types(
            structure, view, with: { $0.values.contains($1) || $0.intervals.contains($1) || $0.rows.contains($1) },
            or: { $0.trees.contains($1) }, leadingOn: { $0.steps.contains($1) })
        keyTypes = Self.types(
            structure, view, with: { !$0.leads($1) && $0.shows($1) }, or: { _, _ in false }, leadingOn: { $0.leads($1) })
        nameRootFields()
        checkFieldNames()
        checkSearchedNames()
        makeTypes()
        checkTypeNames()
    }

    /// The whole schema as text.
    var text: String {
        var writer = SDLWriter()
        writer.write(
            definition: """
                "Reads every dated value as it was on this date, instead of on the server's day."
                directive @asOf("One for an operation." date: Date!) on QUERY
                """)
        writer.write(
            definition: """
                "Answers from this version instead of the current one: by its number, or by a moment at which it was current. One of the two; without either, nothing is said. A request that names another version beside its document is refused."
                directive @version("A version's number." id: String, "An instant." knownAt: DateTime) on QUERY
                """)
        for type in types { writer.write(type) }
        return writer.text
    }

    // MARK: - Names

    private mutating func nameRootFields() {
        for type in structure.types {
            let singular = type.name.prefix(1).lowercased() + type.name.dropFirst()
            singulars.append(singular)
            plurals.append(type.plural?.value ?? singular + "s")
        }
        var owners = Self.rootOwners
        for (index, type) in structure.types.enumerated() {
            for (name, place) in [(singulars[index], type.place), (plurals[index], type.plural?.place ?? type.place)] {
                if !Self.isName(name) {
                    problems.report(
                        .name, "'\(name)' cannot name the list of \(type.name) rows; letters, digits and _ can.", at: place)
                } else if let owner = owners[name] {
                    problems.report(
                        .name,
                        "Two fields of the API's root would be called '\(name)', for \(owner) and for \(type.name); "
                            + "say another with @node(plural: …).",
                        at: place)
                }
                owners[name] = owners[name] ?? type.name
            }
        }
    }

    private mutating func checkFieldNames() {
        for type in structure.types {
            for field in type.fields
            where Self.reservedFieldNames.contains(field.name) || field.name == "within" && type.tree != nil {
                problems.report(
                    .name,
                    "\(type.name).\(field.name): the API needs the name '\(field.name)' for itself; call the field otherwise.",
                    at: field.place)
            }
        }
    }

    private mutating func checkTypeNames() {
        var seen: Set<String> = []
        for type in types where !seen.insert(type.name).inserted {
            guard let place = place(of: type.name) else { continue }
            problems.report(
                .name, "'\(type.name)' is also the name of a type that the API makes itself; call it otherwise.", at: place)
        }
    }

    /// The names of types that are searched are values of an enum. GraphQL §3.9
    private mutating func checkSearchedNames() {
        for id in searchedTypes where ["true", "false", "null"].contains(structure.types[id.index].name) {
            let type = structure.types[id.index]
            problems.report(
                .name, "'\(type.name)' has a field with @search and cannot be a value of an enum; call the type otherwise.",
                at: type.place)
        }
    }

    /// Where the model declares that name, or whatever a clashing generated type was made for.
    private func place(of name: String) -> Place? {
        structure.types.first { $0.name == name }?.place ?? structure.enumerations.first { $0.name == name }?.place
            ?? structure.types.first { name.hasPrefix($0.name) }?.place
            ?? structure.enumerations.first { name.hasPrefix($0.name) }?.place
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !text.hasPrefix("__") else { return false }
        func isLetter(_ scalar: Unicode.Scalar) -> Bool { "a"..."z" ~= scalar || "A"..."Z" ~= scalar || scalar == "_" }
        return isLetter(first) && text.unicodeScalars.allSatisfy { isLetter($0) || "0"..."9" ~= $0 }
    }

    // MARK: - Types

    private mutating func makeTypes() {
        var rows: [APIType] = []
        var filters: [APIType] = []
        var orders: [APIType] = []
        var figures: [APIType] = []
        for id in seenTypes {
            if seesRows { rows.append(rowType(id)) }
            if seesRows || isSummed(id) { rows.append(connectionType(id)) }
            if seesRows { rows.append(edgeType(id)) }
            if isAsked(id) { filters.append(filterType(id)) }
            if seesRows { orders.append(orderType(id)) }
            if isSummed(id) { figures += aggregateTypes(id) }
            figures += groupTypes(id)
        }
        figures += sharedGroupTypes()
        let lists = structure.types.indices.map(NodeTypeID.init).filter(usedListFilters.contains).map(listFilterType)
        types = [queryType()] + (seesRows ? [nodeInterface] : []) + rows
        if seesRows { types += searchTypes + [Self.pageInfo] }
        types += metaTypes
        types += usedEnumerations.map(enumerationType)
        types += filters + lists + usedScalars.flatMap(scalarFilterTypes)
        types += usedEnumerationFilters.map(enumerationFilterType)
        types += usedEnumerationListFilters.map(enumerationListFilterType)
        types += orders + [Self.order] + figures + scalarTypes
        if writesAnything { types += changeTypes() }
        if seesRows { types += Self.diffTypes + Self.explainTypes }
    }

    /// What holds of all row types is said here, once: it stood for most of a large schema's text.
    private static let queryDescription = """
        Questions to one version of the data. Every value that changes over time is read as of one date.

        For every type T of rows there is one field for a row by its key, which is null where there is none, and one for \
        all rows that a filter holds. TConnection is a page of rows: `first` is 50 where neither it nor `last` is said, 1000 at \
        most, and the key is always the last sort key; an edge's `cursor` is given to `after` or `before`. `totalCount`, \
        `aggregate` (TAggregate) and `groups` (TGroup) are about all rows that the filter holds, on all pages. TFilter, \
        TListFilter, TAggregateFilter: all that is given must hold. TOrderBy, TAggregateOrderBy, TGroupOrderBy: one sort key; \
        give a list for several. TFilter's `and` asks for all, `or` for at least one, `cel` for an expression of the model's \
        language; `neq` and `notIn` also hold where there is no value. TListFilter: `some` of the rows (`{}`: any row at all), \
        `none`, `every`, the last two true of an empty set. TAggregate: `sum` of nothing is 0, `avg`, `min`, `max` and \
        `median` of nothing are null; `avg` is rounded half up to `scale` digits, 0 to 9; `median` is the middle value, or the \
        exact mean of the two in the middle with one digit more, of what has no mean the lesser; `count` is null only where it is \
        suppressed. Enums sort, and are compared, in the order of their values, false comes before true, texts by their bytes. \
        TGroupField names a field whose equal values make a group, or of which a figure is asked.
        """

    /// The same for a role without rows.
    private static let figuresDescription = """
        Questions to one version of the data. Every value that changes over time is read as of one date.

        For every type T of rows there is one field for all rows that a filter holds, of which figures and groups are made; single \
        rows are not shown. TFilter: all that is given must hold, `and` asks for all, `or` for at least one; `neq` and `notIn` also hold \
        where there is no value. TAggregate: `sum` of nothing is 0, `avg`, `min`, `max` and `median` of nothing are null; `avg` is rounded \
        half up to `scale` digits, 0 to 9. A figure of few rows is null and `suppressed`. TGroupField names a field whose equal values \
        make a group.
        """

    private func queryType() -> APIType {
        var type = APIType(
            .object, "Query",
            seesRows ? Self.queryDescription : Self.figuresDescription, .query)
        guard seesRows else {
            type.fields = listedTypes.map { id in
                let declaration = structure.types[id.index]
                return APIField(
                    name: plurals[id.index], description: describe(declaration.description, declaration.label),
                    arguments: listArguments(id), type: declaration.name + "Connection!", binding: .rows(id))
            }
            type.fields.append(Self.metaField)
            return type
        }
        for id in seenTypes {
            let (index, declaration) = (id.index, structure.types[id.index])
            let key = structure.keys[index].enumerated().map { part, field in
                let argument = keyArgument(type: id, field: field)
                return APIArgument(
                    name: declaration.fields[field].name, description: describe(argument, declaration.fields[field]),
                    type: text(of: argument) + "!", binding: .key(part, argument))
            }
            type.fields.append(
                APIField(
                    name: singulars[index], arguments: key,
                    type: declaration.name, binding: .rowByKey(id)))
            type.fields.append(
                APIField(
                    name: plurals[index],
                    arguments: listArguments(id), type: declaration.name + "Connection!", binding: .rows(id)))
        }
        type.fields.append(
            APIField(
                name: "node", description: "Anything by its global id, or null.",
                arguments: [APIArgument(name: "id", type: "ID!", binding: .id)], type: "Node", binding: .node))
        type.fields.append(Self.nodesField)
        if let search = searchField { type.fields.append(search) }
        type.fields.append(Self.metaField)
        type.fields.append(Self.diffField)
        type.fields += Self.explainFields
        return type
    }

    private static let metaField = APIField(
        name: "meta", description: "Which data the answer is made of.", type: "Meta!", binding: .meta)

    private var nodeInterface: APIType {
        var type = APIType(.interface, "Node", "Anything with a global id.", .nodeInterface)
        type.fields = [APIField(name: "id", description: Self.idDescription, type: "ID!", binding: .nodeInterfaceID)]
        return type
    }

    private static let idDescription =
        "The global id: opaque, the same in every version. For people there are the fields of the key."

    private mutating func rowType(_ id: NodeTypeID) -> APIType {
        let declaration = structure.types[id.index]
        var type = APIType(.object, declaration.name, describe(declaration.description, declaration.label) ?? "", .row(id))
        type.interfaces = ["Node"]
        type.fields = [APIField(name: "id", type: "ID!", binding: .globalID(id))]
        for (position, field) in declaration.fields.enumerated() {
            guard let source = structure.sources[id.index][position] else { continue }
            let view = fieldView(position, of: id)
            guard view.isShown else { continue }
            type.fields.append(rowField(field, source: source, view, binding: .field(id, position)))
        }
        return type
    }

    private mutating func rowField(
        _ field: FieldDeclaration, source: FieldSource, _ view: FieldView, binding: FieldBinding
    ) -> APIField {
        let on = APIArgument(name: "on", description: "Instead of the as-of date.", type: "Date", binding: .on)
        var isDated = false
        var arguments: [APIArgument] = []
        var type = field.type.text
        if case .masked(let mask) = view {
            if case .validColumn = source { arguments = [on] }
            return APIField(
                name: field.name, description: describeMasked(field, mask), arguments: arguments, type: maskedType(field),
                deprecationReason: field.deprecationReason, binding: binding)
        }
        switch source {
        case .column(_, let value), .derived(_, let value): noteUse(of: value)
        case .validColumn(_, _, let value):
            noteUse(of: value)
            isDated = true
        case .toOne(.valid, _): isDated = true
        case .toOne(.reference, _): break
        case .toMany(let edge, let target):
            if case .valid = edge { isDated = true }
            usedListFilters.insert(target)
            arguments = listArguments(target)
            type = structure.types[target.index].name + "Connection!"
        }
        return APIField(
            name: field.name, description: describe(field.description, field.label), arguments: arguments + (isDated ? [on] : []),
            type: type, deprecationReason: field.deprecationReason, binding: binding)
    }

    private func listArguments(_ id: NodeTypeID) -> [APIArgument] {
        let name = structure.types[id.index].name
        guard seesRows else {
            return isAsked(id) ? [APIArgument(name: "where", type: name + "Filter", binding: .where)] : []
        }
        return [
            APIArgument(name: "where", type: name + "Filter", binding: .where),
            APIArgument(name: "orderBy", type: "[\(name)OrderBy!]", binding: .orderBy),
            APIArgument(name: "first", type: "Int", binding: .first),
            APIArgument(name: "after", type: "String", binding: .after),
            APIArgument(name: "last", type: "Int", binding: .last),
            APIArgument(name: "before", type: "String", binding: .before),
            APIArgument(name: "offset", type: "Int", binding: .offset),
        ]
    }

    /// Whether rows of the type are summed and put into groups. `@node(figures:)`
    func hasFigures(_ id: NodeTypeID) -> Bool { structure.types[id.index].hasFigures }

    private func connectionType(_ id: NodeTypeID) -> APIType {
        let name = structure.types[id.index].name
        var type = APIType(
            .object, name + "Connection", "", .connection(id))
        guard seesRows else {
            type.fields = [APIField(name: "aggregate", type: name + "Aggregate!", binding: .aggregate)]
            if isGrouped(id) { type.fields.append(groupsField(name)) }
            return type
        }
        type.fields = [
            APIField(name: "nodes", type: "[\(name)!]!", binding: .nodes),
            APIField(name: "edges", type: "[\(name)Edge!]!", binding: .edges),
            APIField(name: "pageInfo", type: "PageInfo!", binding: .pageInfo),
            APIField(
                name: "totalCount", type: "Int!", binding: .totalCount),
        ]
        guard hasFigures(id) else { return type }
        type.fields += [
            APIField(
                name: "aggregate", type: name + "Aggregate!", binding: .aggregate),
            groupsField(name),
        ]
        return type
    }

    private func groupsField(_ name: String) -> APIField {
        var arguments = [APIArgument(name: "by", type: "[\(name)GroupBy!]!", binding: .by)]
        if seesRows { arguments.append(APIArgument(name: "having", type: name + "AggregateFilter", binding: .having)) }
        arguments += [
            APIArgument(name: "orderBy", type: "[\(name)GroupOrderBy!]", binding: .orderBy),
            APIArgument(name: "first", type: "Int", binding: .first),
            APIArgument(name: "offset", type: "Int", binding: .offset),
        ]
        return APIField(name: "groups", arguments: arguments, type: "[\(name)Group!]!", binding: .groups)
    }

    private func edgeType(_ id: NodeTypeID) -> APIType {
        let name = structure.types[id.index].name
        var type = APIType(.object, name + "Edge", "", .edge(id))
        type.fields = [
            APIField(name: "node", type: name + "!", binding: .edgeNode),
            APIField(name: "cursor", type: "String!", binding: .edgeCursor),
        ]
        return type
    }

    private static let pageInfo: APIType = {
        var type = APIType(.object, "PageInfo", "Where a page stands in its list.", .pageInfo)
        type.fields = [
            APIField(name: "hasNextPage", type: "Boolean!", binding: .hasNextPage),
            APIField(name: "hasPreviousPage", type: "Boolean!", binding: .hasPreviousPage),
            APIField(
                name: "startCursor", description: "The page before ends `before` it.", type: "String", binding: .startCursor),
            APIField(name: "endCursor", description: "The next page begins `after` it.", type: "String", binding: .endCursor),
        ]
        return type
    }()

    private var metaTypes: [APIType] {
        var meta = APIType(.object, "Meta", "Which data an answer is made of.", .meta)
        meta.fields = [
            APIField(name: "version", description: "What was known.", type: "String!", binding: .version),
            APIField(name: "publishedAt", type: "DateTime!", binding: .publishedAt),
            APIField(name: "modelDigest", description: "Changes when the model does.", type: "String!", binding: .modelDigest),
            APIField(name: "asOf", description: "What was valid.", type: "Date!", binding: .asOfDate),
        ]
        guard seesRows else { return [meta] }
        meta.fields.append(APIField(name: "rowCounts", description: "By type.", type: "[RowCount!]!", binding: .rowCounts))
        var count = APIType(.object, "RowCount", "How many rows of a type there are.", .rowCount)
        count.fields = [
            APIField(name: "type", type: "String!", binding: .rowCountType),
            APIField(name: "count", type: "Int!", binding: .rowCountValue),
        ]
        return [meta, count]
    }

    private func enumerationType(_ id: EnumerationID) -> APIType {
        let declaration = structure.enumerations[id.index]
        var type = APIType(
            .enumeration, declaration.name, describe(declaration.description, declaration.label) ?? "", .enumeration(id))
        type.values = declaration.values.map {
            APIEnumValue(
                name: $0.name, description: describe($0.description, $0.label), deprecationReason: $0.deprecationReason)
        }
        return type
    }

    /// The description with the Chinese label behind it.
    func describe(_ description: String?, _ label: Label) -> String? {
        let parts = [description, label.chinese.map { "「\($0)」" }].compactMap(\.self).filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    // MARK: - Keys as arguments

    private func keyArgument(type: NodeTypeID, field: Int) -> KeyArgument {
        switch structure.sources[type.index][field] {
        case .toOne(.reference(_, let target), _)?:
            let key = structure.keys[target.index]
            return key.count == 1 ? .reference(target, keyArgument(type: target, field: key[0])) : .globalID(target)
        case .column(_, .enumeration(let id))?: return .enumeration(id)
        case .column(_, let value)?: return .value(APIScalar(value, named: structure.types[type.index].fields[field].type.name))
        default: preconditionFailure("A sound structure has keys of stored values and references.")
        }
    }

    private func text(of argument: KeyArgument) -> String {
        switch argument {
        case .value(let scalar): scalar.rawValue
        case .enumeration(let id): structure.enumerations[id.index].name
        case .reference(_, let inner): text(of: inner)
        case .globalID: "ID"
        }
    }

    private func describe(_ argument: KeyArgument, _ field: FieldDeclaration) -> String? {
        switch argument {
        case .value, .enumeration: return nil
        case .globalID(let target): return "The global id of the \(structure.types[target.index].name)."
        case .reference(let target, _):
            let key = structure.types[target.index].fields[structure.keys[target.index][0]].name
            return "The \(key) of the \(structure.types[target.index].name)."
        }
    }
}

extension APIScalar {
    /// The scalar for a value of an expression's type; enums and rows have none.
    /// - Parameter name: The type as the model names it, which tells ID from String.
    init(_ type: ExpressionType, named name: String) {
        switch type {
        case .boolean: self = .boolean
        case .int: self = .int
        case .decimal: self = .decimal
        case .ratio: self = .ratio
        case .float: self = .float
        case .date: self = .date
        case .dateTime: self = .dateTime
        case .string: self = name == APIScalar.id.rawValue ? .id : .string
        case .enumeration, .enumerationList, .row, .rows: preconditionFailure("\(name) is no scalar.")
        }
    }
}
