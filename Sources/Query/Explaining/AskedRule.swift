import Expressions
import GraphQLSyntax
import GraphQLTypes
import Model
import QueryExecution
import QueryPlanning
import StoreColumns

/// A rule with its variables bound: the condition that its question asks, and who said what in it.
struct AskedRule {
    var rule: Rule
    /// Over variable 0.
    var condition: Expression
    /// What it is asked with: the day, the parameters on that day, and what is computed of them.
    var reading: RuleReading
    var origins = ThresholdOrigins()
    /// The conditions whose threshold a parameter says, and which.
    var parameterThresholds: [Expression: ParameterID] = [:]
    /// Of a procedure: what is asked of a row that stands in some state.
    var narrowing: Procedure?

    var asOf: CivilDate { reading.asOf }
}

extension AskedRule {
    /// A condition of the model as it is written, with parameters.
    init(rule: Rule, of condition: Expression, _ reading: RuleReading) {
        self.init(rule: rule, condition: condition.bound(to: reading.parameters), reading: reading)
        condition.addParameterThresholds(reading.parameters, to: &parameterThresholds)
    }
}

/// The day of a rule, and what holds on it.
struct RuleReading {
    var asOf: CivilDate
    var resolved: ResolvedParameters
    var rowTypes: RowTypes
    var derived: DerivedColumns

    var parameters: ParameterValues { resolved.values }
}

/// Which argument and which variable of a question a condition's threshold came from.
struct ThresholdOrigins {
    struct Origin {
        var argument: String
        var variable: String?
    }

    var find: (Expression) -> Origin? = { _ in nil }
}

/// The variables of a rule as URLs write them.
typealias URLVariables = [(name: String, value: String)]

extension QueryService {
    /// The one list of a question that is a rule.
    struct RuleList {
        var operation: PreparedOperation
        var variables: [String: InputValue]
        var plan: Plan
        var node: PlanNode
        var type: NodeTypeID
        var filterType: TypeID
    }

    /// - Parameter given: nil: not looked at, as which list it is hardly ever depends on them.
    /// - Throws: why the question is no rule, or what is wrong with the variables.
    func ruleList(of question: SavedQuestion, _ given: URLVariables?, _ viewer: Viewer) throws(ArgumentProblem) -> RuleList {
        func isNoRule(_ why: String) -> ArgumentProblem {
            ArgumentProblem(.badUserInput, "The question '\(question.name)' is no rule: \(why)", at: "rule")
        }
        if let problem = question.problems.first { throw isNoRule("it is broken. \(problem)") }
        let operation: PreparedOperation
        var variables: [String: InputValue] = [:]
        do throws(RequestError) {
            var request = QueryRequest(document: Array(question.text.utf8))
            operation = try self.operation(of: request, viewer)
            if let given {
                request.variables = try question.variables(fromURL: given)
                variables = try self.variables(request, operation)
            }
        } catch {
            throw ArgumentProblem(error, at: "variables")
        }
        let plan = operation.plan(variables: variables)
        let roots = plan[plan.root].nodes.map { plan.nodes[$0] }
        let lists = roots.filter { if case .rows = $0.source { true } else { false } }
        let named = question.table.flatMap { table in lists.first { $0.responseName == table } }
        guard let node = named ?? (lists.count == 1 ? lists[0] : nil) else {
            let names = lists.map { "'\($0.responseName)'" }.joined(separator: ", ")
            throw isNoRule(
                lists.isEmpty
                    ? "it lists no rows at its root; a rule is one list with one 'where'."
                    : "it has \(lists.count) lists (\(names)); a comment '# table: \(lists[0].responseName)' would say which one is meant."
            )
        }
        guard case .rows(let connection) = node.source, let filterType = connection.filterType, node.arguments?["where"] != nil
        else { throw isNoRule("its list '\(node.responseName)' has no 'where'.") }
        return RuleList(
            operation: operation, variables: variables, plan: plan, node: node, type: connection.type, filterType: filterType)
    }

    /// A rule by name, ready to be asked of rows of a version.
    func askedRule(
        named name: String, _ variables: URLVariables, _ source: GraphSource
    ) throws(ArgumentProblem) -> AskedRule {
        var asked = try ruleToAsk(named: name, variables, source)
        guard model.shows(partsOf: asked.condition) else {
            throw ArgumentProblem(.forbidden, "The rule '\(name.prefix(100))' reads what is not shown in full.", at: "rule")
        }
        // What rules are made of reads parameters too.
        for (index, field) in model.parametricTypes.derived.enumerated() where !model.parametricTypes.derivedParameters.isEmpty {
            guard !model.parametricTypes.derivedParameters[index].isEmpty else { continue }
            field.expression.addParameterThresholds(asked.reading.parameters, to: &asked.parameterThresholds)
        }
        return asked
    }

