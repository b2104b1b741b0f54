/// What was written, before names mean anything.
struct CELSyntax: Sendable {
    indirect enum Kind: Sendable {
        case null
        case boolean(Bool)
        /// Exact text, with its sign.
        case number(String)
        case string(String)
        case name(String)
        case member(CELSyntax, String)
        /// `name(arguments)`, or `receiver.name(arguments)`.
        case call(receiver: CELSyntax?, String, [CELSyntax])
        case list([CELSyntax])
        case not(CELSyntax)
        case negate(CELSyntax)
        case and([CELSyntax])
        case or([CELSyntax])
        case binary(CELOperator, CELSyntax, CELSyntax)
        case conditional(CELSyntax, then: CELSyntax, else: CELSyntax)
    }
    var kind: Kind
    /// Where a message about it points: an operator's sign, a member's or function's name, else its start.
    var place: CELPlace
    /// Levels of syntax in it, itself one.
    var depth: Int
}

enum CELOperator: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case within = "in"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
}
