import GraphQLSyntax
import GraphQLTypes

/// The variables that `@skip` and `@include` name anywhere in a document, in order of appearance.
///
/// Their values choose the plan.
package struct ConditionVariables: Sendable {
    package let names: [String]

    package init(_ document: Document) {
        var names: [String] = []
        for directive in document.directives {
            guard Condition(document[directive.name.id]) != nil else { continue }
            for argument in document[directive.arguments] {
                guard case .variable(let id) = document[argument.value].kind else { continue }
                let name = document[id]
                if !names.contains(name) { names.append(name) }
            }
        }
        self.names = names
    }

    /// Which of them are true. A variable without a value, which validation rules out, counts as false.
    package func values(in variables: [String: InputValue]) -> [Bool] {
        names.map { variables[$0] == .boolean(true) }
    }
}

/// The two directives that decide whether a selection is there. GraphQL §3.13.1, §3.13.2
enum Condition {
    case skip, include

    init?(_ name: String) {
        switch name {
        case "skip": self = .skip
        case "include": self = .include
        default: return nil
        }
    }

    /// Whether a selection with these directives is to be collected. GraphQL §6.3.2, steps 3.a and 3.b
    static func includes(_ directives: Run<Directive>, in document: Document, variables: [String: Bool]) -> Bool {
        for directive in document[directives] {
            guard let condition = Condition(document[directive.name.id]) else { continue }
            guard let argument = document[directive.arguments].first(where: { document[$0.name.id] == "if" }) else { continue }
            let value =
                switch document[argument.value].kind {
                case .boolean(let value): value
                case .variable(let name): variables[document[name]] ?? false
                default: false
                }
            if value == (condition == .skip) { return false }
        }
        return true
    }
}
