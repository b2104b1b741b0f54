import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import Model

extension Plan {
    /// Plans an operation over any schema whose data is a tree of values.
    ///
    /// The document need not be valid: fields that a type does not have are left out, and arguments that do not fit are kept
    /// as problems of their node.
    /// - Parameter variables: Coerced; only those that `@skip` and `@include` name are looked at.
    package init(
        unvalidated document: Document, operation: OperationDefinition, rootType: TypeID, schema: Schema,
        variables: [String: InputValue]
    ) {
        self.init(document, .tree(schema), schema.index.translate(document.names), operation, rootType, variables)
    }

    /// Plans an operation over the graph of a model.
    ///
    /// - Parameters:
    ///   - document: Valid against the model's schema.
    ///   - variables: Coerced; only those that `@skip` and `@include` name are looked at.
    package init(_ document: ValidDocument, operation: OperationDefinition, model: Model, variables: [String: InputValue]) {
        guard let rootType = model.schema.rootType(of: operation.kind) else {
            preconditionFailure("A valid operation has a root type.")
        }
        self.init(document.document, .graph(model), document.typed.schemaNames, operation, rootType, variables)
    }

    private init(
        _ document: Document, _ target: PlanTarget, _ schemaNames: [NameID?], _ operation: OperationDefinition,
        _ rootType: TypeID, _ variables: [String: InputValue]
    ) {
        let conditions = ConditionVariables(document)
        let values = Dictionary(zip(conditions.names, conditions.values(in: variables))) { first, _ in first }
        self = Planner(
            document, target: target, schemaNames: schemaNames, operation: operation, rootType: rootType, conditions: values
        ).makePlan(operation)
    }
}
