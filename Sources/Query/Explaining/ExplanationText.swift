import Expressions
import Model
import StoreColumns

/// A verdict as lines for people: what was asked, every condition with its value and threshold, what is missing, what would help.
struct ExplanationText {
    private let tree: VerdictTree
    private var words: ValueWords { tree.words }

    init(_ tree: VerdictTree) { self.tree = tree }

    var text: String {
        let rule = tree.asked.rule
        let title = [rule.titleChinese, rule.titleEnglish].compactMap(\.self).joined(separator: " · ")
        let name = words.name(of: tree.row).map { " \($0)" } ?? ""
        var lines = [
            "\(rule.name)\(title.isEmpty ? "" : " (\(title))")",
            "\(words.model[tree.row.type].name) \(words.key(of: tree.row))\(name), as of \(tree.asked.asOf), version "
                + "\(words.version.number): \(tree.tree.verdict.verdict)",
            "",
        ]
        add(tree.tree, indent: "", to: &lines)
        if !tree.tree.missing.isEmpty {
            lines += ["", "What is missing:"] + tree.tree.missing.map { "  " + text(of: $0) }
        }
        if !tree.ways.isEmpty {
            lines += ["", "It would hold if:"]
            for (index, way) in tree.ways.enumerated() {
                for (place, change) in way.enumerated() {
                    lines.append((place == 0 ? "  \(index + 1). " : "     and ") + text(of: change))
                }
            }
        }
        return lines.joined(separator: "\n")
    }

    // MARK: - Conditions

    private func add(_ node: ExplainedCondition, indent: String, to lines: inout [String]) {
        lines.append("\(mark(node.verdict)) \(indent)\(text(of: node))")
        for part in node.parts { add(part, indent: indent + "  ", to: &lines) }
        guard let evidence = node.evidence else { return }
        for row in evidence.rows {
            let name = words.name(of: .init(type: evidence.type, row: row.row)).map { " \($0)" } ?? ""
            lines.append(
                "\(mark(row.verdict)) \(indent)  · \(words.model[evidence.type].name) "
                    + "\(words.key(of: .init(type: evidence.type, row: row.row)))\(name)")
            guard let condition = row.condition else { continue }
            for part in condition.form == .all ? condition.parts : [condition] {
                add(part, indent: indent + "      ", to: &lines)
            }
        }
        if evidence.moreCount > 0 { lines.append("  \(indent)  · and \(evidence.moreCount) more") }
    }

    private func mark(_ verdict: Truth) -> String {
        switch verdict {
        case .yes: "✓"
        case .no: "✗"
        case .unknown: "?"
        }
    }

    private func text(of node: ExplainedCondition) -> String {
        switch node.form {
        case .all: return "all of"
        case .any: return "one of"
        case .not: return "not"
        case .choice, .constant: return words.text(node.expression)
        case .rows(let quantifier):
            return "\(count(of: node)): \(quantifier.phrase)" + (node.isCut ? " (conditions left out)" : "")
        case .contains: return "\(count(of: node)) hold \(subject(node))"
        case .related, .derived, .holds: return subject(node)
        default:
            let sign = node.form.words()?.sign ?? ""
            return "\(subject(node)) \(sign)\(threshold(node))" + (node.evidence.map { "  [of \($0.count) rows]" } ?? "")
        }
    }

    private func count(of node: ExplainedCondition) -> String {
        guard let evidence = node.evidence else { return words.text(node.expression) }
        let name = words.text(evidence.path) ?? words.model[evidence.type].name
        let label = words.label(evidence.path).map { " (\($0))" } ?? ""
        return "\(name)\(label), \(evidence.holdingCount) of \(evidence.count)"
    }

    private func subject(_ node: ExplainedCondition) -> String {
        guard let subject = node.subject else { return words.text(node.expression) }
        return "\(name(of: subject)): \(shown(subject))" + madeOf(subject)
    }

    private func name(of value: ExplainedValue) -> String {
        let name = words.text(value.path) ?? words.text(value.expression)
        return name + (words.label(value.path).map { " (\($0))" } ?? "")
    }

    private func shown(_ value: ExplainedValue) -> String {
        guard words.personal.shows(value.expression) else { return "(hidden)" }
        guard let text = words.text(value) else { return "nothing" }
        return text + (words.label(value.value, value.type).map { " \($0)" } ?? "")
    }

    private func madeOf(_ value: ExplainedValue) -> String {
        guard !value.madeOf.isEmpty, words.personal.shows(value.expression) else { return "" }
        let parts = value.madeOf.map { "\(words.text($0.path) ?? words.text($0.expression)) \(shown($0))" }
        return " [" + parts.joined(separator: ", ") + "]"
    }

    private func threshold(_ node: ExplainedCondition) -> String {
        guard let threshold = node.threshold else { return "" }
        if case .value(let other) = threshold { return " \(name(of: other)): \(shown(other))" }
        var said = tree.asked.origins.find(node.expression)?.variable.map { " ($\($0))" } ?? ""
        if let parameter = tree.thresholdParameter(node) {
            said = " (\(parameter.name)\(parameter.document.map { ": \($0)" } ?? ""))"
        }
        return " " + tree.texts(of: threshold).joined(separator: ", ") + said
    }

    // MARK: - What is missing, what would help

    private func text(of missing: MissingValue) -> String {
        let row = missing.holder.map { " of \(words.model[$0.type].name) \(words.key(of: $0))" } ?? ""
        let field = tree.field(of: missing)
        let name = field?.name ?? words.text(missing.expression)
        let label = field?.label.chinese.map { " (\($0))" } ?? ""
        switch missing.reason {
        case .field: return "\(name)\(label)\(row) has no value"
        case .rows: return "\(name)\(label)\(row) has no rows to take one from"
        case .zero: return "\(name)\(label)\(row) is 0, by which nothing is divided"
        }
    }

    /// `incidence (…): 0.0798 → < 0.02, -0.0598`
    func text(of change: VerdictChange) -> String {
        guard let node = tree.tree.all.first(where: { $0.number == change.condition }) else { return "" }
        guard let subject = node.subject, let sign = node.form.words(holds: change.holds)?.sign else {
            if let subject = node.subject, case .holds = node.form { return "\(name(of: subject)): \(change.holds)" }
            return (change.holds ? "this holds: " : "this no longer holds: ") + ruleText(of: node)
        }
        let limit = node.threshold.map { " " + tree.texts(of: $0).joined(separator: ", ") } ?? ""
        let difference = words.personal.shows(subject.expression) ? tree.difference(node).map { ", by \($0)" } ?? "" : ""
        return "\(name(of: subject)): \(shown(subject)) → \(sign)\(limit)\(difference)"
    }

    private func ruleText(of node: ExplainedCondition) -> String {
        switch node.form {
        case .rows, .contains: "\(text(of: node)) — \(words.text(node.expression))"
        default: words.text(node.expression)
        }
    }
}

extension Quantifier {
    fileprivate var phrase: String {
        switch self {
        case .some: "at least one has to"
        case .every: "every one has to"
        case .none: "none may"
        case .exactlyOne: "exactly one has to"
        }
    }
}
