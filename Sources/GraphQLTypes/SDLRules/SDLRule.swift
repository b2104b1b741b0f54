import GraphQLSyntax

/// A law that type system documents keep before a schema is made of them.
protocol SDLRule: SendableMetatype {
    /// Reports every breach in the layer.
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList)
}

/// The rules by name, in the order they run.
package enum SDLRules {
    static let all: [(name: String, rule: any SDLRule.Type)] = [
        ("LoneSchemaDefinition", LoneSchemaDefinition.self),
        ("UniqueOperationTypes", UniqueOperationTypes.self),
        ("UniqueTypeNames", UniqueTypeNames.self),
        ("UniqueEnumValueNames", UniqueEnumValueNames.self),
        ("UniqueFieldDefinitionNames", UniqueFieldDefinitionNames.self),
        ("UniqueArgumentDefinitionNames", UniqueArgumentDefinitionNames.self),
        ("UniqueDirectiveNames", UniqueDirectiveNames.self),
        ("KnownTypeNames", KnownTypeNames.self),
        ("KnownDirectives", KnownDirectives.self),
        ("UniqueDirectivesPerLocation", UniqueDirectivesPerLocation.self),
        ("PossibleTypeExtensions", PossibleTypeExtensions.self),
        ("KnownArgumentNamesOnDirectives", KnownArgumentNamesOnDirectives.self),
        ("UniqueArgumentNames", UniqueArgumentNames.self),
        ("UniqueInputFieldNames", UniqueInputFieldNames.self),
        ("ProvidedRequiredArgumentsOnDirectives", ProvidedRequiredArgumentsOnDirectives.self),
    ]

    /// The names of all rules.
    package static var names: [String] { all.map(\.name) }
}

/// Runs the rules for type system documents over some documents.
///
/// - Parameters:
///   - documents: What is checked, taken together.
///   - base: Documents that passed already and that `documents` extend; nothing is reported about them.
///   - rules: The names of the rules to run; nil for all.
/// - Returns: What is wrong, in reading order; at most `limit` diagnostics.
package func checkTypeSystemDocuments(
    _ documents: [Document], extending base: [Document] = [], rules: Set<String>? = nil,
    limit: Int = SchemaLimits.standard.diagnostics
) -> [SchemaDiagnostic] {
    let all = base + documents
    let layer = SDLLayer(all, from: base.count)
    var diagnostics = DiagnosticList(limit: limit)
    for (name, rule) in SDLRules.all where rules?.contains(name) ?? true {
        diagnostics.rule = name
        rule.check(layer, into: &diagnostics)
    }
    return diagnostics.diagnostics(in: all)
}
