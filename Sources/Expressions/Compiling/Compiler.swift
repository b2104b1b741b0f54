import Patterns
import StoreColumns

/// Expression → nodes.
///
/// Three things happen on the way besides translation: what names no row is computed at once; what does not change within a
/// loop is hoisted out of it; and operands of `and` and `or` are put in order of cost, which Kleene's logic allows.
struct Compiler {
    private(set) var context: EvaluationContext
    /// Columns that stand for derived fields: figures of groups.
    private let given: [DerivedID: DerivedColumn]
    /// What the numbers in them stand for, where they are texts.
    private let texts: [DerivedID: NumberedTexts]
    private(set) var layout = FrameLayout()
    /// Slots of the variables around the current place, by variable; nil for numbers that no variable has.
    private var slots: [Int?] = []
    /// The loops around it, outermost first.
    private var loops: [Loop] = []
    private var units: [DerivedID: DerivedUnit] = [:]
    private var openUnits: Set<DerivedID> = []
    /// What arguments are compared with, by place in `Frame.tests`.
    private(set) var argumentUses: [ArgumentUse] = []

    private struct Loop {
        var variable: Int
        /// What is to be computed anew whenever the loop begins.
        var hoists: [Int] = []
    }

    init(
        _ context: EvaluationContext, given: [DerivedID: DerivedColumn] = [:], texts: [DerivedID: NumberedTexts] = [:]
    ) {
        self.context = context
        self.given = given
        self.texts = texts
    }

    var version: GraphVersion { context.version }

    mutating func bindRoot() { slots = [makeSlot()] }

    mutating func makeSite() -> Int {
        layout.siteCount += 1
        return layout.siteCount - 1
    }

    mutating func makeMatcher() -> Int {
        layout.matcherCount += 1
        return layout.matcherCount - 1
    }

    /// The place of the test that an argument comes to: one for all places where the same is asked of it, so that its value is looked
    /// up once.
    mutating func makeTest(_ use: ArgumentUse) -> Int {
        if let known = argumentUses.firstIndex(where: { $0.isSame(as: use) }) { return known }
        argumentUses.append(use)
        layout.testCount = argumentUses.count
        return argumentUses.count - 1
    }

    private mutating func makeSlot() -> Int {
        layout.slotCount += 1
        return layout.slotCount - 1
    }

    // MARK: By result

    mutating func root(_ expression: Expression, as result: ExpressionType) throws(EvaluationError) -> RootNode {
        switch result {
        case .boolean: .truth(try truth(expression))
        case .ratio: .ratio(try ratio(expression))
        case .string: .text(try text(expression))
        case .rows: .rows(try rows(expression))
        case .enumerationList: throw .illTyped("an enum list is read from its column, not computed")
        case .int, .decimal, .float, .date, .dateTime, .enumeration, .row: .integer(try integer(expression, as: result))
        }
    }

    /// A row variable's node.
    func variable(_ index: Int) throws(EvaluationError) -> VariableNode {
        guard slots.indices.contains(index), let slot = slots[index] else {
            throw .illTyped("variable \(index) is not bound here")
        }
        return VariableNode(slot: slot)
    }

    /// The type of row that an expression gives.
    func rowType(_ expression: Expression) throws(EvaluationError) -> NodeTypeID {
        guard case .row(let type) = expression.type else { throw .illTyped("a row was expected") }
        return type
    }

    func setType(_ expression: Expression) throws(EvaluationError) -> NodeTypeID {
        guard case .rows(let type) = expression.type else { throw .illTyped("a set of rows was expected") }
        return type
    }

    func column(_ index: Int, of row: Expression) throws(EvaluationError) -> Column {
        let type = try rowType(row)
        guard version.catalog[type].columns.indices.contains(index) else {
            throw .illTyped("\(version.catalog[type].name) has no column \(index)")
        }
        return version[type].column(index)
    }

    // MARK: Loops

    /// Compiles what a loop over rows asks of each.
    mutating func loop<Body>(
        _ variable: Int, _ body: (inout Compiler) throws(EvaluationError) -> Body
    ) throws(EvaluationError) -> (body: Body, slot: Int, hoists: [Int]) {
        guard (0..<63).contains(variable), slots.count <= variable else {
            throw .illTyped("row variables count from the outside, up to 62; \(variable) does not fit here")
        }
        let slot = makeSlot()
        let outerSlots = slots
        slots.append(contentsOf: repeatElement(nil, count: variable - slots.count))
        slots.append(slot)
        loops.append(Loop(variable: variable))
        defer {
            slots = outerSlots
            loops.removeLast()
        }
        let compiled = try body(&self)
        return (compiled, slot, loops[loops.count - 1].hoists)
    }

    mutating func condition(
        _ condition: Expression, variable: Int, over type: NodeTypeID
    ) throws(EvaluationError) -> LoopCondition {
        let loop = try loop(variable) { (compiler) throws(EvaluationError) in try compiler.truth(condition) }
        return LoopCondition(
            loop.body, of: condition, variable: variable, slot: loop.slot, hoists: loop.hoists, site: makeSite(),
            over: version[type], context)
    }

