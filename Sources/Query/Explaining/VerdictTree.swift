import Expressions
import Model
import QueryExecution
import QueryPlanning
import StoreColumns

/// A verdict with its conditions, as the API answers it.
struct VerdictTree {
    let words: ValueWords
    let asked: AskedRule
    let row: NodeRow
    let tree: ExplainedCondition
    let ways: [[VerdictChange]]

    private var personal: PersonalView { words.personal }
    private var model: Model { words.model }

    var value: TreeValue {
        var members: [String: TreeValue] = [:]
        members["rule"] = asked.rule.value(in: model)
        members["type"] = .string(model[row.type].name)
        members["typeLabel"] = .text(model[row.type].label.chinese)
        members["id"] = .string(words.id(of: row))
        members["key"] = .string(words.key(of: row))
        members["name"] = .text(words.name(of: row))
        members["version"] = .string(String(words.version.number))
        members["asOf"] = .string(asked.asOf.description)
        members["verdict"] = .string(tree.verdict.verdict)
        members["condition"] = condition(tree, parent: nil, depth: 0)
        members["conditions"] = .list(list(tree))
        members["missing"] = .list(tree.missing.map(missing))
        members["ways"] = .list(ways.map { way in TreeValue.object(.members(["changes": .list(way.map(change))])) })
        members["text"] = .string(ExplanationText(self).text)
        return .object(.members(members))
    }

    // MARK: - Conditions

    private func list(_ node: ExplainedCondition, parent: Int? = nil, depth: Int = 0) -> [TreeValue] {
        [condition(node, parent: parent, depth: depth)]
            + node.parts.flatMap { list($0, parent: node.number, depth: depth + 1) }
    }

    private func condition(_ node: ExplainedCondition, parent: Int?, depth: Int) -> TreeValue {
        let sign = node.form.words()
        var members: [String: TreeValue] = [:]
        members["number"] = .count(node.number)
        members["parent"] = parent.map { TreeValue.count($0) } ?? .null
        members["depth"] = .count(depth)
        members["verdict"] = .string(node.verdict.verdict)
        members["form"] = .string(node.form.name)
        members["expression"] = .string(words.text(node.expression))
        members["subject"] = node.subject.map { explained($0) } ?? .null
        members["operator"] = .text(sign?.filter)
        members["sign"] = .text(sign?.sign)
        members["threshold"] = threshold(node)
        members["evidence"] = node.evidence.map { evidence($0) } ?? .null
        members["missing"] = .list(node.missing.map(missing))
        members["conditions"] = .list(node.parts.map { condition($0, parent: node.number, depth: depth + 1) })
        members["isCut"] = .boolean(node.isCut)
        return .object(.members(members))
    }

    private func explained(_ value: ExplainedValue) -> TreeValue {
        let isHidden = !personal.shows(value.expression)
        var members: [String: TreeValue] = [:]
        members["field"] = .text(words.text(value.path))
        members["label"] = .text(words.label(value.path))
        members["expression"] = .string(words.text(value.expression))
        members["hidden"] = .boolean(isHidden)
        if !isHidden {
            members["value"] = .text(words.text(value))
            members["valueLabel"] = .text(words.label(value.value, value.type))
            if case .ratio(let ratio) = value.value { members["fraction"] = .string(ratio.description) }
        }
        if let holder = value.holder {
            members["ofType"] = .string(model[holder.type].name)
            members["ofId"] = .string(words.id(of: holder))
            members["ofKey"] = .string(words.key(of: holder))
        }
        members["madeOf"] = .list(value.madeOf.map { explained($0) })
        return .object(.members(members))
    }

    // MARK: - Thresholds

