/// What is checked, how much work that may take, and how much is told.
package struct ValidationOptions: Sendable {
    /// Reported at most; a document can break a rule at every token.
    package var diagnostics: Int
    /// Whether messages name what was perhaps meant. Off for those who may not see the schema.
    package var suggests: Bool
    /// Selection sets inside each other, counted through the fragments that are spread.
    package var selectionDepth: Int
    /// Steps of merging fields (`OverlappingFieldsCanBeMerged`); a document within `ParserLimits.default` that was not
    /// made to be hard takes a few thousand.
    package var mergingSteps: Int
    package var rules: [any ValidationRule.Type]

    package init(
        diagnostics: Int = 100, suggests: Bool = true, selectionDepth: Int = 64, mergingSteps: Int = 200_000,
        rules: [any ValidationRule.Type] = ValidationRules.all
    ) {
        self.diagnostics = diagnostics
        self.suggests = suggests
        self.selectionDepth = selectionDepth
        self.mergingSteps = mergingSteps
        self.rules = rules
    }

    package static let `default` = ValidationOptions()
}
