import GraphQLSyntax

/// What a schema coordinate names. GraphQL §3.14
package enum SchemaElement: Hashable, Sendable {
    case type(TypeID)
    /// A field of an object or interface, or a meta field (`Query.__type`).
    case field(TypeID, name: String)
    /// By its place in `NamedType.inputFields`.
    case inputField(TypeID, Int)
    /// By its place in `NamedType.enumValues`.
    case enumValue(TypeID, Int)
    case argument(TypeID, field: String, Int)
    /// By its place in `Schema.directives`.
    case directive(Int)
    case directiveArgument(directive: Int, Int)
}

/// Why a coordinate cannot be looked up: what would contain the element is not there.
package struct CoordinateProblem: Error, Hashable, Sendable {
    package var message: String
}

extension Schema {
    /// The element that a coordinate names. GraphQL §3.14, "Resolving Schema Coordinates"
    ///
    /// - Returns: nil if what contains the element has none of that name.
    /// - Throws: What would contain it does not exist, or contains no such things.
    package func element(at coordinate: SchemaCoordinate) throws(CoordinateProblem) -> SchemaElement? {
        switch coordinate {
        case .type(let name): return type(named: name).map { .type($0) }
        case .member(let typeName, let name): return try member(name, of: try container(typeName))
        case .argument(let typeName, let fieldName, let name):
            let id = try container(typeName)
            guard self[id].kind == .object || self[id].kind == .interface else {
                throw CoordinateProblem(message: "'\(typeName)' is \(self[id].kind.phrase), whose members have no arguments.")
            }
            guard let field = field(named: fieldName, on: id) else {
                throw CoordinateProblem(message: "The type '\(typeName)' has no field '\(fieldName)'.")
            }
            return field.argumentIndex(named: name).map { .argument(id, field: fieldName, $0) }
        case .directive(let name): return directiveIndex(named: name).map { .directive($0) }
        case .directiveArgument(let directive, let name):
            guard let index = directiveIndex(named: directive) else {
                throw CoordinateProblem(message: "There is no directive '@\(directive)'.")
            }
            return directives[index].arguments.firstIndex { $0.name == name }.map { .directiveArgument(directive: index, $0) }
        }
    }

    private func container(_ name: String) throws(CoordinateProblem) -> TypeID {
        guard let id = type(named: name) else { throw CoordinateProblem(message: "There is no type '\(name)'.") }
        return id
    }

    private func member(_ name: String, of id: TypeID) throws(CoordinateProblem) -> SchemaElement? {
        switch self[id].kind {
        case .enumeration: return self[id].enumValueIndex(named: name).map { .enumValue(id, $0) }
        case .inputObject: return self[id].inputFieldIndex(named: name).map { .inputField(id, $0) }
        case .object, .interface: return field(named: name, on: id).map { _ in .field(id, name: name) }
        case .scalar, .union:
            throw CoordinateProblem(message: "'\(self[id].name)' is \(self[id].kind.phrase), which has no members.")
        }
    }
}
