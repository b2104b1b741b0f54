import GraphQLSyntax
import StoreColumns

/// The model of what a role sees of another: SDL of its own, under which masked rows are a register that says for whom they were masked.
///
/// Types and fields that the role does not see are not in it. A masked field is a text, and so is a masked list, its texts parted by
/// `;`. Nothing of it is about changes: checks, procedures, earlier names. A computed field is in it where its value follows from what is.
package struct MaskedModel: Sendable {
    /// In the order of the files that they were made of; files of which nothing is left are not among them.
    package let sources: [ModelSource]
    package let model: Model
    package let masking: Masking
    /// As `Type.field`: what the role is shown and the model is without, because it does not follow from the rest.
    package let withheld: [String]
    /// By type of the whole model and column: whether it is masked; nil where it is not there.
    private let isMasked: [[Bool?]]

    /// - Parameters:
    ///   - whole: The model with everything, made of the sources.
    ///   - view: What the role sees of it.
    /// - Throws: What keeps the rest from being a model.
    package init(of whole: Model, _ sources: [ModelSource], for view: RoleView, _ masking: Masking) throws(ModelErrors) {
        let fields = MaskedFields(view, of: whole)
        var made: [ModelSource] = []
        for source in sources {
            guard let text = Source(validating: source.bytes, name: source.name) else { continue }
            let document: Document
            do throws(SyntaxError) {
                document = try GraphQLSyntax.parse(text, limits: .schema)
            } catch {
                continue
            }
            var masked = MaskedDocument(document, of: whole, view, fields)
            let definitions = masked.text()
            if !definitions.isEmpty { made.append(ModelSource(name: source.name, bytes: Array((definitions + "\n").utf8))) }
        }
        if !made.isEmpty { made[0].bytes = Array((masking.definition + "\n\n").utf8) + made[0].bytes }
        self.sources = made
        self.masking = masking
        model = try Model(sources: made, digest: masking.rules)
        isMasked = whole.types.map { type in
            var columns: [Bool?] = Array(repeating: nil, count: whole.catalog[type.nodeType].columns.count)
            guard view.sees(type.nodeType) else { return columns }
            for (position, field) in type.fields.enumerated() {
                guard let column = field.column else { continue }
                switch fields.form(of: position, in: type.nodeType) {
                case .whole: columns[column] = false
                case .masked: columns[column] = true
                case .absent: break
                }
            }
            return columns
        }
        withheld = whole.types.flatMap { type in
            type.fields.indices.filter { position in
                view.view(of: position, in: type.nodeType).isShown && fields.form(of: position, in: type.nodeType) == .absent
            }.map { "\(type.name).\(type.fields[$0].name)" }
        }
    }

    /// Whether a column of the whole model stands here as what its mask leaves; nil where it does not stand here.
    package func masks(_ column: Int, of type: NodeTypeID) -> Bool? {
        // What an earlier model had is kept behind the columns of this one.
        guard isMasked.indices.contains(type.index), isMasked[type.index].indices.contains(column) else { return nil }
        return isMasked[type.index][column]
    }
}
