extension Parser {
    /// OperationDefinition : SelectionSet
    mutating func shorthandOperation() throws(SyntaxError) -> OperationDefinition {
        let start = token
        let selectionSet = try selectionSet()
        return OperationDefinition(
            description: nil, kind: .query, name: nil, variables: .empty, directives: .empty, selectionSet: selectionSet,
            range: range(from: start), isShorthand: true)
    }

    /// OperationDefinition : Description? OperationType Name? VariablesDefinition? Directives? SelectionSet
    mutating func operation(_ head: DefinitionHead) throws(SyntaxError) -> OperationDefinition {
        let kind = try operationKind()
        let name = isNext(.name) ? try name() : nil
        let variables = try variableDefinitions()
        let directives = try directives()
        let selectionSet = try selectionSet()
        return OperationDefinition(
            description: head.description, kind: kind, name: name, variables: variables, directives: directives,
            selectionSet: selectionSet, range: range(from: head.start), isShorthand: false)
    }

    /// OperationType : one of `query` `mutation` `subscription`
    mutating func operationKind() throws(SyntaxError) -> OperationKind {
        let token = token
        let kind: OperationKind? =
            switch token.kind == .name ? token.name : nil {
            case NameID.query: .query
            case NameID.mutation: .mutation
            case NameID.subscription: .subscription
            default: nil
            }
        guard let kind else { throw unexpected(expecting: "'query', 'mutation' or 'subscription'") }
        try advance()
        return kind
    }

    /// VariablesDefinition : `(` VariableDefinition+ `)`
    private mutating func variableDefinitions() throws(SyntaxError) -> Run<VariableDefinition> {
        guard try take(.openParenthesis) else { return .empty }
        let first = document.variables.count
        repeat {
            let definition = try variableDefinition()
            document.variables.append(definition, roomFor: 8)
        } while try !take(.closeParenthesis)
        return Run(start: first, count: document.variables.count - first)
    }

    /// VariableDefinition : Description? Variable `:` Type DefaultValue? DirectivesConst?
    private mutating func variableDefinition() throws(SyntaxError) -> VariableDefinition {
        let start = token
        let description = try description()
        guard isNext(.dollar) else { throw unexpected(expecting: "a variable, '$' and its name") }
        try advance()
        let name = try name()
        try expect(.colon)
        let type = try type()
        let defaultValue = try defaultValue()
        let directives = try directives(isConstant: true)
        return VariableDefinition(
            description: description, name: name, type: type, defaultValue: defaultValue, directives: directives,
            range: range(from: start))
    }

    /// SelectionSet : `{` Selection* `}` (September 2025: Selection+)
    private mutating func selectionSet() throws(SyntaxError) -> SelectionSet {
        let start = token
        try expect(.openBrace)
        let first = selections.count
        if edition == .september2025, isNext(.closeBrace) { throw unexpected(expecting: "a field, or '...' and a fragment") }
        while try !take(.closeBrace) {
            let selection = try selection()
            selections.push(selection)
        }
        let run = selections.move(from: first, to: &document.selections, roomFor: byteCount / 20)
        return SelectionSet(selections: run, range: range(from: start))
    }

    /// Selection : Field | FragmentSpread | InlineFragment
    private mutating func selection() throws(SyntaxError) -> Selection {
        switch token.kind {
        case .name: .field(try field())
        case .spread: try spread()
        default: throw unexpected(expecting: "a field, '...' or '}'")
        }
    }

    /// Field : Alias? Name Arguments? Directives? SelectionSet?
    ///
    /// Alias : Name `:`
    private mutating func field() throws(SyntaxError) -> Field {
        let start = token
        var name = try name()
        var alias: Name?
        if try take(.colon) {
            alias = name
            name = try self.name()
        }
        let arguments = try arguments()
        let directives = try directives()
        let selectionSet = isNext(.openBrace) ? try selectionSet() : nil
        return Field(
            alias: alias, name: name, arguments: arguments, directives: directives, selectionSet: selectionSet,
            range: range(from: start))
    }

    /// FragmentSpread : `...` FragmentName Directives?
    ///
    /// InlineFragment : `...` TypeCondition? Directives? SelectionSet
    private mutating func spread() throws(SyntaxError) -> Selection {
        let start = token
        try expect(.spread)
        if isNext(.name), !isNext(word: .on) {
            let name = try name()
            let directives = try directives()
            return .fragmentSpread(FragmentSpread(name: name, directives: directives, range: range(from: start)))
        }
        let typeCondition = try take(word: .on) ? try name("the name of a type") : nil
        let directives = try directives()
        let selectionSet = try selectionSet()
        return .inlineFragment(
            InlineFragment(
                typeCondition: typeCondition, directives: directives, selectionSet: selectionSet, range: range(from: start)))
    }

    /// FragmentDefinition : Description? `fragment` FragmentName TypeCondition Directives? SelectionSet
    ///
    /// FragmentName : Name but not `on`
    ///
    /// TypeCondition : `on` NamedType
    mutating func fragment(_ head: DefinitionHead) throws(SyntaxError) -> FragmentDefinition {
        try expect(word: .fragment)
        if isNext(word: .on) { throw unexpected(expecting: "the name of the fragment") }
        let name = try name("the name of the fragment")
        try expect(word: .on)
        let typeCondition = try self.name("the name of a type")
        let directives = try directives()
        let selectionSet = try selectionSet()
        return FragmentDefinition(
            description: head.description, name: name, typeCondition: typeCondition, directives: directives,
            selectionSet: selectionSet, range: range(from: head.start))
    }

    /// Arguments[Const] : `(` Argument[?Const]+ `)`
    ///
    /// Argument[Const] : Name `:` Value[?Const]
    private mutating func arguments(isConstant: Bool = false) throws(SyntaxError) -> Run<Argument> {
        guard try take(.openParenthesis) else { return .empty }
        let first = document.arguments.count
        repeat {
            let start = token
            let name = try name("the name of an argument")
            try expect(.colon)
            let value = try storedValue(isConstant: isConstant)
            document.arguments.append(
                Argument(name: name, value: value, range: range(from: start)), roomFor: byteCount / 48)
        } while try !take(.closeParenthesis)
        return Run(start: first, count: document.arguments.count - first)
    }

    /// Directives[Const] : Directive[?Const]+
    ///
    /// Directive[Const] : `@` Name Arguments[?Const]?
    mutating func directives(isConstant: Bool = false) throws(SyntaxError) -> Run<Directive> {
        guard isNext(.at) else { return .empty }
        let first = document.directives.count
        while isNext(.at) {
            let start = token
            try advance()
            let name = try name("the name of a directive")
            let arguments = try arguments(isConstant: isConstant)
            document.directives.append(
                Directive(name: name, arguments: arguments, range: range(from: start)), roomFor: 8)
        }
        return Run(start: first, count: document.directives.count - first)
    }
}
