import Foundation

/// The answers to `ExplanationDocuments`, read again from their bytes.
package struct ExplanationAnswer: Decodable, Sendable {
    package var data: Payload?
    package var errors: [Problem]?

    package init(reading body: [UInt8]) throws { self = try JSONDecoder().decode(Self.self, from: Data(body)) }

    package struct Payload: Decodable, Sendable {
        package var explain: Verdict?
        package var explainFailures: Failures?
        package var explainRules: [Rule]?
        package var meta: Meta?
    }
    package struct Problem: Decodable, Sendable { package var message: String }
    package struct Meta: Decodable, Sendable {
        package var version: String
        package var asOf: String
    }

    package struct Rule: Decodable, Sendable {
        package struct Variable: Decodable, Sendable {
            package var name: String
            package var type: String
            package var isRequired: Bool
            package var `default`: String?
            package var description: String?
        }
        package var name: String
        package var kind: String
        package var type: String
        package var typeLabel: String?
        package var titleZh: String?
        package var titleEn: String?
        package var description: String?
        package var rules: [String]
        package var variables: [Variable]
    }

    package struct Verdict: Decodable, Sendable {
        package var rule: Rule
        package var type: String
        package var typeLabel: String?
        package var key: String
        package var name: String?
        package var version: String
        package var asOf: String
        package var verdict: String
        package var conditions: [Condition]
        package var missing: [Missing]
        package var ways: [Way]
        package var text: String
    }
    package struct Condition: Decodable, Sendable {
        package var depth: Int
        package var verdict: String
        package var form: String
        package var expression: String
        package var sign: String?
        package var subject: Value?
        package var threshold: Threshold?
        package var evidence: Evidence?
        package var isCut: Bool
    }
    package struct Value: Decodable, Sendable {
        package var field: String?
        package var label: String?
        package var expression: String
        package var value: String?
        package var valueLabel: String?
        package var hidden: Bool
        package var madeOf: [Value]?
    }
    package struct Threshold: Decodable, Sendable {
        package var value: String?
        package var valueLabels: [String]
        package var source: String
        package var variable: String?
        package var parameter: String?
        package var document: String?
        package var computed: Value?
    }
    package struct Evidence: Decodable, Sendable {
        package struct Row: Decodable, Sendable {
            package var key: String
            package var name: String?
            package var verdict: String
            package var conditions: [Condition]
        }
        package var type: String
        package var typeLabel: String?
        package var field: String?
        package var label: String?
        package var count: Int
        package var holding: Int
        package var unknown: Int
        package var more: Int
        package var rows: [Row]
    }
    package struct Missing: Decodable, Sendable {
        package var reason: String
        package var type: String?
        package var key: String?
        package var field: String?
        package var label: String?
        package var expression: String
    }
    package struct Way: Decodable, Sendable {
        package struct Change: Decodable, Sendable { package var text: String }
        package var changes: [Change]
    }

    package struct Failures: Decodable, Sendable {
        package struct Condition: Decodable, Sendable {
            package var number: Int
            package var expression: String
            package var field: String?
            package var label: String?
            package var delimits: Bool
        }
        package struct Counts: Decodable, Sendable {
            package struct Condition: Decodable, Sendable {
                package var number: Int
                package var failing: Int
                package var unknown: Int
                package var alone: Int
            }
            package var rows: Int
            package var holding: Int
            package var failing: Int
            package var unknown: Int
            package var conditions: [Condition]
        }
        package struct Group: Decodable, Sendable {
            package var key: String?
            package var name: String?
            package var counts: Counts
        }
        package var rule: Rule
        package var by: String?
        package var byLabel: String?
        package var groupCount: Int
        package var conditions: [Condition]
        package var total: Counts
        package var groups: [Group]
    }
}
