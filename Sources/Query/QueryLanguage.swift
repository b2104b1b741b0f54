import GraphQLSyntax
import GraphQLValidation

/// Which GraphQL is spoken, and how much of the schema is told to those who ask.
package struct QueryLanguage: Sendable, Hashable {
    /// The edition whose grammar documents are read by.
    package var edition: Edition
    /// Whether `__schema` and `__type` are answered, and messages name what was perhaps meant. `__typename` always is.
    package var introspects: Bool

    package init(edition: Edition = .september2026, introspects: Bool = true) {
        self.edition = edition
        self.introspects = introspects
    }

    func validationOptions(_ limits: QueryLimits) -> ValidationOptions {
        ValidationOptions(diagnostics: limits.errors, suggests: introspects, mergingSteps: limits.mergingSteps)
    }
}
