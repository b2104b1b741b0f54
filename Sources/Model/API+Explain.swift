/// The part of the API that says why a rule holds for a row, or does not. `api.md` §7
extension API {
    private static let ruleArgument = APIArgument(
        name: "rule",
        description:
            "A saved question that lists rows by one `where`, a check of the model, or a derived Boolean field as `Type.field`.",
        type: "String!", binding: .plain)
    private static let variablesArgument = APIArgument(
        name: "variables", description: "The question's variables, written as its URL takes them; a list repeats its name.",
        type: "[RuleVariable!]", binding: .plain)

    static let explainFields = [
        APIField(
            name: "explain", description: "Why a rule holds for one row, or why not.",
            arguments: [
                ruleArgument, APIArgument(name: "id", description: "The row's global id.", type: "ID", binding: .plain),
                APIArgument(
                    name: "key", description: "The row's key as one text, in place of its id; several values are joined by `|`.",
                    type: "String", binding: .plain),
                variablesArgument,
                APIArgument(
                    name: "evidence", description: "Rows shown for each condition on a set; 5 where nothing is said.",
                    type: "Int", binding: .plain),
                APIArgument(
                    name: "personal", description: "Shows what fields hold that tell about a person.", type: "Boolean",
                    defaultValue: "false", binding: .plain),
            ], type: "Explanation!", binding: .explain),
        APIField(
            name: "explainFailures", description: "Which condition of a rule fails how often, over all rows of its type.",
            arguments: [
                ruleArgument, variablesArgument,
                APIArgument(
                    name: "by", description: "Counts by this field too: one of the type's, or behind to-one edges, as `a.b`.",
                    type: "String", binding: .plain),
                APIArgument(
                    name: "among", description: "Only rows for which the conditions of these numbers hold.", type: "[Int!]",
                    binding: .plain),
                APIArgument(
                    name: "first", description: "Groups, those with the most failures first.", type: "Int", binding: .plain),
                APIArgument(
                    name: "personal", description: "Lets groups be made by a field that tells about a person.", type: "Boolean",
                    defaultValue: "false", binding: .plain),
            ], type: "RuleFailures!", binding: .explainFailures),
        APIField(
            name: "explainRules", description: "Everything that can be explained.", type: "[ExplainedRule!]!",
            binding: .explainRules),
    ]

    static var explainTypes: [APIType] {
        [
            ruleVariable, explanation, rule, ruleVariableDefinition, condition, value, threshold, evidence, evidenceRow, missing,
            way, change,
            failures, ruleCondition, failureGroup, failureCount, conditionFailures, verdict, ruleKind, form, source, reason,
        ]
    }

    private static func object(_ name: String, _ description: String, _ fields: [APIField]) -> APIType {
        var type = APIType(.object, name, description, .plain)
        type.fields = fields
        return type
    }

    private static func enumeration(_ name: String, _ description: String, _ values: [(String, String)]) -> APIType {
        var type = APIType(.enumeration, name, description, .plain)
        type.values = values.map { APIEnumValue(name: $0.0, description: $0.1) }
        return type
    }

    private static let ruleVariable: APIType = {
        var type = APIType(.input, "RuleVariable", "A variable of a rule and its value, as in a URL.", .plain)
        type.inputFields = [
            APIInputField(name: "name", type: "String!", binding: .plain),
            APIInputField(name: "value", type: "String!", binding: .plain),
        ]
        return type
    }()

    private static let explanation = object(
        "Explanation", "A verdict on one row, with every condition that it rests on.",
        [
            plain("rule", "ExplainedRule!"), plain("type", "String!", "Of the row."), plain("typeLabel", "String"),
            plain("id", "ID!"),
            plain("key", "String!", "The row's key as one text."), plain("name", "String", "What the row is called."),
            plain("version", "String!"), plain("asOf", "Date!"), plain("verdict", "Verdict!"),
            plain("condition", "ExplainedCondition!", "The whole rule."),
            plain("conditions", "[ExplainedCondition!]!", "The same tree from top to bottom, in one list."),
            plain("missing", "[MissingValue!]!", "What would have to be known, where the verdict is UNKNOWN."),
            plain(
                "ways", "[WayToHold!]!",
                "Where the rule does not hold: the smallest changes under which it would, the fewest first. Each was tried by asking the rule with them."
            ),
            plain("text", "String!", "The same to be read."),
        ])

