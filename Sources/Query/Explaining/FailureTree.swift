import Expressions
import Model
import QueryExecution
import QueryPlanning
import StoreColumns

/// How often the conditions of a rule fail, as the API answers it.
struct FailureTree {
    let words: ValueWords
    let rule: Rule
    let conditions: [Expression]
    let scope: Set<Int>
    let key: Expression?
    let counts: FailureCounts
    /// Groups shown.
    let first: Int

    var value: TreeValue {
        var members: [String: TreeValue] = [:]
        members["rule"] = rule.value(in: words.model)
        members["by"] = .text(words.text(path))
        members["byLabel"] = .text(words.label(path))
        members["conditions"] = .list(conditions.enumerated().map { condition($0.element, $0.offset) })
        members["total"] = count(counts.total)
        members["groups"] = .list(ordered.prefix(first).map { group($0) })
        members["groupCount"] = .count(counts.groups.count)
        return .object(.members(members))
    }

    private var path: FieldPath? { key?.fieldPath(in: words.model.rowTypes) }

    /// Those with the most failures first, then by key.
    private var ordered: [FailureCounts.Group] {
        counts.groups.map { ($0, keyText($0.key) ?? "") }.sorted { left, right in
            let (a, b) = (left.0.failing + left.0.unknown, right.0.failing + right.0.unknown)
            return a != b ? a > b : left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
        }.map(\.0)
    }

    private func condition(_ expression: Expression, _ number: Int) -> TreeValue {
        let path = subject(of: expression)?.fieldPath(in: words.model.rowTypes)
        var members: [String: TreeValue] = [:]
        members["number"] = .count(number)
        members["expression"] = .string(words.text(expression))
        members["field"] = .text(words.text(path))
        members["label"] = .text(words.label(path))
        members["delimits"] = .boolean(scope.contains(number))
        return .object(.members(members))
    }

    /// What a condition is first of all about.
    private func subject(of expression: Expression) -> Expression? {
        switch expression {
        case .compare(_, let left, _): left
        case .not(let part): subject(of: part)
        case .or(let parts): parts.first.flatMap { subject(of: $0) }
        case .isNull(let part), .isOneOf(let part, _), .text(_, let part), .listIncludes(let part, _, _), .listIsEmpty(let part):
            part
        case .quantified(_, let set, _, _), .contains(let set, _): set
        case .column, .derived: expression
        default: nil
        }
    }

    private func keyText(_ key: Scalar) -> String? { words.text(key, self.key?.type ?? .boolean) }

    private func group(_ group: FailureCounts.Group) -> TreeValue {
        var row: NodeRow?
        if case .row(let number) = group.key, let type = key?.type.rowType { row = NodeRow(type: type, row: number) }
        let label = key.flatMap { words.label(group.key, $0.type) }
        var members: [String: TreeValue] = [:]
        members["key"] = .text(keyText(group.key))
        if let row {
            members["id"] = .string(words.id(of: row))
            members["name"] = .text(words.name(of: row))
        } else {
            members["name"] = .text(label)
        }
        members["counts"] = count(group)
        return .object(.members(members))
    }

    private func count(_ group: FailureCounts.Group) -> TreeValue {
        var members: [String: TreeValue] = [:]
        members["rows"] = .count(group.rows)
        members["holding"] = .count(group.holding)
        members["failing"] = .count(group.failing)
        members["unknown"] = .count(group.unknown)
        members["conditions"] = .list(group.conditions.enumerated().map { count($0.element, $0.offset) })
        return .object(.members(members))
    }

    private func count(_ condition: FailureCounts.Condition, _ number: Int) -> TreeValue {
        var members: [String: TreeValue] = [:]
        members["number"] = .count(number)
        members["failing"] = .count(condition.failing)
        members["unknown"] = .count(condition.unknown)
        members["alone"] = .count(condition.alone)
        return .object(.members(members))
    }
}
