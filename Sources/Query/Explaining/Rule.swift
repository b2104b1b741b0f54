import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

/// Something of which it can be asked why it holds for a row: a saved question that lists rows by one `where`, a check or a guard of
/// the model, a derived Boolean field, or a step of a procedure, which holds for rows that may take it.
package struct Rule: Sendable {
    package enum Kind: String, Sendable {
        case question = "QUESTION"
        case check = "CHECK"
        case field = "FIELD"
        case procedure = "PROCEDURE"
    }

    package var name: String
    package var kind: Kind
    /// Whose rows it is asked of.
    package var type: NodeTypeID
    package var titleChinese: String?
    package var titleEnglish: String?
    package var description: String?
    /// The ids under which documents know it.
    package var ids: [String] = []
    package var variables: [SavedQuestion.Variable] = []

    init(_ question: SavedQuestion, type: NodeTypeID) {
        name = question.name
        kind = .question
        self.type = type
        titleChinese = question.titleChinese
        titleEnglish = question.titleEnglish
        description = question.description
        ids = question.rules
        variables = question.variables
    }

    init(_ check: ModelCheck) {
        name = check.id
        kind = .check
        type = check.type
        titleChinese = check.label.chinese
        titleEnglish = check.explanation
    }

    /// - Parameter transition: nil: whether a row may go on at all.
    init(_ procedure: Procedure, _ transition: Transition?, in model: Model) {
        name = transition?.name ?? procedure.name
        kind = .procedure
        type = procedure.type
        titleChinese = [procedure.label.chinese, transition?.label.chinese].compactMap(\.self).joined(separator: "：")
        titleEnglish = transition?.explanation ?? procedure.explanation
        description = transition.flatMap { Self.description(of: $0, in: model) }
    }

    /// Who takes a step, and what proves it: what cannot be asked of a row that has not taken it.
    private static func description(of transition: Transition, in model: Model) -> String? {
        let steps = model.types.lazy.compactMap(\.procedures.steps).first { $0.subject == transition.type }
        var parts: [String] = []
        if let bodies = steps?.bodies, !transition.by.isEmpty {
            let names = transition.by.map { $0.map { model[bodies].values[Int($0)].name }.joined(separator: " with ") }
            parts.append("Taken by \(names.joined(separator: " or ")).")
        }
        if let kinds = steps?.evidence?.kinds, !transition.evidence.isEmpty {
            parts.append("Proved by \(transition.evidence.map { model[kinds].values[Int($0)].name }.joined(separator: ", ")).")
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    init(_ id: DerivedID, in model: Model) {
        let derived = model.rowTypes[id]
        let field = model[derived.type].field(named: derived.name)
        name = "\(model[derived.type].name).\(derived.name)"
        kind = .field
        type = derived.type
        titleChinese = field?.label.chinese
        titleEnglish = field?.description
    }
}

/// What a name of a rule stands for.
enum RuleSource {
    case question(SavedQuestion)
    case check(ModelCheck)
    case field(DerivedID)
    /// A step; nil: any step that leaves where the row stands.
    case procedure(Procedure, Transition?)
}

extension QueryService {
    /// All rules: questions, checks and guards, fields, procedures with their steps, each in their own order. Questions that are none are
    /// left out.
    package func rules(for viewer: Viewer) -> [Rule] {
        let questions = questions().questions.compactMap { question -> Rule? in
            do throws(ArgumentProblem) {
                return Rule(question, type: try ruleList(of: question, nil, viewer).type)
            } catch {
                return nil
            }
        }
        let fields = model.rowTypes.derived.indices.map(DerivedID.init).filter { model.rowTypes[$0].resultType == .boolean }
        let checks = model.checks + model.guards.map(\.check)
        let steps = model.types.flatMap(\.procedures.procedures).flatMap { procedure in
            [(procedure, Transition?.none)] + procedure.transitions.map { (procedure, Optional($0)) }
        }
        let ofFields = fields.map { Expression.derived(of: .variable(0, model.rowTypes[$0].type), $0, .boolean) }
        let ofSteps = steps.map { procedure, transition in
            transition.map { model.condition(of: $0, in: procedure) } ?? model.condition(of: procedure)
        }
        return questions
            + shown(checks.map { Rule($0) }, checks.map(\.expression)) + shown(fields.map { Rule($0, in: model) }, ofFields)
            + shown(steps.map { Rule($0, $1, in: model) }, ofSteps)
    }

    /// Those whose conditions may be told.
    private func shown(_ rules: [Rule], _ conditions: [Expression]) -> [Rule] {
        guard model.view != nil else { return rules }
        return zip(rules, model.showsParts(conditions)).filter(\.1).map(\.0)
    }

    /// - Throws: where there is no such rule, with a near name if names may be told.
    func ruleSource(named name: String) throws(ArgumentProblem) -> RuleSource {
        let questions = questions()
        let checks = (model.checks + model.guards.map(\.check)).filter { $0.id == name }
        if let question = questions[name] {
            guard checks.isEmpty else {
                throw ArgumentProblem(
                    .badUserInput, "'\(name)' is both a saved question and a check; call one of them otherwise.", at: "rule")
            }
            return .question(question)
        }
        if let check = checks.first {
            guard checks.count == 1 else {
                throw ArgumentProblem(
                    .badUserInput, "\(checks.count) checks have the id '\(name)'; the model should tell them apart.", at: "rule")
            }
            return .check(check)
        }
        if let procedure = model.procedure(named: name) { return .procedure(procedure, nil) }
        if let transition = model.transition(named: name), let procedure = model.procedure(named: transition.procedure) {
            return .procedure(procedure, transition)
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, let type = model.type(named: parts[0]) {
            return .field(try derivedBoolean(parts[1], of: type))
        }
        let known =
            questions.questions.map(\.name) + (model.checks + model.guards.map(\.check)).map(\.id)
            + model.seenTypes.flatMap(\.procedures.procedures).flatMap { [$0.name] + $0.transitions.map(\.name) }
        throw ArgumentProblem(
            .badUserInput,
            "There is no rule '\(name.prefix(100))': no saved question, check, guard, procedure or step has this name, and it is no field as "
                + "'Type.field'."
                + (language.introspects ? suggestion(for: name, among: known) : ""), at: "rule")
    }

    private func derivedBoolean(_ name: String, of type: ModelType) throws(ArgumentProblem) -> DerivedID {
        guard let field = type.field(named: name) else {
            throw ArgumentProblem(
                .badUserInput,
                "\(type.name) has no field '\(name.prefix(100))'."
                    + (language.introspects ? suggestion(for: name, among: type.fields.map(\.name)) : ""), at: "rule")
        }
        guard case .derived(let id, .boolean) = field.source else {
            throw ArgumentProblem(
                .badUserInput, "\(type.name).\(name) is no rule: only Boolean fields with @derived(cel:) are.", at: "rule")
        }
        return id
    }
}