    /// Where an expression that the innermost loop does not change is to be kept, and the loops it is compiled outside of.
    private mutating func hoist(_ expression: Expression) -> (index: Int, outer: Int)? {
        guard let innermost = loops.last, expression.cost >= 4 else { return nil }
        let free = expression.freeVariables
        guard free != 0 else { return nil }
        let greatest = 63 - free.leadingZeroBitCount
        guard greatest < innermost.variable, let outer = loops.firstIndex(where: { $0.variable > greatest }) else { return nil }
        layout.hoistCount += 1
        loops[outer].hoists.append(layout.hoistCount - 1)
        return (layout.hoistCount - 1, outer)
    }

    private mutating func outside<Body>(
        of outer: Int, _ body: (inout Compiler) throws(EvaluationError) -> Body
    ) throws(EvaluationError) -> Body {
        let inner = Array(loops[outer...])
        loops.removeSubrange(outer...)
        let compiled = try body(&self)
        loops.append(contentsOf: inner)
        return compiled
    }

    // MARK: Folding

    /// The value of what names no row; an error is left to arise where it is asked for.
    private func known<Value>(_ expression: Expression, _ ask: (inout Frame) throws(EvaluationError) -> Value) -> Value? {
        guard expression.freeVariables == 0 else { return nil }
        var frame = Frame(layout, context)
        return try? ask(&frame)
    }

    mutating func truth(_ expression: Expression) throws(EvaluationError) -> TruthNode {
        if let place = hoist(expression) {
            let node = try outside(of: place.outer) { (compiler) throws(EvaluationError) in try compiler.makeTruth(expression) }
            return HoistedTruth(node, index: place.index)
        }
        let node = try makeTruth(expression)
        if node is ConstantTruth { return node }
        return known(expression) { (frame) throws(EvaluationError) in try node.truth(&frame) }.map(ConstantTruth.init) ?? node
    }

    /// An integer node that gives values as a type does: a decimal at its scale, a Float as its bits.
    mutating func integer(_ expression: Expression, as target: ExpressionType) throws(EvaluationError) -> IntegerNode {
        if let place = hoist(expression) {
            let node = try outside(of: place.outer) { (compiler) throws(EvaluationError) in
                try compiler.makeInteger(expression, as: target)
            }
            return HoistedInteger(node, index: place.index)
        }
        let node = try makeInteger(expression, as: target)
        if node is ConstantInteger { return node }
        return known(expression) { (frame) throws(EvaluationError) in try node.value(&frame) }.map(ConstantInteger.init) ?? node
    }

    mutating func integer(_ expression: Expression) throws(EvaluationError) -> IntegerNode {
        try integer(expression, as: expression.type)
    }

    mutating func ratio(_ expression: Expression) throws(EvaluationError) -> RatioNode {
        let node = try makeRatio(expression)
        if node is ConstantRatio { return node }
        return known(expression) { (frame) throws(EvaluationError) in try node.value(&frame) }.map(ConstantRatio.init) ?? node
    }

    // MARK: Derived fields

    /// The nodes of a derived field, compiled once for all that read it here.
    mutating func unit(_ id: DerivedID) throws(EvaluationError) -> DerivedUnit {
        if let unit = units[id] { return unit }
        guard context.rowTypes.derived.indices.contains(id.index) else { throw .illTyped("no derived field \(id.index)") }
        let field = context.rowTypes[id]
        guard openUnits.insert(id).inserted else {
            throw .illTyped("the derived field \(field.name) is computed from itself")
        }
        guard field.resultType.accepts(field.expression.type) else {
            throw .illTyped("the derived field \(field.name) is computed by an expression of another type")
        }
        let (outerSlots, outerLoops) = (slots, loops)
        let slot = makeSlot()
        slots = [slot]
        loops = []
        // Whoever sees which rows: the field is computed of all.
        let outerContext = context
        context = outerContext.whole
        defer { context = outerContext }
        let root = try root(field.expression, as: field.resultType)
        (slots, loops) = (outerSlots, outerLoops)
        openUnits.remove(id)
        let unit = DerivedUnit(id: id, slot: slot, root: root, rowCount: version[field.type].rowCount)
        units[id] = unit
        return unit
    }

    /// The column of a derived field that was computed for an earlier request: nothing of it needs to be compiled.
    func knownColumn(_ id: DerivedID, of row: Expression) throws(EvaluationError) -> DerivedColumn? {
        if let column = given[id] { return column }
        guard context.materialisation != .never, context.rowTypes.derived.indices.contains(id.index),
            try rowType(row) == context.rowTypes[id].type
        else { return nil }
        return context.derived.known(id)
    }

    /// The column that stands for a derived text, with its texts.
    func givenTexts(_ id: DerivedID) -> (column: DerivedColumn, texts: NumberedTexts)? {
        guard let column = given[id], let texts = texts[id] else { return nil }
        return (column, texts)
    }

    mutating func reader(_ id: DerivedID, of row: Expression) throws(EvaluationError) -> DerivedReader {
        let unit = try unit(id)
        guard try rowType(row) == context.rowTypes[id].type else { throw .illTyped("a derived field of another type's row") }
        return DerivedReader(
            unit: unit, row: try integer(row), context: context.whole, site: makeSite(),
            isWorthKeeping: !context.rowTypes[id].expression.isReadByNeighbours)
    }
}