    private static let rule = object(
        "ExplainedRule", "Something of which it can be asked why it holds.",
        [
            plain("name", "String!"), plain("kind", "RuleKind!"), plain("type", "String!", "Whose rows it is asked of."),
            plain("typeLabel", "String"),
            plain("titleZh", "String"), plain("titleEn", "String"), plain("description", "String"),
            plain("rules", "[String!]!", "The ids under which documents know it."),
            plain("variables", "[RuleVariableDefinition!]!"),
        ])

    private static let ruleVariableDefinition = object(
        "RuleVariableDefinition", "What a rule can be asked with.",
        [
            plain("name", "String!"), plain("type", "String!"), plain("isRequired", "Boolean!"), plain("default", "String"),
            plain("description", "String"),
        ])

    private static let condition = object(
        "ExplainedCondition", "One condition, with what it was asked about.",
        [
            plain("number", "Int!", "In reading order, from 0."),
            plain("parent", "Int", "The number of the condition that it is part of."),
            plain("depth", "Int!"), plain("verdict", "Verdict!"), plain("form", "ConditionForm!"),
            plain("expression", "String!", "In the words of the model."), plain("subject", "ExplainedValue", "The actual value."),
            plain("operator", "String", "As filters call it: `lt`."), plain("sign", "String", "As people write it: `<`."),
            plain("threshold", "ExplainedThreshold"), plain("evidence", "ExplainedEvidence", "The rows that it rests on."),
            plain("missing", "[MissingValue!]!", "What kept it from being TRUE or FALSE."),
            plain("conditions", "[ExplainedCondition!]!", "Its parts."),
            plain("isCut", "Boolean!", "Its parts are left out because there are too many beside it."),
        ])

    private static let value = object(
        "ExplainedValue", "What an operand came to.",
        [
            plain("field", "String", "The path of the field; null for what is computed."), plain("label", "String"),
            plain("expression", "String!"),
            plain("value", "String", "Null for none, and where it is hidden."),
            plain("valueLabel", "String", "Of an enum's value."),
            plain("fraction", "String", "A ratio's two integers."),
            plain("hidden", "Boolean!", "It tells about a person and was not asked for."),
            plain("ofType", "String", "Whose field it is."), plain("ofId", "ID"), plain("ofKey", "String"),
            plain("madeOf", "[ExplainedValue!]!", "What it was computed from, one level deep."),
        ])

    private static let threshold = object(
        "ExplainedThreshold", "What a value was held against, and who says so.",
        [
            plain("value", "String", "Several are joined by `, `."), plain("values", "[String!]!"),
            plain("valueLabels", "[String!]!"), plain("source", "ThresholdSource!"),
            plain("variable", "String", "Of the rule."), plain("argument", "String", "Where the rule says it: `where.a.lt`."),
            plain("parameter", "String", "The key of a policy parameter."),
            plain("document", "String", "The document that set it."),
            plain("documentId", "ID"), plain("computed", "ExplainedValue", "Where it is another value of the data."),
        ])

    private static let evidence = object(
        "ExplainedEvidence", "The rows of a set, those that decide first.",
        [
            plain("type", "String!"), plain("typeLabel", "String"), plain("field", "String"), plain("label", "String"),
            plain("count", "Int!"),
            plain("holding", "Int!", "For how many the condition on a row is TRUE."), plain("unknown", "Int!"),
            plain("rows", "[ExplanationRow!]!"), plain("more", "Int!", "How many are not shown."),
        ])

    private static let evidenceRow = object(
        "ExplanationRow", "A row that a verdict rests on.",
        [
            plain("id", "ID!"), plain("key", "String!"), plain("name", "String"), plain("verdict", "Verdict!"),
            plain("conditions", "[ExplainedCondition!]!", "Why, from top to bottom; empty where rows only count."),
        ])

    private static let missing = object(
        "MissingValue", "What would have to be known.",
        [
            plain("reason", "MissingReason!"), plain("type", "String"), plain("id", "ID"), plain("key", "String"),
            plain("field", "String"), plain("label", "String"), plain("expression", "String!"),
        ])

