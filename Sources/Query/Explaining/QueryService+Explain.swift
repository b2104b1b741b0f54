import Expressions
import GraphQLTypes
import Model
import QueryExecution
import QueryPlanning
import StoreColumns

/// `explain`, `explainFailures` and `explainRules`: worked out before the answer is written, as comparisons are. `api.md` §7
extension QueryService {
    /// What a root field that explains comes to.
    func explained(
        _ node: PlanNode, _ plan: Plan, _ variables: [String: InputValue], _ source: GraphSource
    ) throws(ArgumentProblem) -> TreeValue {
        var arguments = InputObject([])
        if let template = node.arguments {
            do throws(InputProblem) {
                arguments = try plan.schema.resolve(template, variables: variables)
            } catch {
                throw ArgumentProblem(error)
            }
        }
        switch node.source {
        case .explainRules: return .list(rules(for: source.viewer).map { $0.value(in: model) })
        case .explainFailures: return try failures(arguments, source)
        default: return try verdict(arguments, source)
        }
    }

    private func verdict(_ arguments: InputObject, _ source: GraphSource) throws(ArgumentProblem) -> TreeValue {
        var asked = try askedRule(arguments, source)
        let row = try row(arguments, asked.rule, source.version)
        source.told?.add(tellings.telling(of: asked.condition), of: row.row, row.type)
        var limits = ExplanationLimits(conditions: limits.explainedConditions, evidenceRows: 0)
        limits.evidenceRows =
            try count("evidence", arguments, upTo: self.limits.evidenceRows, .evidenceRows)
            ?? min(5, self.limits.evidenceRows)
        let words = words(arguments, source)
        do throws(EvaluationError) {
            if let procedure = asked.narrowing {
                // Only the steps from where the row stands tell why it may not go on.
                let state = try CompiledExpression(procedure.state, on: row.type, context(of: asked, source)).value(of: row.row)
                var code: UInt16?
                if case .enumeration(let found) = state { code = found }
                asked.condition = model.condition(of: procedure, from: .some(code)).bound(to: asked.reading.parameters)
            }
            var explainer = Explainer(context(of: asked, source), of: row.row, row.type, limits: limits)
            let tree = try explainer.explain(asked.condition, isOfModel: asked.rule.kind != .question)
            let ways = try FlipFinder(explainer, tree).ways()
            return VerdictTree(words: words, asked: asked, row: row, tree: tree, ways: ways).value
        } catch {
            throw ArgumentProblem(error, at: "rule")
        }
    }

    private func failures(_ arguments: InputObject, _ source: GraphSource) throws(ArgumentProblem) -> TreeValue {
        let asked = try askedRule(arguments, source)
        let words = words(arguments, source)
        let conditions = FailureCounts.conditions(of: asked.condition)
        source.told?.add(tellings.telling(of: asked.condition), .asked)
        var scope: Set<Int> = []
        if case .list(let numbers)? = arguments["among"] {
            for case .int(let number) in numbers {
                guard conditions.indices.contains(Int(number)) else {
                    throw ArgumentProblem(
                        .badUserInput,
                        "The rule '\(asked.rule.name)' has no condition \(number); they are numbered from 0 to "
                            + "\(conditions.count - 1).", at: "among")
                }
                scope.insert(Int(number))
            }
        }
        let first = try count("first", arguments, upTo: limits.pageSize, .pageSize) ?? limits.defaultPageSize
        var key: Expression?
        if case .string(let path)? = arguments["by"] { key = try groupKey(path, asked.rule.type, words.personal) }
        if let key { source.told?.add(tellings.telling(of: key), .full) }
        do throws(EvaluationError) {
            let counts = try FailureCounts(
                conditions, of: asked.rule.type, among: scope, by: key, context(of: asked, source),
                isOfModel: asked.rule.kind != .question, groupLimit: limits.groups)
            return FailureTree(
                words: words, rule: asked.rule, conditions: conditions, scope: scope, key: key, counts: counts, first: first
            ).value
        } catch {
            throw ArgumentProblem(error, at: "rule")
        }
    }

    // MARK: - Arguments

    private func askedRule(_ arguments: InputObject, _ source: GraphSource) throws(ArgumentProblem) -> AskedRule {
        guard case .string(let name)? = arguments["rule"] else {
            throw ArgumentProblem(.badUserInput, "'rule' is missing.", at: "rule")
        }
        var variables: URLVariables = []
        if case .list(let items)? = arguments["variables"] {
            for case .object(let item) in items {
                guard case .string(let name)? = item["name"], case .string(let value)? = item["value"] else { continue }
                variables.append((name, value))
            }
        }
        return try askedRule(named: name, variables, source)
    }

    private func context(of asked: AskedRule, _ source: GraphSource) -> EvaluationContext {
        var context = EvaluationContext(
            version: source.version, rowTypes: asked.reading.rowTypes, asOf: asked.asOf, budget: source.budget,
            derived: asked.reading.derived, splitting: source.splitting)
        context.notes = source.notes
        context.textBounds = limits.textBounds
        return context
    }

