/// What a type's file says of procedures: `@procedure`, `@transition`, `@guard`, `@steps`.
struct ProcedureDeclarations {
    var procedures: [ProcedureDeclaration] = []
    var transitions: [TransitionDeclaration] = []
    var guards: [GuardDeclaration] = []
    var steps: StepsDeclaration?

    mutating func append(_ other: ProcedureDeclarations) {
        procedures += other.procedures
        transitions += other.transitions
        guards += other.guards
        steps = steps ?? other.steps
    }
}

/// `@procedure(name:, when:, state:)`
struct ProcedureDeclaration {
    var name: Placed<String>
    var condition: Placed<ExpressionText>?
    var state: Placed<String>
    var label: Label
    var explanation: String?
}

/// `@transition(of:, step:, from:, to:, by:, evidence:, guards:)`
struct TransitionDeclaration {
    var procedures: [Placed<String>]
    var step: Placed<String>
    var from: [Placed<String>]
    var to: Placed<String>
    var by: [Placed<String>]
    var evidence: [Placed<String>]
    var guards: [Placed<String>]
    var label: Label
    var explanation: String?
    var place: Place
}

/// `@guard(id:, cel:, …)`
struct GuardDeclaration {
    var check: CheckDeclaration
    var reason: String
    var passesUnknown: Bool
    var isAskedBeforehand: Bool
    var found: Placed<ExpressionText>?
}

/// `@steps(of:, number:, from:, to:, on:, by:, evidence:)`
struct StepsDeclaration {
    var of: Placed<String>
    var number: Placed<String>
    var from: Placed<String>
    var to: Placed<String>
    var on: Placed<String>
    var by: [Placed<String>]
    var evidence: Placed<String>?
    var place: Place
}

extension CheckDeclaration {
    /// `@check(id:, cel:, severity:)`, and what `@guard` has of it.
    init?(_ check: AppliedArguments) {
        guard let id = check.string("id"), let text = check.expression("cel") else { return nil }
        self.init(
            id: id, text: text, severity: CheckSeverity(rawValue: check.enumeration("severity") ?? "HARD") ?? .hard,
            label: Label(chinese: check.string("zh")?.value), explanation: check.string("en")?.value)
    }
}
