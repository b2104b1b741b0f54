import StoreColumns

/// The top of a compiled expression, by what it gives.
enum RootNode: Sendable {
    case truth(TruthNode)
    case integer(IntegerNode)
    case ratio(RatioNode)
    case text(TextNode)
    case rows(RowSetNode)
}

/// An expression bound to a version and an as-of date: constants are codes, patterns are compiled, columns are found.
final class Program: Sendable {
    /// Where variable 0 is bound.
    static let rootSlot = 0

    let root: RootNode
    let context: EvaluationContext
    private let layout: FrameLayout
    /// What its arguments are compared with.
    let argumentUses: [ArgumentUse]

    /// - Parameters:
    ///   - type: of variable 0.
    ///   - result: what the expression is to give; its own type must be accepted by it.
    ///   - given: columns that stand for derived fields, whatever the model says of these.
    ///   - texts: what the numbers in such columns stand for, where they are texts.
    init(
        _ expression: Expression, of type: NodeTypeID, as result: ExpressionType, _ context: EvaluationContext,
        given: [DerivedID: DerivedColumn] = [:], texts: [DerivedID: NumberedTexts] = [:]
    ) throws(EvaluationError) {
        guard result.accepts(expression.type) else {
            throw .illTyped("an expression of one type is used as another")
        }
        context.notes?.note(derivedFieldsOf: expression, in: context.rowTypes)
        var compiler = Compiler(context, given: given, texts: texts)
        compiler.bindRoot()
        root = try compiler.root(expression, as: result)
        layout = compiler.layout
        argumentUses = compiler.argumentUses
        self.context = context
    }

    /// A conjunction whose parts are asked in the order given.
    init(
        inOrder conjuncts: [Expression], of type: NodeTypeID, _ context: EvaluationContext
    ) throws(EvaluationError) {
        for conjunct in conjuncts { context.notes?.note(derivedFieldsOf: conjunct, in: context.rowTypes) }
        var compiler = Compiler(context)
        compiler.bindRoot()
        var nodes: [TruthNode] = []
        for conjunct in conjuncts { nodes.append(try compiler.truth(conjunct)) }
        root = .truth(AndNode.all(nodes[...]))
        layout = compiler.layout
        argumentUses = compiler.argumentUses
        self.context = context
    }

    /// A string expression to order by: a column gives its codes, and its dictionary to `hasDictionary`; others give texts.
    init(
        codesOf expression: Expression, of type: NodeTypeID, _ context: EvaluationContext,
        _ hasDictionary: (StringDictionary) -> Void
    ) throws(EvaluationError) {
        context.notes?.note(derivedFieldsOf: expression, in: context.rowTypes)
        var compiler = Compiler(context)
        compiler.bindRoot()
        if let codes = try compiler.codes(of: expression) {
            root = .integer(codes.node)
            hasDictionary(codes.dictionary)
        } else {
            root = .text(try compiler.text(expression))
        }
        layout = compiler.layout
        argumentUses = compiler.argumentUses
        self.context = context
    }

    func makeFrame() -> Frame { Frame(layout, context) }
}
