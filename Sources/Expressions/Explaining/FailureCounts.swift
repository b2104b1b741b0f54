import StoreColumns

/// How often each condition of a rule fails, over all rows of a type, by a key of theirs.
///
/// The conditions are the parts of the rule's outermost conjunction; verdicts are those of whole types that queries ask for and keep.
package struct FailureCounts: Sendable {
    package struct Condition: Sendable {
        package var failing = 0
        package var unknown = 0
        /// Rows for which it is the only one that is not TRUE.
        package var alone = 0
    }

    package struct Group: Sendable {
        /// Null where rows have no key, and where none is asked for.
        package var key: Scalar
        package var rows = 0
        package var holding = 0
        package var failing = 0
        package var unknown = 0
        /// By condition.
        package var conditions: [Condition]

        fileprivate init(key: Scalar, conditionCount: Int) {
            self.key = key
            conditions = Array(repeating: Condition(), count: conditionCount)
        }

        fileprivate mutating func add(_ verdicts: [Truth]) {
            rows += 1
            var worst = Truth.yes
            var others = 0
            var last = 0
            for (index, verdict) in verdicts.enumerated() where verdict != .yes {
                if verdict == .no { conditions[index].failing += 1 } else { conditions[index].unknown += 1 }
                if worst != .no { worst = verdict }
                others += 1
                last = index
            }
            if others == 1 { conditions[last].alone += 1 }
            switch worst {
            case .yes: holding += 1
            case .no: failing += 1
            case .unknown: unknown += 1
            }
        }
    }

    /// All rows that were asked, under no key.
    package let total: Group
    /// In the order in which their first rows stand.
    package let groups: [Group]

    /// The conditions of a rule that are counted one by one.
    package static func conditions(of rule: Expression) -> [Expression] { rule.conjuncts }

    /// - Parameters:
    ///   - conditions: over variable 0.
    ///   - scope: those of the conditions that say which rows are counted at all: only rows for which they are TRUE.
    ///   - key: over variable 0; nil: no groups.
    ///   - isOfModel: whether the model says the conditions, and not who asks: their verdicts are then those of all rows, whoever sees
    ///     which.
    ///   - groupLimit: more groups are `overBudget(.groups)`.
    package init(
        _ conditions: [Expression], of type: NodeTypeID, among scope: Set<Int>, by key: Expression?,
        _ context: EvaluationContext, isOfModel: Bool = false, groupLimit: Int
    ) throws(EvaluationError) {
        let table = context.version[type]
        var verdicts: [TruthBitmaps] = []
        let asked = isOfModel ? context.whole : context
        for condition in conditions { verdicts.append(try CompiledPredicate(condition, on: type, asked).verdicts()) }
        var keys: ValueEvaluator?
        if let key { keys = try CompiledExpression(key, on: type, context).makeEvaluator() }
        var total = Group(key: .null, conditionCount: conditions.count)
        var groups: [Group] = []
        var places: [Scalar: Int] = [:]
        var answers: [Truth] = Array(repeating: .yes, count: conditions.count)
        for index in 0..<table.rowCount {
            if index & 1023 == 0 { try context.budget.charge(rows: min(1024, table.rowCount - index)) }
            let row = RowNumber(truncatingIfNeeded: index)
            guard table.isLive(row) else { continue }
            for condition in conditions.indices { answers[condition] = verdicts[condition][index] }
            guard scope.allSatisfy({ answers[$0] == .yes }) else { continue }
            total.add(answers)
            guard let key = try keys?.value(of: row) else { continue }
            let place: Int
            if let known = places[key] {
                place = known
            } else {
                guard groups.count < groupLimit else { throw .overBudget(.groups, limit: groupLimit) }
                place = groups.count
                places[key] = place
                groups.append(Group(key: key, conditionCount: conditions.count))
            }
            groups[place].add(answers)
        }
        try keys?.finish()
        self.total = total
        self.groups = groups
    }
}
