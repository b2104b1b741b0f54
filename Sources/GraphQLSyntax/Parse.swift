/// Reads a document, executable or type system or both.
///
/// Linear in the bytes; recursion is bounded by `limits.depth`.
/// - Throws: the first error in reading order, or the limit that was exceeded.
package func parse(
    _ source: Source, edition: Edition = .september2026, limits: ParserLimits = .default
) throws(SyntaxError) -> Document {
    var parser = try Parser(source, source.bytes.span, edition: edition, limits: limits)
    try parser.definitions()
    return parser.finish()
}

/// Reads a source that is one value and nothing else.
/// - Parameter isConstant: Whether variables are refused.
/// - Returns: a document without definitions, and where the value stands in it.
package func parseValue(
    _ source: Source, isConstant: Bool = false, limits: ParserLimits = .default
) throws(SyntaxError) -> (document: Document, value: Position<Value>) {
    var parser = try Parser(source, source.bytes.span, edition: .september2026, limits: limits)
    let value = try parser.storedValue(isConstant: isConstant)
    try parser.expectEnd()
    return (parser.finish(), value)
}

/// Reads a source that is one type reference and nothing else: `[Person!]!`
/// - Returns: a document without definitions, and where the type stands in it.
package func parseType(
    _ source: Source, limits: ParserLimits = .default
) throws(SyntaxError) -> (document: Document, type: Position<TypeNode>) {
    var parser = try Parser(source, source.bytes.span, edition: .september2026, limits: limits)
    let type = try parser.type()
    try parser.expectEnd()
    return (parser.finish(), type)
}
