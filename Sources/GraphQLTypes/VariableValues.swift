/// The values of an operation's variables for one request, coerced, by place in the order in which they are declared.
///
/// Most requests send a text for each variable, in this order: then these are what was sent, and nothing is copied.
package struct VariableValues: Sendable {
    /// Empty where the values were made.
    private let sent: [InputObject.Entry]
    private let made: [InputValue?]

    /// - Parameter made: Nil for a variable that has no value.
    package init(_ made: [InputValue?]) { (sent, self.made) = ([], made) }

    /// - Parameter sent: A value for each variable, in the order in which they are declared, and nothing else.
    init(asSent sent: [InputObject.Entry]) { (self.sent, made) = (sent, []) }

    package var count: Int { sent.isEmpty ? made.count : sent.count }

    /// Nil for a variable that has no value.
    package subscript(place: Int) -> InputValue? { sent.isEmpty ? made[place] : sent[place].value }

    /// Whether there is a value, and whether it is null.
    package func presence(at place: Int) -> InputPresence {
        if sent.isEmpty { return InputPresence(made[place]) }
        if case .null = sent[place].value { return .null }
        return .value
    }
}

/// Whether a variable has a value: none, null and a value are three things. GraphQL §6.1.2
package enum InputPresence: Sendable, Hashable {
    case absent
    case null
    case value

    package init(_ value: InputValue?) {
        switch value {
        case nil: self = .absent
        case .null?: self = .null
        default: self = .value
        }
    }
}
