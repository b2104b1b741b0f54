extension Expression {
    /// The same with every row variable's number moved by so many, so that what stands inside other constructs is asked alone.
    func movingVariables(by distance: Int) -> Expression { distance == 0 ? self : shifted(by: -distance) }

    /// The parts of nested conjunctions, in order.
    var conjuncts: [Expression] {
        if case .and(let operands) = self { operands.flatMap(\.conjuncts) } else { [self] }
    }
}
