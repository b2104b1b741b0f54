import GraphQLSyntax

// The document's own look-ups, so that a rule names the document once.
extension TypedDocument {
    subscript(name: NameID) -> String { document[name] }
    subscript(run: Run<Argument>) -> ArraySlice<Argument> { document[run] }
    subscript(run: Run<Directive>) -> ArraySlice<Directive> { document[run] }
    subscript(run: Run<ObjectField>) -> ArraySlice<ObjectField> { document[run] }
    subscript(run: Run<VariableDefinition>) -> ArraySlice<VariableDefinition> { document[run] }
    subscript(position: Position<Value>) -> Value { document[position] }
    subscript(position: Position<TypeNode>) -> TypeNode { document[position] }
}
