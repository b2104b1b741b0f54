import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

/// Something of which it can be asked why it holds for a row: a saved question that lists rows by one `where`, a check of the
/// model, or a derived Boolean field.
package struct Rule: Sendable {
    package enum Kind: String, Sendable { case question = "QUESTION", check = "CHECK", field = "FIELD" }

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
}

extension QueryService {
    /// All rules: questions, checks, fields, each in their own order. Questions that are none are left out.
    package func rules(for viewer: Viewer) -> [Rule] {
        let questions = questions().questions.compactMap { question -> Rule? in
            do throws(ArgumentProblem) {
                return Rule(question, type: try ruleList(of: question, nil, viewer).type)
            } catch {
                return nil
            }
        }
        return questions + model.checks.map { Rule($0) }
            + model.rowTypes.derived.indices.map(DerivedID.init).filter { model.rowTypes[$0].resultType == .boolean }
            .map { Rule($0, in: model) }
    }

    /// - Throws: where there is no such rule, with a near name if names may be told.
    func ruleSource(named name: String) throws(ArgumentProblem) -> RuleSource {
        let questions = questions()
        let checks = model.checks.filter { $0.id == name }
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
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, let type = model.type(named: parts[0]) {
            return .field(try derivedBoolean(parts[1], of: type))
        }
        let known = questions.questions.map(\.name) + model.checks.map(\.id)
        throw ArgumentProblem(
            .badUserInput,
            "There is no rule '\(name.prefix(100))': no saved question and no check has this name, and it is no field as 'Type.field'."
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
