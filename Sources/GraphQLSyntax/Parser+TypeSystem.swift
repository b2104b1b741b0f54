extension Parser {
    /// SchemaDefinition : Description? `schema` Directives[Const]? `{` RootOperationTypeDefinition+ `}`
    mutating func schemaDefinition(_ head: DefinitionHead) throws(SyntaxError) -> SchemaDefinition {
        try expect(word: .schema)
        let directives = try directives(isConstant: true)
        guard isNext(.openBrace) else { throw unexpected(expecting: "'{'") }
        let operationTypes = try operationTypeDefinitions()
        return SchemaDefinition(
            description: head.description, directives: directives, operationTypes: operationTypes,
            range: range(from: head.start))
    }

    /// `{` RootOperationTypeDefinition+ `}`, or nothing
    ///
    /// RootOperationTypeDefinition : OperationType `:` NamedType
    mutating func operationTypeDefinitions() throws(SyntaxError) -> [OperationTypeDefinition] {
        var definitions: [OperationTypeDefinition] = []
        guard try take(.openBrace) else { return [] }
        repeat {
            let start = token
            let kind = try operationKind()
            try expect(.colon)
            let type = try name("the name of a type")
            definitions.append(OperationTypeDefinition(kind: kind, type: type, range: range(from: start)))
        } while try !take(.closeBrace)
        return definitions
    }

    /// ScalarTypeDefinition : Description? `scalar` Name Directives[Const]?
    mutating func scalarDefinition(_ head: DefinitionHead) throws(SyntaxError) -> TypeDefinition {
        let name = try name(ofTypeBehind: .scalar)
        return TypeDefinition(
            kind: .scalar, description: head.description, name: name, directives: try directives(isConstant: true),
            range: range(from: head.start))
    }

    /// ObjectTypeDefinition : Description? `type` Name ImplementsInterfaces? Directives[Const]? FieldsDefinition?
    mutating func objectDefinition(_ head: DefinitionHead) throws(SyntaxError) -> TypeDefinition {
        let name = try name(ofTypeBehind: .type)
        let interfaces = try implementedInterfaces()
        let directives = try directives(isConstant: true)
        let fields = try fieldDefinitions()
        return TypeDefinition(
            kind: .object, description: head.description, name: name, directives: directives, interfaces: interfaces,
            fields: fields, range: range(from: head.start))
    }

    /// InterfaceTypeDefinition : Description? `interface` Name ImplementsInterfaces? Directives[Const]? FieldsDefinition?
    mutating func interfaceDefinition(_ head: DefinitionHead) throws(SyntaxError) -> TypeDefinition {
        let name = try name(ofTypeBehind: .interface)
        let interfaces = try implementedInterfaces()
        let directives = try directives(isConstant: true)
        let fields = try fieldDefinitions()
        return TypeDefinition(
            kind: .interface, description: head.description, name: name, directives: directives, interfaces: interfaces,
            fields: fields, range: range(from: head.start))
    }

    /// UnionTypeDefinition : Description? `union` Name Directives[Const]? UnionMemberTypes?
    mutating func unionDefinition(_ head: DefinitionHead) throws(SyntaxError) -> TypeDefinition {
        let name = try name(ofTypeBehind: .union)
        let directives = try directives(isConstant: true)
        let members = try unionMembers()
        return TypeDefinition(
            kind: .union, description: head.description, name: name, directives: directives, members: members,
            range: range(from: head.start))
    }

    /// EnumTypeDefinition : Description? `enum` Name Directives[Const]? EnumValuesDefinition?
    mutating func enumDefinition(_ head: DefinitionHead) throws(SyntaxError) -> TypeDefinition {
        let name = try name(ofTypeBehind: .enum)
        let directives = try directives(isConstant: true)
        let values = try enumValueDefinitions()
        return TypeDefinition(
            kind: .enumeration, description: head.description, name: name, directives: directives, values: values,
            range: range(from: head.start))
    }

    /// InputObjectTypeDefinition : Description? `input` Name Directives[Const]? InputFieldsDefinition?
    mutating func inputObjectDefinition(_ head: DefinitionHead) throws(SyntaxError) -> TypeDefinition {
        let name = try name(ofTypeBehind: .input)
        let directives = try directives(isConstant: true)
        let fields = try inputValueDefinitions(.openBrace, .closeBrace)
        return TypeDefinition(
            kind: .inputObject, description: head.description, name: name, directives: directives, inputFields: fields,
            range: range(from: head.start))
    }

    /// DirectiveDefinition : Description? `directive` `@` Name ArgumentsDefinition? Directives[Const]? `repeatable`? `on`
    /// DirectiveLocations (September 2025: without Directives)
    mutating func directiveDefinition(_ head: DefinitionHead) throws(SyntaxError) -> DirectiveDefinition {
        try expect(word: .directive)
        try expect(.at)
        let name = try name("the name of the directive")
        let arguments = try inputValueDefinitions(.openParenthesis, .closeParenthesis)
        let directives = edition == .september2025 ? .empty : try directives(isConstant: true)
        let isRepeatable = try take(word: .repeatable)
        try expect(word: .on)
        let locations = try directiveLocations()
        return DirectiveDefinition(
            description: head.description, name: name, arguments: arguments, directives: directives,
            isRepeatable: isRepeatable, locations: locations, range: range(from: head.start))
    }

    /// DirectiveLocations : DirectiveLocations `|` DirectiveLocation | `|`? DirectiveLocation
    private mutating func directiveLocations() throws(SyntaxError) -> [Name] {
        var locations: [Name] = []
        _ = try take(.pipe)
        repeat {
            let start = token
            let location = try name("a directive location")
            let text = text(of: location.id)
            guard DirectiveLocation(rawValue: text) != nil, edition != .september2025 || text != "DIRECTIVE_DEFINITION" else {
                throw failure("There is no directive location '\(text)'.", at: start)
            }
            locations.append(location)
        } while try take(.pipe)
        return locations
    }

    // MARK: Parts

    /// keyword Name
    private mutating func name(ofTypeBehind keyword: NameID) throws(SyntaxError) -> Name {
        try expect(word: keyword)
        return try name("the name of the type")
    }

    /// ImplementsInterfaces : ImplementsInterfaces `&` NamedType | `implements` `&`? NamedType
    mutating func implementedInterfaces() throws(SyntaxError) -> [Name] {
        guard try take(word: .implements) else { return [] }
        var interfaces: [Name] = []
        _ = try take(.ampersand)
        repeat { interfaces.append(try name("the name of an interface")) } while try take(.ampersand)
        return interfaces
    }

    /// FieldsDefinition : `{` FieldDefinition+ `}`
    mutating func fieldDefinitions() throws(SyntaxError) -> [FieldDefinitionNode] {
        guard try take(.openBrace) else { return [] }
        var fields: [FieldDefinitionNode] = []
        repeat { fields.append(try fieldDefinition()) } while try !take(.closeBrace)
        return fields
    }

    /// FieldDefinition : Description? Name ArgumentsDefinition? `:` Type Directives[Const]?
    private mutating func fieldDefinition() throws(SyntaxError) -> FieldDefinitionNode {
        let start = token
        let description = try description()
        let name = try name("the name of a field")
        let arguments = try inputValueDefinitions(.openParenthesis, .closeParenthesis)
        try expect(.colon)
        let type = try type()
        let directives = try directives(isConstant: true)
        return FieldDefinitionNode(
            description: description, name: name, arguments: arguments, type: type, directives: directives,
            range: range(from: start))
    }

    /// ArgumentsDefinition : `(` InputValueDefinition+ `)`
    ///
    /// InputFieldsDefinition : `{` InputValueDefinition+ `}`
    mutating func inputValueDefinitions(
        _ open: Token.Kind, _ close: Token.Kind
    ) throws(SyntaxError) -> [InputValueDefinition] {
        guard try take(open) else { return [] }
        var definitions: [InputValueDefinition] = []
        repeat { definitions.append(try inputValueDefinition()) } while try !take(close)
        return definitions
    }

    /// InputValueDefinition : Description? Name `:` Type DefaultValue? Directives[Const]?
    private mutating func inputValueDefinition() throws(SyntaxError) -> InputValueDefinition {
        let start = token
        let description = try description()
        let name = try name()
        try expect(.colon)
        let type = try type()
        let defaultValue = try defaultValue()
        let directives = try directives(isConstant: true)
        return InputValueDefinition(
            description: description, name: name, type: type, defaultValue: defaultValue, directives: directives,
            range: range(from: start))
    }

    /// UnionMemberTypes : UnionMemberTypes `|` NamedType | `=` `|`? NamedType
    mutating func unionMembers() throws(SyntaxError) -> [Name] {
        guard try take(.equals) else { return [] }
        var members: [Name] = []
        _ = try take(.pipe)
        repeat { members.append(try name("the name of a type")) } while try take(.pipe)
        return members
    }

    /// EnumValuesDefinition : `{` EnumValueDefinition+ `}`
    ///
    /// EnumValueDefinition : Description? EnumValue Directives[Const]?
    mutating func enumValueDefinitions() throws(SyntaxError) -> [EnumValueDefinition] {
        guard try take(.openBrace) else { return [] }
        var values: [EnumValueDefinition] = []
        repeat {
            let start = token
            let description = try description()
            let name = try enumValueName()
            let directives = try directives(isConstant: true)
            values.append(
                EnumValueDefinition(description: description, name: name, directives: directives, range: range(from: start)))
        } while try !take(.closeBrace)
        return values
    }

    /// EnumValue : Name but not `true` or `false` or `null`
    private mutating func enumValueName() throws(SyntaxError) -> Name {
        if isNext(word: .true) || isNext(word: .false) || isNext(word: .null) {
            throw failure("An enum has no value called '\(text(of: token.name))'.", at: token)
        }
        return try name("the name of an enum value")
    }
}

