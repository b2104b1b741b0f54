import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

extension Binder {
    /// A search with its text, types and page.
    func search(_ plan: SearchPlan, _ node: PlanNode) throws(ArgumentProblem) -> SearchBinding {
        let text = try searchText(node)
        let types = try searchedTypes(plan, node)
        var digest = ListDigest()
        digest.add(node.fieldName)
        digest.add(text)
        for type in types { digest.add(model.catalog[type.type].name) }
        digest.add(Int(source.asOf.days))
        digest.add(source.viewer)
        return SearchBinding(
            needs: plan.needs, findings: try findings(text, types), window: try window(node), list: digest.finish())
    }

    private func findings(_ text: String, _ types: [SearchedType]) throws(ArgumentProblem) -> SearchFindings {
        let key = SearchFindings.Key(text: text, types: types.map(\.type))
        if let known = searchFindings[key] { return known }
        let search = try compiled { () throws(EvaluationError) in try TextSearch(text) }
        var searched: [SearchFindings.Searched] = []
        for type in types {
            let order = try compiled { () throws(EvaluationError) in try RowOrder([], on: type.type, context) }
            let table = source.version[type.type]
            searched.append(.init(type: type, table: table, order: listOrder(order, by: [], of: type.type)))
        }
        let findings = SearchFindings(search, searched)
        searchFindings[key] = findings
        return findings
    }

    private func searchText(_ node: PlanNode) throws(ArgumentProblem) -> String {
        guard case .string(let text)? = try argument("text", of: node) else {
            throw ArgumentProblem(.badUserInput, "'text' is missing.", at: "text")
        }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw ArgumentProblem(
                .badUserInput, "'text' is \(text.isEmpty ? "empty" : "blank"); say what to search for.", at: "text")
        }
        let count = text.unicodeScalars.count
        guard count <= limits.searchCharacters else {
            throw ArgumentProblem(
                .badUserInput,
                "'text' has \(count) characters; at most \(limits.searchCharacters) are searched for "
                    + "(limit \(AnswerLimits.searchCharactersName)).", at: "text",
                limit: ExceededLimit(name: AnswerLimits.searchCharactersName, maximum: limits.searchCharacters, found: count))
        }
        return text
    }

    /// In the model's order, each once, whatever the argument says twice.
    private func searchedTypes(_ plan: SearchPlan, _ node: PlanNode) throws(ArgumentProblem) -> [SearchedType] {
        guard case .list(let names)? = try argument("types", of: node) else { return plan.types }
        return plan.types.filter { names.contains(.enumeration(model.catalog[$0.type].name)) }
    }
}
