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

    package init(
        version: GraphVersion, rowTypes: RowTypes, asOf: CivilDate, budget: Budget, derived: DerivedColumns,
        materialisation: Materialisation = .adaptive
    ) {
        self.version = version
        self.rowTypes = rowTypes
        self.asOf = asOf
        self.budget = budget
        self.derived = derived
        self.materialisation = materialisation
    }
}

/// When a part of an expression that many rows ask for again is computed for a whole type at once.
package enum Materialisation: Sendable, Hashable {
    /// Once it was asked for an eighth of the type's rows: never much worse than the better of the two below.
    case adaptive
    /// At the first question (tests).
    case always
    /// Row by row only (tests).
    case never
}
