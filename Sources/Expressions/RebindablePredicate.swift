import StoreColumns

/// A Boolean expression with arguments over the rows of one type: compiled once, and asked with the values of one request after
/// another. Used on one thread.
///
/// It is asked row by row: of few candidates, or of rows that the caller has. Where many rows are to be asked, `predicate` compiles the
/// same with the values in place, as for a question that was never asked before; what is found then is kept and shared like any other.
package final class RebindablePredicate {
    /// So many candidates are asked at most; more are for a predicate that may compute whole types on the way.
    private static let candidateLimit = 256

    package let type: NodeTypeID
    private let expression: Expression
    private let context: EvaluationContext
    private let argumentUses: [ArgumentUse]
    private let node: TruthNode
    private var frame: Frame
    private var values: [Scalar] = []
    private var made: CompiledPredicate?
    private var way: Way
    /// Kept, as what it looks in has many parts to count.
    private var finder: CandidateFinder
    private var vainSearches = 0
    /// Values that name many rows come now and then; conditions that name none, always.
    private static let vainSearchLimit = 8

    private enum Way {
        case unknown
        /// From the value of an argument, without looking for the way again.
        case argument(FoundWay)
        /// By this part of the conjunction, which gave the fewest.
        case part(Expression)
        /// By the whole, as by a key of several parts.
        case whole
        /// There was none: all rows are asked.
        case none
    }

    /// An object, so that it is lent by one reference.
    private final class FoundWay {
        let way: ArgumentWay
        /// What of the condition the way does not answer.
        let rest: TruthNode
        init(_ way: ArgumentWay, in condition: TruthNode) {
            self.way = way
            rest = condition.without { node in (node as? IsKeyedRow).map(way.answers) ?? false }
        }
    }

    /// Binds all but the values. `bind` comes before any question.
    /// - Throws: `patternInvalid`, `patternLimit`, `illTyped`.
    package init(_ expression: Expression, on type: NodeTypeID, _ context: EvaluationContext) throws(EvaluationError) {
        let program = try Program(expression, of: type, as: .boolean, context)
        guard case .truth(let node) = program.root else { throw .illTyped("a Boolean was expected") }
        self.type = type
        self.expression = expression
        self.context = context
        self.node = node
        argumentUses = program.argumentUses
        frame = program.makeFrame()
        way = .unknown
        finder = CandidateFinder(context, limit: Self.candidateLimit)
    }

    /// Puts the values of a request in place of those before.
    ///
    /// - Parameter value: Of one of the arguments, of which there are so many; nil where it has none that can be compared.
    /// - Returns: false where one of them has none, or one of another type; nothing may be asked then.
    package func bind(_ count: Int, _ value: (Int) -> Scalar?) -> Bool {
        made = nil
        for argument in 0..<count {
            guard let value = value(argument) else { return false }
            // In the room of those before.
            if argument < values.count { values[argument] = value } else { values.append(value) }
        }
        for place in argumentUses.indices {
            let argument = argumentUses[place].argument
            guard values.indices.contains(argument), let test = argumentUses[place].test(of: values[argument]) else {
                return false
            }
            frame.tests[place] = test
        }
        return true
    }

    /// The rows for which it is TRUE, ascending, where keys, indexes or edges name few; nil where they do not.
    package func fewRows() throws(EvaluationError) -> [RowNumber]? {
        if case .argument(let found) = way,
            var rows = found.way.rows(frame.tests[found.way.test], atMost: Self.candidateLimit)
        {
            try Self.keep(&rows, found.rest, &frame)
            return rows
        }
        guard var rows = try candidates() else { return nil }
        try Self.keep(&rows, node, &frame)
        return rows
    }

    /// Takes away the rows for which the condition is not TRUE. The frame is held once for all of them.
    private static func keep(
        _ rows: inout [RowNumber], _ node: TruthNode, _ frame: inout Frame
    ) throws(EvaluationError) {
        var kept = 0
        for index in rows.indices {
            try frame.charge(1)
            frame.rows[Program.rootSlot] = rows[index]
            guard try node.truth(&frame) == .yes else { continue }
            rows[kept] = rows[index]
            kept += 1
        }
        rows.removeLast(rows.count - kept)
        try frame.settle()
    }

    /// The verdict for one live row.
    package func truth(of row: RowNumber) throws(EvaluationError) -> Truth {
        try frame.charge(1)
        frame.rows[Program.rootSlot] = row
        return try node.truth(&frame)
    }

    /// The same with its values for constants.
    package func predicate() throws(EvaluationError) -> CompiledPredicate {
        if let made { return made }
        let made = try CompiledPredicate(expression.bound(toArguments: values), on: type, context)
        self.made = made
        return made
    }

    private func candidates() throws(EvaluationError) -> [RowNumber]? {
        finder.begin(limit: Self.candidateLimit, arguments: values)
        switch way {
        case .none: return nil
        // With this value it names many: another part may name few.
        case .argument: return try finder.candidates(of: expression, variable: 0, type: type)
        case .whole: return try finder.candidates(of: expression, variable: 0, type: type)
        case .part(let part):
            if let rows = try finder.candidates(of: part, variable: 0, type: type) { return rows }
            // With this value it names many: another part may name few.
            finder.begin(limit: Self.candidateLimit, arguments: values)
            return try finder.candidates(of: expression, variable: 0, type: type)
        case .unknown: return try firstCandidates()
        }
    }

    private func firstCandidates() throws(EvaluationError) -> [RowNumber]? {
        guard let rows = try finder.candidates(of: expression, variable: 0, type: type) else {
            vainSearches += 1
            if vainSearches == Self.vainSearchLimit { way = .none }
            return nil
        }
        way = .whole
        for part in expression.conjuncts {
            var finder = CandidateFinder(context, limit: rows.count, arguments: values)
            guard try finder.candidates(of: part, variable: 0, type: type)?.count == rows.count else { continue }
            way =
                ArgumentWay(part, argumentUses, in: context.version).map { .argument(FoundWay($0, in: node)) } ?? .part(part)
            break
        }
        return rows
    }
}