    private func ruleToAsk(
        named name: String, _ variables: URLVariables, _ source: GraphSource
    ) throws(ArgumentProblem) -> AskedRule {
        let reading = RuleReading(
            asOf: source.asOf, resolved: source.parameters, rowTypes: source.rowTypes, derived: source.derived)
        switch try ruleSource(named: name) {
        case .question(let question): return try askedRule(question, variables, source, reading)
        case .check(let check):
            try refuseVariables(variables, "the check '\(name)'")
            return AskedRule(rule: Rule(check), of: check.expression, reading)
        case .field(let id):
            try refuseVariables(variables, "the field '\(name)'")
            let row = Expression.variable(0, model.rowTypes[id].type)
            return AskedRule(rule: Rule(id, in: model), condition: .derived(of: row, id, .boolean), reading: reading)
        case .procedure(let procedure, let transition):
            try refuseVariables(variables, "the procedure '\(procedure.name)'")
            let condition =
                transition.map { model.condition(of: $0, in: procedure) } ?? model.condition(of: procedure)
            var asked = AskedRule(rule: Rule(procedure, transition, in: model), of: condition, reading)
            if transition == nil { asked.narrowing = procedure }
            return asked
        }
    }

    private func refuseVariables(_ variables: URLVariables, _ what: String) throws(ArgumentProblem) {
        guard let first = variables.first else { return }
        throw ArgumentProblem(
            .unknownParameter, "'\(first.name.prefix(100))' is no variable: \(what) has none.", at: "variables")
    }

    /// Of another day than the request's, with what the request says of parameters.
    private func reading(
        on day: CivilDate, _ version: GraphVersion, _ scope: ParameterScope
    ) throws(RequestError) -> RuleReading {
        do throws(BeginningEnd) {
            let entry = try derivedEntry(for: version, day, scope)
            return RuleReading(
                asOf: day, resolved: entry.parameters, rowTypes: entry.rowTypes, derived: entry.columns)
        } catch {
            switch error {
            case .error(let error): throw error
            case .needed: throw RequestError(.invalid, "A version would have to be found first.")
            }
        }
    }

    private func askedRule(
        _ question: SavedQuestion, _ given: URLVariables, _ source: GraphSource, _ reading: RuleReading
    ) throws(ArgumentProblem) -> AskedRule {
        let list = try ruleList(of: question, given, source.viewer)
        var reading = reading
        do throws(RequestError) {
            if let text = try list.operation.asOfText(variables: list.variables), let own = CivilDate(isoText: text) {
                reading = try self.reading(on: own, source.version, source.parameters.asked)
            }
            guard try list.operation.versionName(variables: list.variables) == nil else {
                throw RequestError(.invalid, "The question '\(question.name)' is no rule: it names a version itself (@version).")
            }
        } catch {
            throw ArgumentProblem(error, at: "rule")
        }
        var value: InputValue?
        if let template = list.node.arguments?["where"] {
            do throws(InputProblem) {
                value = try model.resolveFilter(template, variables: list.variables).value
            } catch {
                throw ArgumentProblem(error)
            }
        }
        let origins = ConditionOrigins()
        let compiler = FilterCompiler(
            model, asOf: reading.asOf, version: source.version, parameters: reading.parameters, notes: source.notes,
            origins: origins, bounds: limits.filterBounds)
        // All that it asked was taken away by variables that were not sent: it holds every row.
        var condition = Expression.and([])
        if let value { condition = try compiler.condition(value, as: list.filterType) }
        var asked = AskedRule(rule: Rule(question, type: list.type), condition: condition, reading: reading)
        asked.parameterThresholds = origins.thresholds
        let (document, field) = (list.operation.document, list.node.ranges[0])
        asked.origins.find = { condition in
            guard let path = origins[condition] else { return nil }
            let written = ArgumentPlace(of: path, ofField: field, in: document).map { document.source.text($0.range) }
            return ThresholdOrigins.Origin(
                argument: path, variable: written.flatMap { $0.hasPrefix("$") ? String($0.dropFirst()) : nil })
        }
        return asked
    }
}

extension ArgumentProblem {
    /// A question that cannot be asked, told by whoever asks about it.
    init(_ error: RequestError, at argument: String) {
        self.init(
            error.errors.first?.code ?? .badUserInput, error.errors.map(\.message).joined(separator: " "), at: argument,
            limit: error.errors.first?.limit)
    }
}
