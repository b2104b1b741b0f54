import GraphQLSyntax
import GraphQLTypes

/// A document that satisfies every rule it was checked for against one schema, joined with that schema. A class, as a copy has many parts to
/// count.
package final class ValidDocument: Sendable {
    /// What every field, argument, directive and value of the document means in the schema.
    package let typed: TypedDocument
    /// Lent, as it has many parts to count.
    package var document: Document { _read { yield typed.document } }
    package var schema: Schema { typed.schema }

    fileprivate init(_ typed: TypedDocument) { self.typed = typed }  // only `validate` can make one
}

/// Checks an executable document against a schema. GraphQL §5
///
/// Time and memory are linear in the document, but for rules that look at each operation with all its fragments, which
/// costs operations × fragments, and merging fields, which is bounded by `options.mergingSteps`. Fragment cycles and
/// nesting do no harm: nothing recurses but on values, whose depth the parser has bounded.
///
/// - Throws: What breaks the rules; or only that the document is nested too deeply to be checked.
package func validate(
    _ document: Document, against schema: Schema, options: ValidationOptions = .default
) throws(ValidationErrors) -> ValidDocument {
    let typed = TypedDocument(joining: document, with: schema, mergingSteps: options.mergingSteps)
    var diagnostics = Diagnostics(limit: options.diagnostics, suggests: options.suggests)
    SelectionDepth.check(typed, limit: options.selectionDepth, into: &diagnostics)
    if diagnostics.isEmpty {
        for rule in options.rules where !diagnostics.isFull {
            diagnostics.rule = rule.name
            rule.check(typed, into: &diagnostics)
        }
    }
    guard diagnostics.isEmpty else { throw ValidationErrors(diagnostics: diagnostics.diagnostics(in: document.source)) }
    return ValidDocument(typed)
}
