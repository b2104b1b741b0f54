import Expressions
import StoreColumns

/// What a model says of how a type's rows change: procedures that they follow, and what of them never changes.
package struct TypeProcedures: Sendable {
    package var procedures: [Procedure] = []
    package var guards: [StepGuard] = []
    /// Of a type whose rows are steps of another's.
    package var steps: StepFields?
    /// `@fixed`: columns whose values are never changed.
    package var fixedColumns: [Int] = []

    package init() {}
}

/// A state machine that rows of a type follow: `@procedure`. `Schema/model/README.md`, Procedures
package struct Procedure: Sendable {
    package let name: String
    package let type: NodeTypeID
    package let label: Label
    package let explanation: String?
    /// Of the rows that follow it.
    package let condition: Expression
    /// Where a row stands.
    package let state: Expression
    /// Where that is stored with the row itself; nil: its steps say it.
    package let stateColumn: Int?
    package let states: EnumerationID
    package let transitions: [Transition]

    /// Whether it says in which states a row may begin.
    package var saysHowToBegin: Bool { transitions.contains { $0.from.isEmpty } }

    /// The step that leads from one state to another.
    package func transition(from: UInt16?, to: UInt16) -> Transition? {
        transitions.first { $0.to == to && $0.begins(in: from) }
    }

    /// Who may take a step in a state: one of these, each of several together; empty: anybody.
    package func takers(of transition: Transition, in state: UInt16?) -> [[UInt16]] {
        guard transition.by.isEmpty else { return transition.by }
        var takers: [[UInt16]] = []
        for taker in transitions(from: state).flatMap(\.by) where !takers.contains(taker) { takers.append(taker) }
        return takers
    }

    /// The steps that may be taken in a state.
    package func transitions(from: UInt16?) -> [Transition] { transitions.filter { $0.begins(in: from) } }
}

/// A step of a procedure: `@transition`.
package struct Transition: Sendable {
    package let procedure: String
    package let step: String
    package let type: NodeTypeID
    /// Empty: the procedure begins with it.
    package let from: [UInt16]
    package let to: UInt16
    /// One of these, each of several together; empty: who could take another step from where it begins.
    package let by: [[UInt16]]
    package let evidence: [UInt16]
    /// Among the type's guards.
    package let guards: [Int]
    package let label: Label
    package let explanation: String?

    /// As rules and reports call it.
    package var name: String { "\(procedure).\(step)" }

    package func begins(in state: UInt16?) -> Bool { state.map(from.contains) ?? from.isEmpty }
}

/// What a step needs of the row beside its state: `@guard`.
package struct StepGuard: Sendable {
    package let check: ModelCheck
    /// A word for programs.
    package let reason: String
    package let passesUnknown: Bool
    /// Whether it can be asked before the step is taken.
    package let isAskedBeforehand: Bool
    /// What messages tell was found.
    package let found: Expression?
}

/// The fields of a type whose rows are the steps of another's: `@steps`. Columns, but for `inverse`.
package struct StepFields: Sendable {
    package let subject: NodeTypeID
    package let subjectColumn: Int
    package let numberColumn: Int
    package let fromColumn: Int
    package let toColumn: Int
    package let dateColumn: Int
    package let byColumns: [Int]
    package let bodies: EnumerationID?
    package let evidence: StepEvidence?
    /// Of the subject: its steps.
    package let inverse: Int
    package let states: EnumerationID
}

/// Where the kinds of a step's evidence stand.
package struct StepEvidence: Sendable {
    package let column: Int
    package let target: NodeTypeID
    package let kindColumn: Int
    package let kinds: EnumerationID
}

extension Model {
    /// The procedure of exactly that name.
    package func procedure(named name: String) -> Procedure? {
        for type in types { for procedure in type.procedures.procedures where procedure.name == name { return procedure } }
        return nil
    }

    /// The step of a procedure, named `procedure.step`.
    package func transition(named name: String) -> Transition? {
        for type in types {
            for procedure in type.procedures.procedures {
                for transition in procedure.transitions where transition.name == name { return transition }
            }
        }
        return nil
    }

    /// All guards, by type.
    package var guards: [StepGuard] { types.flatMap(\.procedures.guards) }

    /// What is asked of a row that is to take a step: that it follows the procedure and stands where the step begins, and every guard
    /// that could refuse it and can be asked before.
    package func condition(of transition: Transition, in procedure: Procedure) -> Expression {
        let state: Expression =
            transition.from.isEmpty
            ? .isNull(procedure.state) : .isOneOf(procedure.state, transition.from.map { .enumeration($0) })
        let asked = transition.guards.map { self[transition.type].procedures.guards[$0] }
            .filter { $0.isAskedBeforehand && $0.check.severity != .report }
        let guards = asked.map { found -> Expression in
            found.passesUnknown
                ? .coalesce([found.check.expression, .constant(.boolean(true), .boolean)]) : found.check.expression
        }
        let follows = procedure.condition == .constant(.boolean(true), .boolean) ? [] : [procedure.condition]
        return .and(follows + [state] + guards)
    }

    /// What is asked of a row that is to go on at all, whatever the step.
    ///
    /// - Parameter state: Where the row stands, if it is known: then only the steps from there are asked.
    package func condition(of procedure: Procedure, from state: UInt16?? = nil) -> Expression {
        let leaving = Set(procedure.transitions.flatMap(\.from)).sorted()
        var transitions = procedure.transitions.filter { !$0.from.isEmpty }
        if let state { transitions = procedure.transitions(from: state) }
        guard !transitions.isEmpty else {
            return .and([procedure.condition, .isOneOf(procedure.state, leaving.map { .enumeration($0) })])
        }
        if transitions.count == 1 { return condition(of: transitions[0], in: procedure) }
        return .or(transitions.map { condition(of: $0, in: procedure) })
    }
}
