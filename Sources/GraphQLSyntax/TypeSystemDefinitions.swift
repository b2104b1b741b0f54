// The type-system half of the grammar (GraphQL §3). A schema is read once, so these nodes are plain values.

/// `schema { … }` or `extend schema`. GraphQL §3.3
package struct SchemaDefinition: Sendable {
    package var description: StringValue?
    package var directives: Run<Directive>
    package var operationTypes: [OperationTypeDefinition]
    package var range: SourceRange
    package init(
        description: StringValue?, directives: Run<Directive>, operationTypes: [OperationTypeDefinition], range: SourceRange
    ) {
        self.description = description
        self.directives = directives
        self.operationTypes = operationTypes
        self.range = range
    }
}

package struct OperationTypeDefinition: Sendable {
    package var kind: OperationKind
    package var type: Name
    package var range: SourceRange
    package init(kind: OperationKind, type: Name, range: SourceRange) {
        self.kind = kind
        self.type = type
        self.range = range
    }
}

/// The six kinds of named types. GraphQL §3.4
package enum TypeDefinitionKind: String, Sendable, CaseIterable {
    case scalar, object, interface, union, enumeration, inputObject
}

/// One type definition, or an extension of one. Parts a kind does not have are empty.
package struct TypeDefinition: Sendable {
    package var kind: TypeDefinitionKind
    /// Always nil on an extension.
    package var description: StringValue?
    package var name: Name
    package var directives: Run<Directive>
    /// Objects and interfaces.
    package var interfaces: [Name]
    /// Objects and interfaces.
    package var fields: [FieldDefinitionNode]
    /// Input objects.
    package var inputFields: [InputValueDefinition]
    /// Unions.
    package var members: [Name]
    /// Enums.
    package var values: [EnumValueDefinition]
    package var range: SourceRange
    package init(
        kind: TypeDefinitionKind, description: StringValue?, name: Name, directives: Run<Directive>, interfaces: [Name] = [],
        fields: [FieldDefinitionNode] = [], inputFields: [InputValueDefinition] = [], members: [Name] = [],
        values: [EnumValueDefinition] = [], range: SourceRange
    ) {
        self.kind = kind
        self.description = description
        self.name = name
        self.directives = directives
        self.interfaces = interfaces
        self.fields = fields
        self.inputFields = inputFields
        self.members = members
        self.values = values
        self.range = range
    }
}

package struct FieldDefinitionNode: Sendable {
    package var description: StringValue?
    package var name: Name
    package var arguments: [InputValueDefinition]
    package var type: Position<TypeNode>
    package var directives: Run<Directive>
    package var range: SourceRange
    package init(
        description: StringValue?, name: Name, arguments: [InputValueDefinition], type: Position<TypeNode>,
        directives: Run<Directive>, range: SourceRange
    ) {
        self.description = description
        self.name = name
        self.arguments = arguments
        self.type = type
        self.directives = directives
        self.range = range
    }
}

/// An argument definition or an input field definition. GraphQL §3.6.1, §3.10
package struct InputValueDefinition: Sendable {
    package var description: StringValue?
    package var name: Name
    package var type: Position<TypeNode>
    package var defaultValue: Position<Value>?
    package var directives: Run<Directive>
    package var range: SourceRange
    package init(
        description: StringValue?, name: Name, type: Position<TypeNode>, defaultValue: Position<Value>?,
        directives: Run<Directive>, range: SourceRange
    ) {
        self.description = description
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.directives = directives
        self.range = range
    }
}

package struct EnumValueDefinition: Sendable {
    package var description: StringValue?
    package var name: Name
    package var directives: Run<Directive>
    package var range: SourceRange
    package init(description: StringValue?, name: Name, directives: Run<Directive>, range: SourceRange) {
        self.description = description
        self.name = name
        self.directives = directives
        self.range = range
    }
}

/// GraphQL §3.13
package struct DirectiveDefinition: Sendable {
    package var description: StringValue?
    package var name: Name
    package var arguments: [InputValueDefinition]
    /// Directives on the directive definition itself (September 2026).
    package var directives: Run<Directive>
    package var isRepeatable: Bool
    package var locations: [Name]
    package var range: SourceRange
    package init(
        description: StringValue?, name: Name, arguments: [InputValueDefinition], directives: Run<Directive>,
        isRepeatable: Bool, locations: [Name], range: SourceRange
    ) {
        self.description = description
        self.name = name
        self.arguments = arguments
        self.directives = directives
        self.isRepeatable = isRepeatable
        self.locations = locations
        self.range = range
    }
}

/// `extend directive @name @applied` (September 2026).
package struct DirectiveExtension: Sendable {
    package var name: Name
    package var directives: Run<Directive>
    package var range: SourceRange
    package init(name: Name, directives: Run<Directive>, range: SourceRange) {
        self.name = name
        self.directives = directives
        self.range = range
    }
}