    private func threshold(_ node: ExplainedCondition) -> TreeValue {
        guard let threshold = node.threshold else { return .null }
        let texts = self.texts(of: threshold)
        let origin = asked.origins.find(node.expression)
        var source = origin?.variable == nil ? "LITERAL" : "VARIABLE"
        var computed = TreeValue.null
        let parameter = thresholdParameter(node)
        if parameter != nil { source = "PARAMETER" }
        if case .value(let other) = threshold {
            source = "DATA"
            computed = explained(other)
        }
        var labels: [String] = []
        switch threshold {
        case .constants(let constants, let type): labels = constants.compactMap { words.label($0, type) }
        case .codes(let codes, let id): labels = codes.compactMap { words.label($0, of: id) }
        case .pattern, .value: break
        }
        var members: [String: TreeValue] = [:]
        members["value"] = .text(texts.isEmpty ? nil : texts.joined(separator: ", "))
        members["values"] = .list(texts.map { TreeValue.string($0) })
        members["valueLabels"] = .list(labels.map { TreeValue.string($0) })
        members["source"] = .string(source)
        members["variable"] = .text(origin?.variable)
        members["argument"] = .text(origin?.argument)
        members["computed"] = computed
        members["parameter"] = .text(parameter?.name)
        members["document"] = .text(parameter?.document)
        members["documentId"] = .text(parameter?.documentID)
        return .object(.members(members))
    }

    /// The parameter that says what a condition holds a value against, and the document behind it; nil where none does.
    func thresholdParameter(_ node: ExplainedCondition) -> ThresholdParameter? {
        guard case .constants? = node.threshold, let id = asked.parameterThresholds[node.expression] else { return nil }
        return ThresholdParameter(id, asked.reading.resolved, words)
    }

    /// Empty for another value that is not there, or is hidden.
    func texts(of threshold: ExplainedThreshold) -> [String] {
        switch threshold {
        case .constants(let constants, let type): constants.compactMap { words.text($0, type) }
        case .pattern(let match): [match.pattern]
        case .codes(let codes, let id): codes.map { words.name($0, of: id) }
        case .value(let other): personal.shows(other.expression) ? words.text(other).map { [$0] } ?? [] : []
        }
    }

    // MARK: - Evidence

    private func evidence(_ evidence: ExplainedEvidence) -> TreeValue {
        var members: [String: TreeValue] = [:]
        members["type"] = .string(model[evidence.type].name)
        members["typeLabel"] = .text(model[evidence.type].label.chinese)
        members["field"] = .text(words.text(evidence.path))
        members["label"] = .text(words.label(evidence.path))
        members["count"] = .count(evidence.count)
        members["holding"] = .count(evidence.holdingCount)
        members["unknown"] = .count(evidence.unknownCount)
        members["more"] = .count(evidence.moreCount)
        members["rows"] = .list(evidence.rows.map { evidenceRow($0, of: evidence.type) })
        return .object(.members(members))
    }

    private func evidenceRow(_ row: ExplainedEvidence.Row, of type: NodeTypeID) -> TreeValue {
        let node = NodeRow(type: type, row: row.row)
        var members: [String: TreeValue] = [:]
        members["id"] = .string(words.id(of: node))
        members["key"] = .string(words.key(of: node))
        members["name"] = .text(words.name(of: node))
        members["verdict"] = .string(row.verdict.verdict)
        members["conditions"] = .list(row.condition.map { list($0) } ?? [])
        return .object(.members(members))
    }

    private func missing(_ value: MissingValue) -> TreeValue {
        let field = field(of: value)
        var members: [String: TreeValue] = [:]
        members["reason"] = .string(value.reason.name)
        if let holder = value.holder {
            members["type"] = .string(model[holder.type].name)
            members["id"] = .string(words.id(of: holder))
            members["key"] = .string(words.key(of: holder))
        }
        members["field"] = .text(field?.name)
        members["label"] = .text(field?.label.chinese)
        members["expression"] = .string(words.text(value.expression))
        return .object(.members(members))
    }

    /// The field that has no value; nil where no field alone is to blame.
    func field(of value: MissingValue) -> ModelField? {
        guard let holder = value.holder, let position = value.position else { return nil }
        return model[holder.type].fields[position]
    }

    // MARK: - Changes

