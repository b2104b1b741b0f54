/// The scalars of the specification and how they read values. GraphQL §3.5
package enum BuiltInScalar: String, Sendable, CaseIterable {
    case int = "Int"
    case float = "Float"
    case string = "String"
    case boolean = "Boolean"
    case id = "ID"

    /// Reads a value. A JSON number may write an integer as `1.0`; a literal may not.
    /// - Throws: What is wrong, for the middle of a message.
    package func coerce(_ value: InputValue, isLiteral: Bool) throws(ScalarError) -> InputValue {
        switch (self, value) {
        case (.int, .number(let text)):
            guard !isLiteral || NumberText.isPlainInteger(text) else { throw ScalarError("is not an integer") }
            guard let integer = NumberText.exactInteger(text) else { throw ScalarError("is not a 32-bit integer") }
            return try Self.checked(integer)
        case (.int, .int(let integer)): return try Self.checked(integer)
        case (.float, .number(let text)):
            guard let double = NumberText.finiteDouble(text) else { throw ScalarError("is beyond the range of Float") }
            if let integer = NumberText.exactInteger(text), Int64(exactly: double) != integer {
                throw ScalarError("is beyond the precision of Float")
            }
            return .double(double)
        case (.float, .int(let integer)):
            guard let double = Double(exactly: integer) else { throw ScalarError("is beyond the precision of Float") }
            return .double(double)
        case (.float, .double(let double)) where double.isFinite: return value
        case (.string, .string), (.boolean, .boolean), (.id, .string): return value
        case (.id, .int(let integer)): return .string(String(integer))
        case (.id, .number(let text)):
            if let integer = NumberText.exactInteger(text), !isLiteral || NumberText.isPlainInteger(text) {
                return .string(String(integer))
            }
            guard NumberText.isPlainInteger(text) else { throw ScalarError("is neither a string nor an integer") }
            return .string(text)
        case (.int, _): throw ScalarError("is not an integer")
        case (.float, _): throw ScalarError("is not a number")
        case (.string, _): throw ScalarError("is not a string")
        case (.boolean, _): throw ScalarError("is neither true nor false")
        case (.id, _): throw ScalarError("is neither a string nor an integer")
        }
    }

    /// Int has 32 bits. GraphQL §3.5.1
    private static func checked(_ integer: Int64) throws(ScalarError) -> InputValue {
        guard Int32(exactly: integer) != nil else { throw ScalarError("is not a 32-bit integer") }
        return .int(integer)
    }
}
