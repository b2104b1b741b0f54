import Expressions
import Model
import StoreColumns

/// A policy parameter that says what a value was held against, with the document that set it.
struct ThresholdParameter {
    var name: String
    /// Of a row that sets it, the document it names; of a declared value, where the model says it comes from; nil for a request's own.
    var document: String?
    var documentID: String?

    init?(_ id: ParameterID, _ resolved: ResolvedParameters, _ words: ValueWords) {
        guard let parameters = words.model.parameters, resolved.origins.indices.contains(id.index) else { return nil }
        let definition = parameters.table.definition(of: id)
        name = parameters.parameters[definition].name
        switch resolved.origins[id.index] {
        case .model: document = parameters.parameters[definition].source
        case .row(let key): readDocument(ofRow: key, parameters, words)
        case .request, .none: break
        }
    }

    private mutating func readDocument(ofRow text: String, _ parameters: ModelParameters, _ words: ValueWords) {
        guard let key = KeyText.key(text, of: parameters.type, in: words.model.catalog),
            let row = words.version.row(of: parameters.type, forKey: key), let column = parameters.documentColumn
        else { return }
        document = ValueText.text(ofColumn: column, at: row, of: parameters.type, in: words.version)
        guard case .reference(let references) = words.version[parameters.type].column(column), let named = references[row],
            case .reference(let target) = words.model.catalog[parameters.type].columns[column].kind
        else { return }
        let found = NodeRow(type: target, row: named)
        documentID = words.id(of: found)
        if let title = words.name(of: found) { document = [document, title].compactMap(\.self).joined(separator: " ") }
    }
}
