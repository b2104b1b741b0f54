import GraphQLSyntax

/// A complete, valid GraphQL schema: named types in flat arrays, directives, root operation types.
///
/// Immutable once made; look-ups are array indexing after one dictionary access by name. Collections keep the order of
/// the document they were built from, as introspection must show it.
///
/// Source: GraphQL September 2026, §3.
package final class Schema: Sendable {
    package let description: String?
    package let queryType: TypeID?
    package let mutationType: TypeID?
    package let subscriptionType: TypeID?
    /// Every named type: the built-in scalars and introspection types as well as the schema's own.
    package let types: [NamedType]
    package let directives: [DirectiveType]
    /// Directives applied to the schema itself.
    package let appliedDirectives: [AppliedDirective]
    /// False while the schema is being built.
    let hasCoercedDefaults: Bool
    private let typeIDs: [String: TypeID]
    private let directiveIndexes: [String: Int]
    /// The same as numbers, for validators.
    package let index: SchemaIndex
    private let inputFieldsOfTypes: [[InputValueType]]

    /// Joins parts that were checked before; only the schema builder makes one.
    init(
        description: String?, queryType: TypeID?, mutationType: TypeID?, subscriptionType: TypeID?, types: [NamedType],
        directives: [DirectiveType], appliedDirectives: [AppliedDirective],
        hasCoercedDefaults: Bool = false
    ) {
        self.hasCoercedDefaults = hasCoercedDefaults
        self.description = description
        self.queryType = queryType
        self.mutationType = mutationType
        self.subscriptionType = subscriptionType
        self.types = types
        self.directives = directives
        self.appliedDirectives = appliedDirectives
        self.typeIDs = Dictionary(types.indices.map { (types[$0].name, TypeID($0)) }) { first, _ in first }
        self.directiveIndexes = Dictionary(directives.indices.map { (directives[$0].name, $0) }) { first, _ in first }
        self.index = SchemaIndex(types, directives)
        inputFieldsOfTypes = types.map(\.inputFields)
    }

    /// Lent, as it has many parts to count.
    package subscript(id: TypeID) -> NamedType { _read { yield types[id.index] } }

    /// The input fields of a type, without a copy of what has them.
    package func inputFields(of type: TypeID) -> [InputValueType] { inputFieldsOfTypes[type.index] }

    /// The named type of an input field, by its place among those of its type.
    package func inputType(of field: Int, in type: TypeID) -> TypeID {
        index.inputs[index.types[type.index].inputFields.lowerBound + field].type.named
    }

    /// The type of an argument, by its place among those of a field, and that of the field among those of its type.
    package func type(ofArgument argument: Int, ofField field: Int, of type: TypeID) -> TypeReference {
        let arguments = index.fields[index.types[type.index].firstField + field].arguments
        return index.inputs[arguments.lowerBound + argument].type
    }

    /// The place of an input field of that name among those of its type, an input object; nil where there is none.
    package func inputFieldIndex(named name: String, of type: TypeID) -> Int? { index.place(named: name, of: type) }

    /// The type of that name, or nil.
    package func type(named name: String) -> TypeID? { typeIDs[name] }

    /// The place in `directives` of the directive of that name, or nil.
    package func directiveIndex(named name: String) -> Int? { directiveIndexes[name] }

    /// The directive of that name, or nil.
    package func directive(named name: String) -> DirectiveType? { directiveIndexes[name].map { directives[$0] } }

    /// The root type of an operation kind, or nil where the schema has none.
    package func rootType(of kind: OperationKind) -> TypeID? {
        switch kind {
        case .query: queryType
        case .mutation: mutationType
        case .subscription: subscriptionType
        }
    }
}

/// The place of a named type in its schema.
package struct TypeID: Hashable, Sendable {
    package var rawValue: UInt32
    package init(_ index: Int) { rawValue = UInt32(index) }
    package var index: Int { Int(rawValue) }
}

package enum TypeKind: String, Sendable, CaseIterable {
    case scalar = "SCALAR"
    case object = "OBJECT"
    case interface = "INTERFACE"
    case union = "UNION"
    case enumeration = "ENUM"
    case inputObject = "INPUT_OBJECT"
}