    private static let way = object(
        "WayToHold", "Changes that together would make a rule hold.", [plain("changes", "[VerdictChange!]!")])

    private static let change = object(
        "VerdictChange", "One value, or one condition, that would have to be otherwise.",
        [
            plain("condition", "Int!", "The number of the condition."),
            plain("holds", "Boolean!", "Whether it has to hold, or to cease to."),
            plain("field", "String"), plain("label", "String"), plain("expression", "String!"), plain("actual", "String"),
            plain("hidden", "Boolean!"),
            plain("operator", "String"), plain("sign", "String"), plain("threshold", "String"),
            plain("difference", "String", "By how much a number or date has to move at least, before the sign's strictness."),
            plain("text", "String!"),
        ])

    private static let failures = object(
        "RuleFailures", "How often the conditions of a rule fail.",
        [
            plain("rule", "ExplainedRule!"), plain("by", "String"), plain("byLabel", "String"),
            plain("conditions", "[RuleCondition!]!"), plain("total", "FailureCount!"),
            plain("groups", "[FailureGroup!]!"), plain("groupCount", "Int!", "On all pages."),
        ])

    private static let ruleCondition = object(
        "RuleCondition", "A part of a rule's outermost conjunction.",
        [
            plain("number", "Int!"), plain("expression", "String!"), plain("field", "String"), plain("label", "String"),
            plain("delimits", "Boolean!", "Says whom it is about: it was given with `among`."),
        ])

    private static let failureGroup = object(
        "FailureGroup", "Rows that have a key in common.",
        [
            plain("key", "String", "Null for rows without one."), plain("id", "ID", "Where it is a row."),
            plain("name", "String"), plain("counts", "FailureCount!"),
        ])

    private static let failureCount = object(
        "FailureCount", "Verdicts on rows.",
        [
            plain("rows", "Int!"), plain("holding", "Int!"), plain("failing", "Int!"), plain("unknown", "Int!"),
            plain("conditions", "[ConditionFailures!]!"),
        ])

    private static let conditionFailures = object(
        "ConditionFailures", "How often one condition fails.",
        [
            plain("number", "Int!"), plain("failing", "Int!"), plain("unknown", "Int!"),
            plain("alone", "Int!", "For how many rows it is the only one that does not hold."),
        ])

    private static let verdict = enumeration(
        "Verdict", "Whether a condition holds.",
        [("TRUE", "It does."), ("FALSE", "It does not."), ("UNKNOWN", "Something is missing.")])

    private static let ruleKind = enumeration(
        "RuleKind", "Where a rule is written.",
        [
            ("QUESTION", "A saved question."), ("CHECK", "A check or a guard of the model."),
            ("FIELD", "A derived Boolean field."),
            ("PROCEDURE", "A step of a procedure, or all steps from where a row stands."),
        ])

    private static let form = enumeration(
        "ConditionForm", "What kind of condition it is.",
        [
            ("ALL", "All its parts."), ("ANY", "One of its parts."), ("NOT", "Its part does not hold."),
            ("COMPARES", "A value and a threshold."),
            ("IN", "One of several values, or none of them."), ("TEXT", "A test of a text."), ("MISSING", "No value is there."),
            ("PRESENT", "A value is there."),
            ("FLAG", "A Boolean field."), ("DERIVED", "A derived Boolean field, made of its part."),
            ("RELATED", "Of one related row."),
            ("SOME", "Of some row of a set."), ("EVERY", "Of every row of a set."), ("NONE", "Of no row of a set."),
            ("EXACTLY_ONE", "Of exactly one row of a set."),
            ("CONTAINS", "A row is in a set."), ("INCLUDES", "A list has values."), ("EMPTY", "A list has none."),
            ("CHOICE", "One of its parts, by another."), ("CONSTANT", "The same for all."),
        ])

    private static let source = enumeration(
        "ThresholdSource", "Who says what a value is held against.",
        [
            ("LITERAL", "The rule itself."), ("VARIABLE", "A variable of the rule."), ("PARAMETER", "A policy parameter."),
            ("DATA", "Another value of the data."),
        ])

    private static let reason = enumeration(
        "MissingReason", "In what way something is missing.",
        [("FIELD", "A field has no value."), ("ROWS", "A set has no row."), ("ZERO", "A divisor is 0.")])
}