    private func change(_ change: VerdictChange) -> TreeValue {
        guard let node = tree.all.first(where: { $0.number == change.condition }) else { return .null }
        let isHidden = node.subject.map { !personal.shows($0.expression) } ?? false
        let sign = node.form.words(holds: change.holds)
        var members: [String: TreeValue] = [:]
        members["condition"] = .count(change.condition)
        members["holds"] = .boolean(change.holds)
        members["field"] = .text(words.text(node.subject?.path))
        members["label"] = .text(words.label(node.subject?.path))
        members["expression"] = .string(words.text(node.subject?.expression ?? node.expression))
        members["hidden"] = .boolean(isHidden)
        members["operator"] = .text(sign?.filter)
        members["sign"] = .text(sign?.sign)
        members["threshold"] = .text(node.threshold.map { texts(of: $0).joined(separator: ", ") })
        if !isHidden {
            members["actual"] = .text(node.subject.flatMap { words.text($0) })
            members["difference"] = .text(difference(node))
        }
        members["text"] = .string(ExplanationText(self).text(of: change))
        return .object(.members(members))
    }

    /// From the actual value to the threshold.
    func difference(_ node: ExplainedCondition) -> String? {
        guard case .compare = node.form, let subject = node.subject else { return nil }
        let limit: (Scalar, ExpressionType)
        switch node.threshold {
        case .constants(let constants, let type)?: limit = (constants.first ?? .null, type)
        case .value(let other)? where personal.shows(other.expression): limit = (other.value, other.type)
        default: return nil
        }
        switch (subject.value, limit.0) {
        case (.date(let actual), .date(let wanted)): return signed(Int64(wanted.days) - Int64(actual.days)) + " d"
        case (.int(let actual), .int(let wanted)):
            let (difference, overflows) = wanted.subtractingReportingOverflow(actual)
            return overflows ? nil : signed(difference)
        default:
            guard let actual = subject.value.exact, let wanted = limit.0.exact,
                let difference = Ratio(
                    reducing: Int128(wanted.numerator) * Int128(actual.denominator)
                        - Int128(actual.numerator) * Int128(wanted.denominator),
                    over: Int128(actual.denominator) * Int128(wanted.denominator))
            else { return nil }
            let text = difference.text(fractionDigits: digits(subject.type, limit.1))
            return difference.numerator > 0 ? "+" + text : text
        }
    }

    private func digits(_ types: ExpressionType...) -> Int {
        types.map { type in
            switch type {
            case .decimal(let digits), .ratio(let digits): digits
            default: 0
            }
        }.max() ?? 0
    }

    private func signed(_ number: Int64) -> String { number > 0 ? "+\(number)" : "\(number)" }
}

extension Scalar {
    /// An exact number as a fraction.
    fileprivate var exact: Ratio? {
        switch self {
        case .int(let value): Ratio(numerator: value, denominator: 1)
        case .decimal(let value): Ratio(value)
        case .ratio(let value): value
        default: nil
        }
    }
}

extension MissingValue.Reason {
    /// As the API's enum has it.
    var name: String {
        switch self {
        case .field: "FIELD"
        case .rows: "ROWS"
        case .zero: "ZERO"
        }
    }
}

extension TreeValue {
    /// A text, or null.
    static func text(_ text: String?) -> TreeValue { text.map { .string($0) } ?? .null }
}

extension Rule {
    func value(in model: Model) -> TreeValue {
        var members: [String: TreeValue] = [:]
        members["name"] = .string(name)
        members["kind"] = .string(kind.rawValue)
        members["type"] = .string(model[type].name)
        members["typeLabel"] = .text(model[type].label.chinese)
        members["titleZh"] = .text(titleChinese)
        members["titleEn"] = .text(titleEnglish)
        members["description"] = .text(description)
        members["rules"] = .list(ids.map { TreeValue.string($0) })
        members["variables"] = .list(variables.map { Self.value(of: $0) })
        return .object(.members(members))
    }

    private static func value(of variable: SavedQuestion.Variable) -> TreeValue {
        var members: [String: TreeValue] = [:]
        members["name"] = .string(variable.name)
        members["type"] = .string(variable.typeText)
        members["isRequired"] = .boolean(variable.isRequired)
        members["default"] = .text(variable.defaultText)
        members["description"] = .text(variable.description)
        return .object(.members(members))
    }
}
