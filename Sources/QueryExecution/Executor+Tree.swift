import GraphQLTypes
import JSONText
import QueryPlanning

/// Values that come from trees: introspection under every schema, and whatever a `TreeSource` brings.
extension Executor {
    /// A field of a tree's object.
    mutating func writeTreeField(_ bound: BoundNode, of index: Int) throws(Interruption) {
        let node = bound.node
        let arguments = try treeArguments(of: node)
        let value: TreeValue
        switch trees[index] {
        case .introspection(let element):
            value = TreeValue(plan.schema.introspect(element, field: node.fieldName, arguments: arguments))
        case .members(let members):
            value = if let tree { tree.resolve(members, node, arguments) } else { members[node.fieldName] ?? .null }
        case .lazy(let object):
            do throws(ArgumentProblem) {
                value = try object.value(of: node.fieldName, arguments: arguments)
            } catch {
                throw fail(error, at: node)
            }
        }
        // Most values are texts and may stand as they are; nothing need be remembered on the way there.
        if case .string(let text) = value, bound.scalar == .string || bound.scalar == .id { return writer.string(text) }
        path.append(.field(node))
        try complete(value, as: node.type, of: node)
        path.removeLast()
    }

    /// `__schema` and `__type`, whatever the root is.
    mutating func writeIntrospection(_ node: PlanNode) throws(Interruption) {
        var value = TreeValue.object(.introspection(.schema))
        if case .introspectionType = node.source {
            guard case .string(let name)? = try treeArguments(of: node)["name"] else { return try writeNull(of: node) }
            value = plan.schema.introspectedType(named: name).map { .object(.introspection($0)) } ?? .null
        }
        path.append(.field(node))
        try complete(value, as: node.type, of: node)
        path.removeLast()
    }

    /// A root field of a graph whose value was found before the walk.
    mutating func writeGiven(_ node: PlanNode) throws(Interruption) {
        switch graph?.source.given[node.index] {
        case .value(let value)?:
            path.append(.field(node))
            try complete(value, as: node.type, of: node)
            path.removeLast()
        case .failure(let problem)?: throw fail(problem, at: node)
        case nil: throw fail("The field was not answered.", code: .internalServerError, at: node)
        }
    }

    private mutating func fail(_ problem: ArgumentProblem, at node: PlanNode) -> Interruption {
        path.append(.field(node))
        defer { path.removeLast() }
        return fail(
            problem.message, code: problem.code, argumentPath: problem.argumentPath.isEmpty ? nil : problem.argumentPath,
            range: problem.range, limit: problem.limit)
    }

    /// GraphQL §6.4.1 CoerceArgumentValues: what does not fit is an error of the field.
    private mutating func treeArguments(of node: PlanNode) throws(Interruption) -> InputObject {
        if !node.argumentProblems.isEmpty, let problem = node.argumentProblems.first {
            throw fail(problem.message, code: .badUserInput, at: node, argument: problem)
        }
        guard let template = node.arguments else { return InputObject([]) }
        do throws(InputProblem) {
            return try plan.schema.resolve(template, variables: variables)
        } catch {
            throw fail(error.message, code: .badUserInput, at: node, argument: error)
        }
    }

    // MARK: - Completion

    /// Writes a value as a type asks for it. GraphQL §6.4.3 CompleteValue
    private mutating func complete(_ value: TreeValue, as type: TypeReference, of node: PlanNode) throws(Interruption) {
        if case .failure(let message, let extensions) = value { throw fail(message, extensions: extensions) }
        if case .null = value {
            guard type.isNonNull else { return writer.null() }
            throw fail("Cannot return null for the non-null field '\(fieldName(node))'.")
        }
        if let element = type.element { return try completeList(value, element, of: node) }
        // Names and kinds are read where they stand: a copy of a type's description would cost more than its value.
        switch plan.schema.types[type.named.index].kind {
        case .scalar: try completeScalar(value, type.named)
        case .enumeration:
            guard case .string(let name) = value,
                plan.schema.types[type.named.index].enumValueIndex(named: name) != nil
            else { throw fail("\(value.phrase) is not a value of the enum '\(plan.schema[type.named].name)'.") }
            writer.string(name)
        case .object, .interface, .union: try completeObject(value, type.named, of: node)
        case .inputObject: throw fail("'\(plan.schema[type.named].name)' is no output type.")
        }
    }

    private mutating func completeList(_ value: TreeValue, _ element: TypeReference, of node: PlanNode) throws(Interruption) {
        guard case .list(let items) = value else { throw fail("\(value.phrase) is no list, which '\(fieldName(node))' is.") }
        writer.beginArray()
        for (index, item) in items.enumerated() {
            if index > 0 { writer.byte(UInt8(ascii: ",")) }
            let place = place
            path.append(.index(index))
            do throws(Interruption) {
                try complete(item, as: element, of: node)
                path.removeLast()
            } catch {
                guard ends(error, isNonNull: element.isNonNull) else { throw error }
                writeNull(at: place)
            }
            if writer.count - start > limits.bytes { throw tooManyBytes() }
        }
        writer.endArray()
    }

    private mutating func completeObject(_ value: TreeValue, _ type: TypeID, of node: PlanNode) throws(Interruption) {
        guard case .object(let object) = value else {
            throw fail("\(value.phrase) is no object of the type '\(plan.schema[type].name)'.")
        }
        let selection = try selection(for: object, type, of: node)
        trees.append(object)
        try execute(selection, of: .tree(trees.count - 1))
        trees.removeLast()
    }

    /// GraphQL §6.4.3 ResolveAbstractType
    private mutating func selection(
        for object: TreeObject, _ type: TypeID, of node: PlanNode
    ) throws(Interruption) -> SelectionIndex {
        if case .one(let selection) = node.children { return selection }
        let name: String?
        switch object {
        case .introspection(let element): name = element.typeName
        case .members(let members): name = tree?.typeName(members)
        case .lazy: name = nil
        }
        let abstract = plan.schema[type].name
        guard let name else { throw fail("The '\(abstract)' of '\(fieldName(node))' does not say which object type it is.") }
        guard let concrete = plan.schema.type(named: name) else {
            throw fail("The '\(abstract)' of '\(fieldName(node))' says it is '\(name)', which is no type of the schema.")
        }
        guard let selection = node.children.selection(for: concrete) else {
            throw fail("The '\(abstract)' of '\(fieldName(node))' says it is '\(name)', which is not one of its possible types.")
        }
        return selection
    }

    private func fieldName(_ node: PlanNode) -> String { "\(plan.schema[node.parentType].name).\(node.fieldName)" }
}

extension TreeValue {
    init(_ value: IntrospectionValue) {
        switch value {
        case .null: self = .null
        case .boolean(let flag): self = .boolean(flag)
        case .string(let text), .enumeration(let text): self = .string(text)
        case .node(let node): self = .object(.introspection(node))
        case .nodes(let nodes): self = .list(nodes.map { .object(.introspection($0)) })
        case .enumerations(let names): self = .list(names.map { .string($0) })
        }
    }

    /// What a message calls it; long texts are cut.
    var phrase: String {
        switch self {
        case .null: "null"
        case .boolean(let flag): String(flag)
        case .number(let text): text
        case .string(let text): "\"\(text.prefix(40))\""
        case .list: "A list"
        case .object: "An object"
        case .failure: "An error"
        }
    }
}
