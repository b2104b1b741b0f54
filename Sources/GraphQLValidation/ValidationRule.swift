/// One rule of GraphQL §5: its law, a loop, its words.
package protocol ValidationRule: SendableMetatype {
    /// What conformance suites call it.
    static var name: String { get }
    /// Where the specification states it.
    static var section: String { get }
    /// Reports everything in the document that breaks the rule. Linear in the document, unless the rule says otherwise.
    static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics)
}

/// The rules, in the order of the specification.
package enum ValidationRules {
    /// Every rule of section 5.
    package static let specification: [any ValidationRule.Type] = [
        ExecutableDefinitions.self, KnownOperationTypes.self, UniqueOperationNames.self, LoneAnonymousOperation.self,
        SingleFieldSubscriptions.self, FieldsOnCorrectType.self, OverlappingFieldsCanBeMerged.self, ScalarLeafs.self,
        KnownArgumentNames.self, UniqueArgumentNames.self, ProvidedRequiredArguments.self, UniqueFragmentNames.self,
        KnownTypeNames.self, FragmentsOnCompositeTypes.self, NoUnusedFragments.self, KnownFragmentNames.self,
        NoFragmentCycles.self, PossibleFragmentSpreads.self, ValuesOfCorrectType.self, UniqueInputFieldNames.self,
        KnownDirectives.self, UniqueDirectivesPerLocation.self, UniqueVariableNames.self, VariablesAreInputTypes.self,
        NoUndefinedVariables.self, NoUnusedVariables.self, VariablesInAllowedPosition.self,
    ]

    /// The specification's rules and what else a server is wise to ask.
    package static let all: [any ValidationRule.Type] = specification + [MaxIntrospectionDepth.self]
}