/// A named type; the parts that its kind does not have are empty. GraphQL §3.4
package struct NamedType: Sendable {
    package var name: String
    package var kind: TypeKind
    package var description: String?
    /// Objects and interfaces, in definition order.
    package var fields: [FieldDefinition] = []
    /// Objects and interfaces: what they say they implement, in definition order.
    package var interfaces: [TypeID] = []
    /// Unions: the members. Interfaces: the objects that implement it. Objects: themselves.
    package var possibleTypes: [TypeID] = []
    package var enumValues: [EnumValue] = []
    /// Input objects, in definition order.
    package var inputFields: [InputValueType] = []
    /// Input objects with `@oneOf`.
    package var isOneOf = false
    package var specifiedByURL: String?
    /// Custom scalars: how values of it are read.
    package var scalar: ScalarBehavior?
    /// Scalars of the specification: which one this is.
    package var builtInScalar: BuiltInScalar?
    /// True for what every schema has without defining it: built-in scalars and introspection types.
    package var isBuiltIn = false
    package var appliedDirectives: [AppliedDirective] = []
    private var fieldIndexes: [String: Int] = [:]
    private var inputFieldIndexes: [String: Int] = [:]
    private var enumValueIndexes: [String: Int] = [:]

    package init(name: String, kind: TypeKind, description: String? = nil) {
        self.name = name
        self.kind = kind
        self.description = description
    }

    /// Builds the look-up tables; called once, after the members are set.
    mutating func index() {
        fieldIndexes = Dictionary(fields.indices.map { (fields[$0].name, $0) }) { first, _ in first }
        inputFieldIndexes = Dictionary(inputFields.indices.map { (inputFields[$0].name, $0) }) { first, _ in first }
        enumValueIndexes = Dictionary(enumValues.indices.map { (enumValues[$0].name, $0) }) { first, _ in first }
    }

    package func fieldIndex(named name: String) -> Int? { fieldIndexes[name] }
    package func field(named name: String) -> FieldDefinition? { fieldIndexes[name].map { fields[$0] } }
    package func inputFieldIndex(named name: String) -> Int? { inputFieldIndexes[name] }
    package func inputField(named name: String) -> InputValueType? { inputFieldIndexes[name].map { inputFields[$0] } }
    package func enumValueIndex(named name: String) -> Int? { enumValueIndexes[name] }

    /// Scalars and enums.
    package var isLeaf: Bool { kind == .scalar || kind == .enumeration }
    /// Objects, interfaces and unions.
    package var isComposite: Bool { kind == .object || kind == .interface || kind == .union }
    package var isAbstract: Bool { kind == .interface || kind == .union }
    package var isInput: Bool { kind == .scalar || kind == .enumeration || kind == .inputObject }
    package var isOutput: Bool { kind != .inputObject }
}

/// A field of an object or interface. GraphQL §3.6
package struct FieldDefinition: Sendable {
    package var name: String
    package var description: String?
    package var arguments: [InputValueType]
    package var type: TypeReference
    /// Non-nil where the field is deprecated.
    package var deprecationReason: String?
    package var appliedDirectives: [AppliedDirective]
    package init(
        name: String, description: String? = nil, arguments: [InputValueType] = [], type: TypeReference,
        deprecationReason: String? = nil, appliedDirectives: [AppliedDirective] = []
    ) {
        self.name = name
        self.description = description
        self.arguments = arguments
        self.type = type
        self.deprecationReason = deprecationReason
        self.appliedDirectives = appliedDirectives
    }
    package func argumentIndex(named name: String) -> Int? { arguments.firstIndex { $0.name == name } }
}

/// An argument or an input field. GraphQL §3.6.1, §3.10
package struct InputValueType: Sendable {
    package var name: String
    package var description: String?
    package var type: TypeReference
    /// The default as written, for introspection and printing.
    package var defaultLiteral: InputValue?
    /// The default coerced to `type`, for execution. Nil where there is none.
    package var defaultValue: InputValue?
    package var deprecationReason: String?
    package var appliedDirectives: [AppliedDirective]
    package init(
        name: String, description: String? = nil, type: TypeReference, defaultLiteral: InputValue? = nil,
        defaultValue: InputValue? = nil, deprecationReason: String? = nil, appliedDirectives: [AppliedDirective] = []
    ) {
        self.name = name
        self.description = description
        self.type = type
        self.defaultLiteral = defaultLiteral
        self.defaultValue = defaultValue
        self.deprecationReason = deprecationReason
        self.appliedDirectives = appliedDirectives
    }
    /// Non-null without a default: must be given.
    package var isRequired: Bool { type.isNonNull && defaultLiteral == nil }
}

package struct EnumValue: Sendable {
    package var name: String
    package var description: String?
    package var deprecationReason: String?
    package var appliedDirectives: [AppliedDirective]
    package init(
        name: String, description: String? = nil, deprecationReason: String? = nil, appliedDirectives: [AppliedDirective] = []
    ) {
        self.name = name
        self.description = description
        self.deprecationReason = deprecationReason
        self.appliedDirectives = appliedDirectives
    }
}

/// A directive definition. GraphQL §3.13
package struct DirectiveType: Sendable {
    package var name: String
    package var description: String?
    package var arguments: [InputValueType]
    package var isRepeatable: Bool
    package var locations: [String]
    package var deprecationReason: String?
    package var appliedDirectives: [AppliedDirective]
    /// True for the specification's directives where the schema does not define its own of that name.
    package var isBuiltIn = false
    package init(
        name: String, description: String? = nil, arguments: [InputValueType] = [], isRepeatable: Bool = false,
        locations: [String], deprecationReason: String? = nil, appliedDirectives: [AppliedDirective] = []
    ) {
        self.name = name
        self.description = description
        self.arguments = arguments
        self.isRepeatable = isRepeatable
        self.locations = locations
        self.deprecationReason = deprecationReason
        self.appliedDirectives = appliedDirectives
    }
}

/// A directive where a schema applies it, with its arguments as written (defaults not filled in).
package struct AppliedDirective: Sendable {
    package var name: String
    package var arguments: [(name: String, value: InputValue)]
    package init(name: String, arguments: [(name: String, value: InputValue)]) {
        self.name = name
        self.arguments = arguments
    }
    package func argument(_ name: String) -> InputValue? { arguments.first { $0.name == name }?.value }
}
