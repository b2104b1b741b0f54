/// A value that came in: a literal of a document, a variable's JSON, a default, or the result of coercing one of them.
///
/// Before coercion a number is its text (`.number`), so that nothing goes through a double; coercion to `Int` and `Float`
/// gives `.int` and `.double`, a custom scalar decides itself. Nesting is bounded by whoever read the bytes.
package enum InputValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// A coerced `Int`, or an ID or scalar value that is an integer.
    case int(Int64)
    case double(Double)
    /// A number not yet coerced: the text as written, valid by JSON's or GraphQL's grammar.
    case number(String)
    case string(String)
    /// An enum value by name.
    case enumeration(String)
    case list([InputValue])
    case object(InputObject)
    /// A variable in a literal that is not yet bound; never in a coerced value.
    case variable(String)
}

/// The entries of an input object in order; names are unique.
package struct InputObject: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var name: String
        package var value: InputValue
        package init(name: String, value: InputValue) {
            self.name = name
            self.value = value
        }
    }
    package var entries: [Entry]
    package init(_ entries: [Entry]) { self.entries = entries }
    /// The value of that name; nil where it is absent (`.null` where it is null).
    package subscript(name: String) -> InputValue? { entries.first { $0.name == name }?.value }
    package var isEmpty: Bool { entries.isEmpty }
}

/// How a custom scalar reads values. Handed in by whoever knows the scalar; pure.
package struct ScalarBehavior: Sendable {
    /// Checks and normalises one value, never `.null`, `.list` of variables or `.variable`.
    /// Throws what was wrong, for the middle of a message: "is not a date of the form YYYY-MM-DD".
    package var coerce: @Sendable (InputValue) throws(ScalarError) -> InputValue
    package init(coerce: @escaping @Sendable (InputValue) throws(ScalarError) -> InputValue) { self.coerce = coerce }
}

package struct ScalarError: Error, Hashable {
    package var reason: String
    package init(_ reason: String) { self.reason = reason }
}
