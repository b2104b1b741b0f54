/// A parsed GraphQL document: a tree laid out in flat arrays.
///
/// Nodes refer to their children by runs of positions instead of by references, so a document is a handful of
/// allocations however large it is, can be copied and sent freely, and is released without recursion. Every executable
/// node carries the byte range it was read from. Depth is bounded by `ParserLimits.depth`, checked while parsing.
///
/// In each array the nodes of one definition stand before those of the next, and children before their parents: a pass
/// backwards meets every parent before its children, a pass forwards every child before its parent.
///
/// Source: GraphQL September 2026, §2 and §3; Appendix B.
package struct Document: Sendable {
    /// The bytes the document was read from.
    package let source: Source
    /// Every distinct name of the document, once.
    package var names: NameTable
    /// All definitions in source order.
    package var definitions: [Definition] = []

    package var selections: [Selection] = []
    package var arguments: [Argument] = []
    package var directives: [Directive] = []
    package var values: [Value] = []
    package var objectFields: [ObjectField] = []
    package var typeReferences: [TypeNode] = []
    package var variables: [VariableDefinition] = []

    package init(source: Source, names: NameTable) {
        self.source = source
        self.names = names
    }

    // Children of a node are adjacent; a run names them.
    package subscript(run: Run<Selection>) -> ArraySlice<Selection> { selections[run.indices] }
    package subscript(run: Run<Argument>) -> ArraySlice<Argument> { arguments[run.indices] }
    package subscript(run: Run<Directive>) -> ArraySlice<Directive> { directives[run.indices] }
    package subscript(run: Run<Value>) -> ArraySlice<Value> { values[run.indices] }
    package subscript(run: Run<ObjectField>) -> ArraySlice<ObjectField> { objectFields[run.indices] }
    package subscript(run: Run<VariableDefinition>) -> ArraySlice<VariableDefinition> { variables[run.indices] }
    package subscript(position: Position<Value>) -> Value { values[Int(position.rawValue)] }
    package subscript(position: Position<TypeNode>) -> TypeNode { typeReferences[Int(position.rawValue)] }

    /// The text of a name.
    package subscript(name: NameID) -> String { names[name] }
}

/// The place of a node of one kind in its document's array.
package struct Position<Node>: Hashable, Sendable {
    package var rawValue: UInt32
    package init(_ index: Int) { rawValue = UInt32(index) }
    package var index: Int { Int(rawValue) }
}

/// Adjacent nodes of one kind in their document's array; empty where the syntax was absent.
package struct Run<Node>: Hashable, Sendable {
    package var start: UInt32
    package var count: UInt32
    package init(start: Int, count: Int) {
        self.start = UInt32(start)
        self.count = UInt32(count)
    }
    /// The run of nothing.
    package static var empty: Run { Run(start: 0, count: 0) }
    package var indices: Range<Int> { Int(start)..<(Int(start) + Int(count)) }
    package var isEmpty: Bool { count == 0 }
}

/// A half-open range of bytes in a source.
package struct SourceRange: Hashable, Sendable {
    package var start: UInt32
    package var end: UInt32
    package init(start: Int, end: Int) {
        self.start = UInt32(start)
        self.end = UInt32(end)
    }
    init(start: UInt32, end: UInt32) {
        self.start = start
        self.end = end
    }
}

/// A name where it stands in the source.
package struct Name: Hashable, Sendable {
    package var id: NameID
    package var range: SourceRange
    package init(id: NameID, range: SourceRange) {
        self.id = id
        self.range = range
    }
}

// MARK: - Executable definitions

/// One definition of a document. GraphQL §2.2
package enum Definition: Sendable {
    case operation(OperationDefinition)
    case fragment(FragmentDefinition)
    case schema(SchemaDefinition)
    case schemaExtension(SchemaDefinition)
    case type(TypeDefinition)
    case typeExtension(TypeDefinition)
    case directive(DirectiveDefinition)
    case directiveExtension(DirectiveExtension)
}

package enum OperationKind: String, Sendable, CaseIterable {
    case query, mutation, subscription
}

/// GraphQL §2.3
package struct OperationDefinition: Sendable {
    package var description: StringValue?
    package var kind: OperationKind
    /// Nil for an anonymous operation.
    package var name: Name?
    package var variables: Run<VariableDefinition>
    package var directives: Run<Directive>
    package var selectionSet: SelectionSet
    package var range: SourceRange
    /// True for the `{ … }` form without keyword.
    package var isShorthand: Bool
    package init(
        description: StringValue?, kind: OperationKind, name: Name?, variables: Run<VariableDefinition>,
        directives: Run<Directive>, selectionSet: SelectionSet, range: SourceRange, isShorthand: Bool
    ) {
        self.description = description
        self.kind = kind
        self.name = name
        self.variables = variables
        self.directives = directives
        self.selectionSet = selectionSet
        self.range = range
        self.isShorthand = isShorthand
    }
}

