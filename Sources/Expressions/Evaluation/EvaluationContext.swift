import StoreColumns

/// What an expression is evaluated in: one version, one as-of date, one budget.
package struct EvaluationContext: Sendable {
    package var version: GraphVersion
    package var rowTypes: RowTypes
    package var asOf: CivilDate
    package var budget: Budget
    /// Of the same version and as-of date.
    package var derived: DerivedColumns
    package var materialisation: Materialisation
    /// Where patterns are found compiled.
    package var patterns = PatternCache()
    /// What patterns, and texts that are looked for, may be and may cost.
    package var textBounds = TextBounds()
    /// How large scans are split; nil: not at all.
    package var splitting: Splitting?
    /// Where the steps are noted, if they are.
    package var trace: PlanTrace?
    /// Where the parameters are noted that are read, if they are.
    package var notes: ParameterNotes?

    package init(
        version: GraphVersion, rowTypes: RowTypes, asOf: CivilDate, budget: Budget, derived: DerivedColumns,
        materialisation: Materialisation = .adaptive, splitting: Splitting? = nil, trace: PlanTrace? = nil
    ) {
        precondition(version.isWhole || derived.isOfSeen, "what is computed from rows that are seen is kept apart")
        self.version = version
        self.rowTypes = rowTypes
        self.asOf = asOf
        self.budget = budget
        self.derived = derived
        self.materialisation = materialisation
        self.splitting = splitting
        self.trace = trace
    }

    /// The same over all rows. What the model computes is computed here, so that it is the same number for everybody, whoever sees
    /// which rows; what somebody asks is asked of the rows that are seen.
    var whole: EvaluationContext {
        guard !version.isWhole else { return self }
        var context = self
        context.version = version.whole
        context.derived = derived.whole
        return context
    }
}

/// When a part of an expression that many rows ask for again is computed for a whole type at once.
package enum Materialisation: Sendable, Hashable {
    /// Once it was asked for an eighth of the type's rows, or so many of the first rows of a scan that it will be: never much
    /// worse than the better of the two below.
    case adaptive
    /// At the first question (tests).
    case always
    /// Row by row only (tests).
    case never
}
