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
    private var bound: Bound
    /// From the value of an argument, without looking for the way again. Goes before the other ways.
    private var found: FoundWay?
    private var way: Way
    /// Kept, as what it looks in has many parts to count.
    private var finder: CandidateFinder
    private var vainSearches = 0
    /// Values that name many rows come now and then; conditions that name none, always.
    private static let vainSearchLimit = 8

    /// What the values of one request come to: together, as each access to a member of an object is checked.
    private struct Bound {
        var frame: Frame
        var values: [Scalar] = []
        var made: CompiledPredicate?

        /// - Parameter value: As of `RebindablePredicate.bind`.
        mutating func bind(_ uses: [ArgumentUse], _ count: Int, _ value: (Int) -> Scalar?) -> Bool {
            made = nil
            for argument in 0..<count {
                guard let value = value(argument) else { return false }
                // In the room of those before.
                if argument < values.count { values[argument] = value } else { values.append(value) }
            }
            for place in uses.indices {
                let argument = uses[place].argument
                guard values.indices.contains(argument), let test = uses[place].test(of: values[argument]) else { return false }
                frame.tests[place] = test
            }
            return true
        }
    }

    private enum Way {
        case unknown
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

        /// The rows for which the condition is TRUE; nil where the way leads to many.
        func rows(_ frame: inout Frame) throws(EvaluationError) -> [RowNumber]? {
            guard var rows = way.rows(frame.tests[way.test], atMost: RebindablePredicate.candidateLimit) else { return nil }
            try frame.keep(&rows, where: rest)
            return rows
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
        bound = Bound(frame: program.makeFrame())
        way = .unknown
        finder = CandidateFinder(context, limit: Self.candidateLimit)
    }

    /// Puts the values of a request in place of those before.
    ///
    /// - Parameter value: Of one of the arguments, of which there are so many; nil where it has none that can be compared.
    /// - Returns: false where one of them has none, or one of another type; nothing may be asked then.
    package func bind(_ count: Int, _ value: (Int) -> Scalar?) -> Bool {
        bound.bind(argumentUses, count, value)
    }

    /// The rows for which it is TRUE, ascending, where keys, indexes or edges name few; nil where they do not.
    package func fewRows() throws(EvaluationError) -> [RowNumber]? {
        if let found, let rows = try found.rows(&bound.frame) { return rows }
        guard var rows = try candidates() else { return nil }
        try bound.frame.keep(&rows, where: node)
        return rows
    }

    /// The verdict for one live row.
    package func truth(of row: RowNumber) throws(EvaluationError) -> Truth {
        try bound.frame.truth(of: row, node)
    }

    /// The same with its values for constants.
    package func predicate() throws(EvaluationError) -> CompiledPredicate {
        if let made = bound.made { return made }
        let made = try CompiledPredicate(expression.bound(toArguments: bound.values), on: type, context)
        bound.made = made
        return made
    }

    private func candidates() throws(EvaluationError) -> [RowNumber]? {
        finder.begin(limit: Self.candidateLimit, arguments: bound.values)
        switch way {
        case .none: return nil
        case .whole: return try finder.candidates(of: expression, variable: 0, type: type)
        case .part(let part):
            if let rows = try finder.candidates(of: part, variable: 0, type: type) { return rows }
            // With this value it names many: another part may name few.
            finder.begin(limit: Self.candidateLimit, arguments: bound.values)
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
            var finder = CandidateFinder(context, limit: rows.count, arguments: bound.values)
            guard try finder.candidates(of: part, variable: 0, type: type)?.count == rows.count else { continue }
            // Where with some value it names many, another part may name few: then it is the whole that is looked at.
            found = ArgumentWay(part, argumentUses, in: context.version).map { FoundWay($0, in: node) }
            if found == nil { way = .part(part) }
            break
        }
        return rows
    }
}

extension Frame {
    /// Takes away the rows for which a condition is not TRUE.
    fileprivate mutating func keep(_ rows: inout [RowNumber], where condition: TruthNode) throws(EvaluationError) {
        var kept = 0
        for index in rows.indices {
            guard try truth(of: rows[index], condition) == .yes else { continue }
            rows[kept] = rows[index]
            kept += 1
        }
        rows.removeLast(rows.count - kept)
        try settle()
    }

    /// A condition's verdict for a row of the type that it is of.
    @inline(__always)
    fileprivate mutating func truth(of row: RowNumber, _ condition: TruthNode) throws(EvaluationError) -> Truth {
        try charge(1)
        rows[Program.rootSlot] = row
        return try condition.truth(&self)
    }
}