/// Where a directive may stand. GraphQL §3.13
package enum DirectiveLocation: String, Sendable, CaseIterable {
    case query = "QUERY"
    case mutation = "MUTATION"
    case subscription = "SUBSCRIPTION"
    case field = "FIELD"
    case fragmentDefinition = "FRAGMENT_DEFINITION"
    case fragmentSpread = "FRAGMENT_SPREAD"
    case inlineFragment = "INLINE_FRAGMENT"
    case variableDefinition = "VARIABLE_DEFINITION"
    /// Of a draft (fragment arguments), in no edition: no place has it, but schemas of other tools name it.
    case fragmentVariableDefinition = "FRAGMENT_VARIABLE_DEFINITION"
    case schema = "SCHEMA"
    case scalar = "SCALAR"
    case object = "OBJECT"
    case fieldDefinition = "FIELD_DEFINITION"
    case argumentDefinition = "ARGUMENT_DEFINITION"
    case interface = "INTERFACE"
    case union = "UNION"
    case enumeration = "ENUM"
    case enumValue = "ENUM_VALUE"
    case inputObject = "INPUT_OBJECT"
    case inputFieldDefinition = "INPUT_FIELD_DEFINITION"
    /// Since September 2026.
    case directiveDefinition = "DIRECTIVE_DEFINITION"
}
