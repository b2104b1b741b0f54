extension Parser {
    /// TypeSystemExtension : SchemaExtension | TypeExtension | DirectiveExtension
    ///
    /// Every extension adds something: at least one of its parts is there.
    mutating func typeSystemExtension() throws(SyntaxError) -> Definition {
        let start = token
        try expect(word: .extend)
        let keyword = token
        switch keyword.kind == .name ? keyword.name : nil {
        case NameID.schema: return .schemaExtension(try schemaExtension(from: start))
        case NameID.scalar: return .typeExtension(try scalarExtension(from: start))
        case NameID.type: return .typeExtension(try fieldsExtension(.object, from: start))
        case NameID.interface: return .typeExtension(try fieldsExtension(.interface, from: start))
        case NameID.union: return .typeExtension(try unionExtension(from: start))
        case NameID.enum: return .typeExtension(try enumExtension(from: start))
        case NameID.input: return .typeExtension(try inputObjectExtension(from: start))
        case NameID.directive where edition != .september2025: return .directiveExtension(try directiveExtension(from: start))
        default: throw unexpected(expecting: "what is extended: 'schema', a kind of type or 'directive'")
        }
    }

    /// SchemaExtension : `extend` `schema` Directives[Const]? `{` RootOperationTypeDefinition+ `}`
    /// | `extend` `schema` Directives[Const]
    private mutating func schemaExtension(from start: Token) throws(SyntaxError) -> SchemaDefinition {
        try advance()
        let directives = try directives(isConstant: true)
        let operationTypes = try operationTypeDefinitions()
        if directives.isEmpty, operationTypes.isEmpty { throw unexpected(expecting: "directives or '{'") }
        return SchemaDefinition(
            description: nil, directives: directives, operationTypes: operationTypes, range: range(from: start))
    }

    /// ScalarTypeExtension : `extend` `scalar` Name Directives[Const]
    private mutating func scalarExtension(from start: Token) throws(SyntaxError) -> TypeDefinition {
        try advance()
        let name = try name("the name of the type")
        let directives = try directives(isConstant: true)
        if directives.isEmpty { throw unexpected(expecting: "directives") }
        return TypeDefinition(kind: .scalar, description: nil, name: name, directives: directives, range: range(from: start))
    }

    /// ObjectTypeExtension : `extend` `type` Name ImplementsInterfaces? Directives[Const]? FieldsDefinition?
    ///
    /// InterfaceTypeExtension : `extend` `interface` Name ImplementsInterfaces? Directives[Const]? FieldsDefinition?
    private mutating func fieldsExtension(
        _ kind: TypeDefinitionKind, from start: Token
    ) throws(SyntaxError) -> TypeDefinition {
        try advance()
        let name = try name("the name of the type")
        let interfaces = try implementedInterfaces()
        let directives = try directives(isConstant: true)
        let fields = try fieldDefinitions()
        if interfaces.isEmpty, directives.isEmpty, fields.isEmpty {
            throw unexpected(expecting: "'implements', directives or '{'")
        }
        return TypeDefinition(
            kind: kind, description: nil, name: name, directives: directives, interfaces: interfaces, fields: fields,
            range: range(from: start))
    }

    /// UnionTypeExtension : `extend` `union` Name Directives[Const]? UnionMemberTypes?
    private mutating func unionExtension(from start: Token) throws(SyntaxError) -> TypeDefinition {
        try advance()
        let name = try name("the name of the type")
        let directives = try directives(isConstant: true)
        let members = try unionMembers()
        if directives.isEmpty, members.isEmpty { throw unexpected(expecting: "directives or '='") }
        return TypeDefinition(
            kind: .union, description: nil, name: name, directives: directives, members: members, range: range(from: start))
    }

    /// EnumTypeExtension : `extend` `enum` Name Directives[Const]? EnumValuesDefinition?
    private mutating func enumExtension(from start: Token) throws(SyntaxError) -> TypeDefinition {
        try advance()
        let name = try name("the name of the type")
        let directives = try directives(isConstant: true)
        let values = try enumValueDefinitions()
        if directives.isEmpty, values.isEmpty { throw unexpected(expecting: "directives or '{'") }
        return TypeDefinition(
            kind: .enumeration, description: nil, name: name, directives: directives, values: values, range: range(from: start))
    }

    /// InputObjectTypeExtension : `extend` `input` Name Directives[Const]? InputFieldsDefinition?
    private mutating func inputObjectExtension(from start: Token) throws(SyntaxError) -> TypeDefinition {
        try advance()
        let name = try name("the name of the type")
        let directives = try directives(isConstant: true)
        let fields = try inputValueDefinitions(.openBrace, .closeBrace)
        if directives.isEmpty, fields.isEmpty { throw unexpected(expecting: "directives or '{'") }
        return TypeDefinition(
            kind: .inputObject, description: nil, name: name, directives: directives, inputFields: fields,
            range: range(from: start))
    }

    /// DirectiveExtension : `extend` `directive` `@` Name Directives[Const] (September 2026)
    private mutating func directiveExtension(from start: Token) throws(SyntaxError) -> DirectiveExtension {
        try advance()
        try expect(.at)
        let name = try name("the name of the directive")
        let directives = try directives(isConstant: true)
        if directives.isEmpty { throw unexpected(expecting: "directives") }
        return DirectiveExtension(name: name, directives: directives, range: range(from: start))
    }
}
