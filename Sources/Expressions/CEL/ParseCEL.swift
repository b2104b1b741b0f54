import StoreColumns

/// An expression from its text, closed but for one variable, a row of `type`.
///
/// What is in the language and what is not: `Schema/formats/CEL.md`. In short: fields of the row by name, and through to-one
/// edges with `.`; `set.exists(v, …)` and its kin over to-many edges, inside which bare names still mean fields of the outer
/// row; exact numbers; nulls that read as unknown; enum values as strings ('OPEN') or as `Status.OPEN`.
///
/// - Parameters:
///   - expecting: the type that the result must fit (`ExpressionType.accepts`); nil takes any that is a value.
///   - variable: the number of that variable, where the expression is to stand inside another.
///   - claims: what is known of who asks: `claims.name`. Their places hold arguments, by their order here (`Expression.bound(toClaims:)`).
/// - Throws: the first finding, with its line and column.
package func parseCEL(
    _ text: String, on type: NodeTypeID, in rowTypes: RowTypes, expecting: ExpressionType?, variable: Int = 0,
    claims: [ClaimDefinition] = []
) throws(CELError) -> Expression {
    let syntax = try CELParser.syntax(of: text)
    var checker = CELChecker(rowTypes: rowTypes, type: type, variable: variable, claims: claims)
    let expression = try checker.check(syntax, expecting: expecting)
    let found = expression.type
    if let expecting {
        guard expecting.accepts(found) else {
            throw CELError(
                "The expression gives \(checker.name(found)), expected \(checker.name(expecting)).", at: syntax.place)
        }
    } else if case .rows = found {
        throw CELError("The expression gives \(checker.name(found)), expected a single value.", at: syntax.place)
    }
    return expression
}
