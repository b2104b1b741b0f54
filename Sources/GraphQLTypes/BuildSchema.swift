import GraphQLSyntax

/// What building a schema is bounded by.
package struct SchemaLimits: Sendable {
    /// Reported at most. A document of 1 MB can break a rule at every byte.
    package var diagnostics: Int
    package init(diagnostics: Int) { self.diagnostics = diagnostics }

    package static let standard = SchemaLimits(diagnostics: 200)
}

/// Which checks stand between documents and a schema.
package enum SchemaChecks: Sendable {
    /// All of them: what a server asks of its schema.
    case all
    /// Only the rules for type system documents, for tools that look at schemas which are not finished. A default that
    /// does not fit is left uncoerced, and using it is an error.
    case documentRules
}

/// Makes a schema of type system documents. GraphQL §3
///
/// Three stages, each over everything and only if the one before found nothing: the rules for type system documents over
/// `documents`, then over each of `extensions` in turn; then type system validation of the whole. Time and memory are
/// linear in the documents, but for interfaces, whose fields are looked at once for each type that implements them.
///
/// - Parameters:
///   - documents: Taken together: what one defines another may extend or refer to, in any order. Executable definitions
///     are passed over.
///   - extensions: Each extends everything before it.
///   - scalars: How values of custom scalars are read, by name; a scalar that is not named takes every value as it is.
/// - Throws: Everything that the first failing stage found.
package func buildSchema(
    _ documents: [Document], extendedBy extensions: [Document] = [], scalars: [String: ScalarBehavior] = [:],
    checks: SchemaChecks = .all, limits: SchemaLimits = .standard
) throws(SchemaErrors) -> Schema {
    var known: [Document] = []
    for layer in [documents] + extensions.map({ [$0] }) {
        let broken = checkTypeSystemDocuments(layer, extending: known, limit: limits.diagnostics)
        guard broken.isEmpty else { throw SchemaErrors(broken) }
        known += layer
    }
    let system = TypeSystem(known)
    let draft = SchemaBuilder(system, scalars: scalars).build()
    var diagnostics = DiagnosticList(limit: limits.diagnostics)
    if checks == .all { TypeSystemValidation.check(draft, system, into: &diagnostics) }
    guard diagnostics.isEmpty else { throw SchemaErrors(diagnostics.diagnostics(in: system.documents)) }
    var defaults = DefaultCoercion(draft, system)
    let schema = defaults.complete(into: &diagnostics)
    guard diagnostics.isEmpty || checks != .all else { throw SchemaErrors(diagnostics.diagnostics(in: system.documents)) }
    return schema
}
