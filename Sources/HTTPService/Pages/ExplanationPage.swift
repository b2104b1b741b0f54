import Foundation

/// The page that shows an explanation: the answer as it was given, brought into the holes of `Schema/pages/explain.html`.
package struct ExplanationPage: Sendable {
    /// Nil: the list of rules.
    package var rule: String?
    /// Of the address, decoded.
    package var parameters: [(name: String, value: String)]
    /// The response to one of `ExplanationDocuments`.
    package var answer: [UInt8]

    package init(rule: String?, parameters: [(name: String, value: String)], answer: [UInt8]) {
        self.rule = rule
        self.parameters = parameters
        self.answer = answer
    }

    package var values: Template.Values {
        var values = Template.Values()
        values.texts["rule"] = rule ?? ""
        let answer: ExplanationAnswer
        do {
            answer = try ExplanationAnswer(reading: self.answer)
        } catch {
            values.lists["problems"] = [Template.Values(texts: ["message": "The answer cannot be shown: \(error)"])]
            return values
        }
        values.lists["problems"] = (answer.errors ?? []).map { Template.Values(texts: ["message": $0.message]) }
        if let meta = answer.data?.meta { (values.texts["version"], values.texts["asOf"]) = (meta.version, meta.asOf) }
        if let rules = answer.data?.explainRules { add(rules, to: &values) }
        if let verdict = answer.data?.explain { add(verdict, to: &values) }
        if let failures = answer.data?.explainFailures { add(failures, to: &values) }
        return values
    }

    // MARK: - Rules

    private func add(_ rules: [ExplanationAnswer.Rule], to values: inout Template.Values) {
        values.lists["index"] = [Template.Values()]
        values.lists["rules"] = rules.map { rule in
            Template.Values(texts: [
                "name": rule.name, "kind": rule.kind, "titleZh": rule.titleZh ?? "", "titleEn": rule.titleEn ?? "",
                "type": rule.type, "typeLabel": rule.typeLabel ?? "", "ids": rule.rules.joined(separator: " "),
            ])
        }
    }

    private func add(_ rule: ExplanationAnswer.Rule, to values: inout Template.Values) {
        values.texts["titleZh"] = rule.titleZh ?? rule.name
        values.texts["titleEn"] = rule.titleEn ?? ""
        values.texts["description"] = rule.description ?? ""
        values.texts["type"] = rule.type
        values.texts["typeLabel"] = rule.typeLabel ?? rule.type
        values.texts["ids"] = rule.rules.joined(separator: ", ")
        values.texts["key"] = given("key")
        values.texts["by"] = given("by")
        values.texts["givenAsOf"] = given("asOf")
        values.lists["form"] = [Template.Values()]
        values.lists["variables"] = rule.variables.map { variable in
            Template.Values(texts: [
                "name": variable.name, "value": given(variable.name), "type": variable.type,
                "default": variable.default ?? (variable.isRequired ? "" : "—"), "description": variable.description ?? "",
            ])
        }
    }

    private func given(_ name: String) -> String { parameters.first { $0.name == name }?.value ?? "" }

    // MARK: - A verdict

    private func add(_ verdict: ExplanationAnswer.Verdict, to values: inout Template.Values) {
        add(verdict.rule, to: &values)
        values.texts["version"] = verdict.version
        values.texts["asOf"] = verdict.asOf
        values.texts["key"] = verdict.key
        values.lists["verdict"] = [
            Template.Values(texts: [
                "key": verdict.key, "name": verdict.name ?? "", "typeLabel": verdict.typeLabel ?? verdict.type,
                "class": Self.style(verdict.verdict), "zh": Self.chinese(verdict.verdict), "en": verdict.verdict,
            ])
        ]
        values.lists["lines"] = verdict.conditions.flatMap { lines($0, below: 0) }
        values.lists["missing"] = verdict.missing.map { missing in
            Template.Values(texts: [
                "label": missing.label ?? missing.field ?? missing.expression, "field": missing.field ?? missing.expression,
                "of": [missing.type, missing.key].compactMap(\.self).joined(separator: " "),
                "zh": Self.missingChinese[missing.reason] ?? "", "en": Self.missingEnglish[missing.reason] ?? "",
            ])
        }
        values.lists["hasMissing"] = verdict.missing.isEmpty ? [] : [Template.Values()]
        values.lists["hasWays"] = verdict.ways.isEmpty ? [] : [Template.Values()]
        values.lists["ways"] = verdict.ways.map { way in
            Template.Values(
                texts: ["count": "\(way.changes.count)"],
                lists: ["changes": way.changes.map { Template.Values(texts: ["text": $0.text]) }])
        }
    }

    /// A condition, and below it the rows of its evidence with their own.
    private func lines(_ condition: ExplanationAnswer.Condition, below depth: Int) -> [Template.Values] {
        let depth = depth + condition.depth
        var lines = [line(condition, depth)]
        guard let evidence = condition.evidence else { return lines }
        for row in evidence.rows {
            lines.append(
                Template.Values(texts: [
                    "class": "\(Self.style(row.verdict)) evidence \(Self.indent(depth + 1))", "mark": Self.mark(row.verdict),
                    "verdictZh": Self.chinese(row.verdict), "label": evidence.typeLabel ?? evidence.type,
                    "field": row.key, "value": row.name ?? "",
                ]))
            lines += row.conditions.dropFirst(row.conditions.first?.form == "ALL" ? 1 : 0).flatMap {
                self.lines($0, below: depth + 2)
            }
        }
        if evidence.more > 0 {
            lines.append(
                Template.Values(texts: [
                    "class": "more \(Self.indent(depth + 1))", "label": "另有 \(evidence.more) 条", "field": "\(evidence.more) more",
                ]))
        }
        return lines
    }

    private func line(_ condition: ExplanationAnswer.Condition, _ depth: Int) -> Template.Values {
        var texts = [
            "class": "\(Self.style(condition.verdict)) \(Self.indent(depth))", "mark": Self.mark(condition.verdict),
            "verdictZh": Self.chinese(condition.verdict), "expression": condition.expression,
        ]
        if let subject = condition.subject {
            texts["label"] = subject.label ?? ""
            texts["field"] = subject.field ?? subject.expression
            texts["value"] = Self.shown(subject)
            texts["madeOf"] = (subject.madeOf ?? []).map { "\($0.label ?? $0.field ?? $0.expression) = \(Self.shown($0))" }
                .joined(separator: ", ")
        } else if let evidence = condition.evidence {
            texts["label"] = evidence.label ?? evidence.typeLabel ?? ""
            texts["field"] = evidence.field ?? evidence.type
        } else {
            texts["label"] = Self.formChinese[condition.form] ?? ""
            texts["field"] = Self.formEnglish[condition.form] ?? condition.expression
        }
        if let evidence = condition.evidence {
            let quantifier = Self.formChinese[condition.form].map { "\($0) " } ?? ""
            texts["counts"] =
                "\(quantifier)\(evidence.holding) / \(evidence.count)" + (evidence.unknown > 0 ? " (\(evidence.unknown) ?)" : "")
        }
        texts["sign"] = condition.sign ?? ""
        if let threshold = condition.threshold {
            if let computed = threshold.computed {
                texts["threshold"] = "\(Self.shown(computed)) (\(computed.label ?? computed.field ?? computed.expression))"
            } else {
                let labels = threshold.valueLabels.joined(separator: "、")
                texts["threshold"] = (threshold.value ?? "") + (labels.isEmpty ? "" : " \(labels)")
            }
            texts["source"] =
                threshold.parameter.map { [$0, threshold.document].compactMap(\.self).joined(separator: " · ") }
                ?? threshold.variable.map { "$\($0)" } ?? ""
        }
        return Template.Values(texts: texts)
    }

    private static func shown(_ value: ExplanationAnswer.Value) -> String {
        if value.hidden { return "（不显示 hidden）" }
        guard let text = value.value else { return "∅" }
        return text + (value.valueLabel.map { " \($0)" } ?? "")
    }

    private static func indent(_ depth: Int) -> String { "d\(min(depth, 12))" }
    private static func style(_ verdict: String) -> String { verdict.lowercased() }

    private static func mark(_ verdict: String) -> String {
        switch verdict {
        case "TRUE": "✓"
        case "FALSE": "✗"
        default: "?"
        }
    }

    private static func chinese(_ verdict: String) -> String {
        switch verdict {
        case "TRUE": "符合"
        case "FALSE": "不符合"
        default: "无法判断"
        }
    }

    private static let formChinese = [
        "ALL": "全部满足", "ANY": "满足其一", "NOT": "不得满足", "SOME": "至少一条", "EVERY": "每一条", "NONE": "没有一条",
        "EXACTLY_ONE": "恰有一条", "CONTAINS": "包含", "CHOICE": "视情况",
    ]
    private static let formEnglish = ["ALL": "all of", "ANY": "one of", "NOT": "not", "CHOICE": "depending"]
    private static let missingChinese = ["FIELD": "没有填写", "ROWS": "没有记录", "ZERO": "为零，不能作除数"]
    private static let missingEnglish = ["FIELD": "has no value", "ROWS": "has no rows", "ZERO": "is 0 and divides nothing"]

    // MARK: - Failures

    private func add(_ failures: ExplanationAnswer.Failures, to values: inout Template.Values) {
        add(failures.rule, to: &values)
        func label(_ condition: ExplanationAnswer.Failures.Condition) -> String {
            condition.label ?? condition.field ?? condition.expression
        }
        func cells(_ counts: ExplanationAnswer.Failures.Counts) -> [Template.Values] {
            counts.conditions.map { count in
                Template.Values(texts: [
                    "failing": "\(count.failing)", "unknown": count.unknown > 0 ? "+\(count.unknown) ?" : "",
                    "alone": "\(count.alone)",
                ])
            }
        }
        func row(_ name: String, _ key: String, _ counts: ExplanationAnswer.Failures.Counts, _ style: String) -> Template.Values {
            Template.Values(
                texts: [
                    "class": style, "key": key, "name": name, "rows": "\(counts.rows)", "holding": "\(counts.holding)",
                    "failing": "\(counts.failing)", "unknown": "\(counts.unknown)",
                ], lists: ["cells": cells(counts)])
        }
        values.lists["failures"] = [
            Template.Values(
                texts: ["by": failures.byLabel ?? failures.by ?? "", "groupCount": "\(failures.groupCount)"],
                lists: [
                    "heads": failures.conditions.map { condition in
                        Template.Values(texts: [
                            "number": "\(condition.number)", "label": label(condition), "expression": condition.expression,
                            "delimits": condition.delimits ? "（限定范围 delimits）" : "",
                        ])
                    },
                    "groups": [row("合计 total", "", failures.total, "total")]
                        + failures.groups.map { row($0.name ?? "", $0.key ?? "∅", $0.counts, "") },
                ])
        ]
    }
}
