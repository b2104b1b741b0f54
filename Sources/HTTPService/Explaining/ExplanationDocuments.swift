/// The documents that the page, its JSON and the command line ask.
package enum ExplanationDocuments {
    /// Every rule.
    package static let rules = """
        query Rules {
          explainRules { ...Rule }
          meta { version asOf }
        }
        \(rule)
        """

    /// Why one holds for a row.
    package static let verdict = """
        query Explain($rule: String!, $id: ID, $key: String, $variables: [RuleVariable!], $evidence: Int, $personal: Boolean = false) {
          explain(rule: $rule, id: $id, key: $key, variables: $variables, evidence: $evidence, personal: $personal) {
            rule { ...Rule }
            type typeLabel id key name version asOf verdict
            conditions {
              ...Condition
              evidence {
                type typeLabel field label count holding unknown more
                rows { id key name verdict conditions { ...Condition } }
              }
            }
            missing { ...Missing }
            ways { changes { condition holds field label expression actual hidden operator sign threshold difference text } }
            text
          }
        }
        \(rule)
        fragment Condition on ExplainedCondition {
          number parent depth verdict form expression operator sign isCut
          subject { ...Value madeOf { ...Value } }
          threshold { value values valueLabels source variable argument parameter document documentId computed { ...Value } }
          missing { ...Missing }
        }
        fragment Value on ExplainedValue {
          field label expression value valueLabel fraction hidden ofType ofId ofKey
        }
        fragment Missing on MissingValue { reason type id key field label expression }
        """

    /// Which condition of one fails how often.
    package static let failures = """
        query Failures($rule: String!, $variables: [RuleVariable!], $by: String, $among: [Int!], $first: Int, $personal: Boolean = false) {
          explainFailures(rule: $rule, variables: $variables, by: $by, among: $among, first: $first, personal: $personal) {
            rule { ...Rule }
            by byLabel groupCount
            conditions { number expression field label delimits }
            total { ...Counts }
            groups { key id name counts { ...Counts } }
          }
          meta { version asOf }
        }
        \(rule)
        fragment Counts on FailureCount {
          rows holding failing unknown
          conditions { number failing unknown alone }
        }
        """

    private static let rule = """
        fragment Rule on ExplainedRule {
          name kind type typeLabel titleZh titleEn description rules
          variables { name type isRequired default description }
        }
        """
}