    private func words(_ arguments: InputObject, _ source: GraphSource) -> ValueWords {
        ValueWords(
            model: model, version: source.version,
            personal: PersonalView(viewer: source.viewer, isAsked: arguments["personal"] == .boolean(true), model: model))
    }

    private func row(_ arguments: InputObject, _ rule: Rule, _ version: GraphVersion) throws(ArgumentProblem) -> NodeRow {
        let type = model[rule.type]
        let key: Key
        let shown: String
        let argument: String
        switch (arguments["id"], arguments["key"]) {
        case (.string(let id)?, nil), (.string(let id)?, .null?):
            key = try self.key(ofID: id, rule)
            (shown, argument) = (KeyText.text(key, of: rule.type, in: model.catalog), "id")
        case (nil, .string(let text)?), (.null?, .string(let text)?):
            guard let found = KeyText.key(text, of: rule.type, in: model.catalog) else {
                throw ArgumentProblem(
                    .badUserInput,
                    "'\(text.prefix(100))' is no key of a \(type.name); its parts are "
                        + "\(type.key.map { type.fields[$0].name }.joined(separator: "|")).", at: "key")
            }
            (key, shown, argument) = (found, text, "key")
        default:
            throw ArgumentProblem(
                .badUserInput, "Name the \(type.name) that is asked about by 'id' or by 'key', and not by both.", at: "id")
        }
        guard let row = version.row(of: rule.type, forKey: key) else {
            throw ArgumentProblem(
                .badUserInput, "There is no \(type.name) '\(shown.prefix(100))' in version \(version.number).", at: argument)
        }
        return NodeRow(type: rule.type, row: row)
    }

    private func key(ofID text: String, _ rule: Rule) throws(ArgumentProblem) -> Key {
        let type = model[rule.type].name
        switch GlobalID.read(text, in: model.catalog) {
        case .id(let id) where id.type == rule.type: return id.key
        case .id(let id):
            throw ArgumentProblem(
                .badUserInput, "'id' names a \(model[id.type].name), and the rule '\(rule.name)' is asked of a \(type).", at: "id"
            )
        case .foreign, .malformed:
            throw ArgumentProblem(
                .badUserInput,
                "'\(text.prefix(40))' is no global id of this model; those are what the field 'id' of a row gives. "
                    + "For a key there is 'key'.", at: "id")
        }
    }

    private func count(
        _ name: String, _ arguments: InputObject, upTo maximum: Int, _ limit: QueryLimitName
    ) throws(ArgumentProblem) -> Int? {
        guard case .int(let number)? = arguments[name] else { return nil }
        guard number >= 0 else {
            throw ArgumentProblem(.badUserInput, "'\(name)' is \(number); it counts rows and cannot be negative.", at: name)
        }
        guard number <= Int64(maximum) else {
            throw ArgumentProblem(
                .badUserInput, "At most \(maximum) are shown; '\(name)' is \(number) (limit \(limit.rawValue)).", at: name,
                limit: ExceededLimit(name: limit.rawValue, maximum: maximum, found: Int(number)))
        }
        return Int(number)
    }

    /// The value that a path of fields leads to, through to-one edges.
    private func groupKey(
        _ path: String, _ type: NodeTypeID, _ personal: PersonalView
    ) throws(ArgumentProblem) -> Expression {
        var row = Expression.variable(0, type)
        var current = model[type]
        let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard names.count <= limits.filterDepth else {
            throw ArgumentProblem(
                .badUserInput,
                "'by' goes through more than \(limits.filterDepth) edges (limit \(QueryLimitName.filterDepth.rawValue)).",
                at: "by",
                limit: ExceededLimit(name: QueryLimitName.filterDepth.rawValue, maximum: limits.filterDepth, found: names.count))
        }
        for (index, name) in names.enumerated() {
            guard let field = current.field(named: name) else {
                throw ArgumentProblem(
                    .badUserInput,
                    "\(current.name) has no field '\(name.prefix(100))'."
                        + (language.introspects ? suggestion(for: name, among: current.fields.map(\.name)) : ""), at: "by")
            }
            guard field.view.isFull else {
                throw ArgumentProblem(
                    .forbidden, "Groups are not made by \(current.name).\(name), which is shown masked.", at: "by")
            }
            guard personal.shows(field) else {
                throw ArgumentProblem(
                    .badUserInput, "\(current.name).\(name) tells about a person; groups by it are made with 'personal: true'.",
                    at: "by")
            }
            switch field.source {
            case .toOne(let edge, let target):
                row = .follow(row, edge)
                current = model[target]
            case .toMany:
                throw ArgumentProblem(
                    .badUserInput, "\(current.name).\(name) leads to many rows; groups are made by one.", at: "by")
            case .column(_, .enumerationList), .validColumn(_, _, .enumerationList):
                throw ArgumentProblem(.badUserInput, "\(current.name).\(name) is a list; groups are made by one value.", at: "by")
            case .column, .validColumn, .derived:
                guard index == names.count - 1, let value = field.source.value(of: row) else {
                    throw ArgumentProblem(.badUserInput, "\(current.name).\(name) is a value and has no fields.", at: "by")
                }
                return value
            }
        }
        return row
    }
}