/// GraphQL §2.9
package struct FragmentDefinition: Sendable {
    package var description: StringValue?
    package var name: Name
    package var typeCondition: Name
    package var directives: Run<Directive>
    package var selectionSet: SelectionSet
    package var range: SourceRange
    package init(
        description: StringValue?, name: Name, typeCondition: Name, directives: Run<Directive>,
        selectionSet: SelectionSet, range: SourceRange
    ) {
        self.description = description
        self.name = name
        self.typeCondition = typeCondition
        self.directives = directives
        self.selectionSet = selectionSet
        self.range = range
    }
}

/// The braces and what stands between them; may be empty (September 2026). GraphQL §2.4
package struct SelectionSet: Hashable, Sendable {
    package var selections: Run<Selection>
    package var range: SourceRange
    package init(selections: Run<Selection>, range: SourceRange) {
        self.selections = selections
        self.range = range
    }
}

package enum Selection: Sendable {
    case field(Field)
    case fragmentSpread(FragmentSpread)
    case inlineFragment(InlineFragment)
}

/// GraphQL §2.5
package struct Field: Sendable {
    package var alias: Name?
    package var name: Name
    package var arguments: Run<Argument>
    package var directives: Run<Directive>
    /// Nil where there are no braces; an empty selection set is not nil.
    package var selectionSet: SelectionSet?
    package var range: SourceRange
    /// The alias, or the name where there is none. GraphQL §6.4.2 "response name"
    package var responseName: NameID { (alias ?? name).id }
    package init(
        alias: Name?, name: Name, arguments: Run<Argument>, directives: Run<Directive>, selectionSet: SelectionSet?,
        range: SourceRange
    ) {
        self.alias = alias
        self.name = name
        self.arguments = arguments
        self.directives = directives
        self.selectionSet = selectionSet
        self.range = range
    }
}

package struct FragmentSpread: Sendable {
    package var name: Name
    package var directives: Run<Directive>
    package var range: SourceRange
    package init(name: Name, directives: Run<Directive>, range: SourceRange) {
        self.name = name
        self.directives = directives
        self.range = range
    }
}

package struct InlineFragment: Sendable {
    package var typeCondition: Name?
    package var directives: Run<Directive>
    package var selectionSet: SelectionSet
    package var range: SourceRange
    package init(typeCondition: Name?, directives: Run<Directive>, selectionSet: SelectionSet, range: SourceRange) {
        self.typeCondition = typeCondition
        self.directives = directives
        self.selectionSet = selectionSet
        self.range = range
    }
}

package struct Argument: Sendable {
    package var name: Name
    package var value: Position<Value>
    package var range: SourceRange
    package init(name: Name, value: Position<Value>, range: SourceRange) {
        self.name = name
        self.value = value
        self.range = range
    }
}

package struct Directive: Sendable {
    package var name: Name
    package var arguments: Run<Argument>
    package var range: SourceRange
    package init(name: Name, arguments: Run<Argument>, range: SourceRange) {
        self.name = name
        self.arguments = arguments
        self.range = range
    }
}

/// GraphQL §2.11
package struct VariableDefinition: Sendable {
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

// MARK: - Values and types

/// A value literal. GraphQL §2.10
package struct Value: Sendable {
    package enum Kind: Sendable {
        case variable(NameID)
        /// The lexeme is the node's source range; its magnitude is unbounded.
        case int
        /// The lexeme is the node's source range.
        case float
        case string(StringValue)
        case boolean(Bool)
        case null
        case enumeration(NameID)
        case list(Run<Value>)
        case object(Run<ObjectField>)
    }
    package var kind: Kind
    package var range: SourceRange
    package init(kind: Kind, range: SourceRange) {
        self.kind = kind
        self.range = range
    }
}

/// A string token. Its text is decoded when asked for (`Document.text(of:)`), not while lexing.
package struct StringValue: Hashable, Sendable {
    /// With its quotes.
    package var range: SourceRange
    package var isBlock: Bool
    package init(range: SourceRange, isBlock: Bool) {
        self.range = range
        self.isBlock = isBlock
    }
}

package struct ObjectField: Sendable {
    package var name: Name
    package var value: Position<Value>
    package var range: SourceRange
    package init(name: Name, value: Position<Value>, range: SourceRange) {
        self.name = name
        self.value = value
        self.range = range
    }
}

/// A type as a document writes it. GraphQL §2.12
package struct TypeNode: Sendable {
    package enum Kind: Sendable {
        case named(Name)
        case list(Position<TypeNode>)
        case nonNull(Position<TypeNode>)
    }
    package var kind: Kind
    package var range: SourceRange
    package init(kind: Kind, range: SourceRange) {
        self.kind = kind
        self.range = range
    }
}
