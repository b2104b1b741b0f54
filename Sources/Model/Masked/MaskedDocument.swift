import GraphQLSyntax
import StoreColumns

/// One file of a model, as much of it as stands in an archive for a role.
struct MaskedDocument {
    private var document: Document
    private let model: Model
    private let view: RoleView
    private let fields: MaskedFields

    init(_ document: Document, of model: Model, _ view: RoleView, _ fields: MaskedFields) {
        self.document = document
        self.model = model
        self.view = view
        self.fields = fields
    }

    /// Empty where nothing is left.
    mutating func text() -> String {
        var kept: [Definition] = []
        for definition in document.definitions {
            guard case .type(var node) = definition else { continue }
            switch node.kind {
            case .enumeration:
                node.directives = directives(node.directives, Self.ofEnums)
                for place in node.values.indices {
                    node.values[place].directives = directives(node.values[place].directives, Self.ofEnums)
                }
                kept.append(.type(node))
            case .object:
                guard let type = model.type(named: document[node.name.id]), view.sees(type.nodeType) else { continue }
                node.directives = directives(node.directives, ofType(type))
                node.fields = node.fields.compactMap { field(of: type, $0) }
                kept.append(.type(node))
            case .scalar, .interface, .union, .inputObject: continue
            }
        }
        document.definitions = kept
        return Printer(document).text()
    }

    // MARK: - Directives

    private static let ofEnums: Set = ["label", "masked", "deprecated"]
    private static let ofFields: Set = [
        "label", "personal", "inverse", "valid", "derived", "decimal", "unique", "index", "search", "deprecated",
    ]
    private static let ofMaskedFields: Set = ["label", "personal", "deprecated"]

    private func ofType(_ type: ModelType) -> Set<String> {
        var names: Set = ["node", "label"]
        let id = type.nodeType
        if let period = type.period, fields.isWhole(period.fromField, in: id), fields.isWhole(period.toField, in: id) {
            names.insert("period")
        }
        if let tree = type.tree, fields.isWhole(tree.parentField, in: id), fields.isWhole(tree.levelField, in: id) {
            names.insert("tree")
        }
        if model.parameters?.type == id, fields.holdsParameters { names.formUnion(["parameters", "parameter"]) }
        return names
    }

    /// Those of some names, in a run of their own.
    private mutating func directives(_ run: Run<Directive>, _ names: Set<String>) -> Run<Directive> {
        let kept = document[run].filter { names.contains(document[$0.name.id]) }
        let start = document.directives.count
        document.directives += kept
        return Run(start: start, count: kept.count)
    }

    // MARK: - Fields

    private mutating func field(of type: ModelType, _ node: FieldDefinitionNode) -> FieldDefinitionNode? {
        guard let position = type.fields.firstIndex(where: { $0.name == document[node.name.id] }) else { return nil }
        var node = node
        switch fields.form(of: position, in: type.nodeType) {
        case .absent: return nil
        case .whole: node.directives = directives(node.directives, Self.ofFields)
        case .masked:
            node.directives = directives(node.directives, Self.ofMaskedFields)
            for place in node.directives.indices where document[document.directives[place].name.id] == "personal" {
                document.directives[place].arguments = withoutMask(document.directives[place].arguments)
            }
            node.type = text(at: node.name.range)
        }
        return node
    }

    /// What is masked is shown to whoever may see it, and has nothing left to be masked.
    private mutating func withoutMask(_ run: Run<Argument>) -> Run<Argument> {
        let kept = document[run].filter { document[$0.name.id] != "mask" }
        let start = document.arguments.count
        document.arguments += kept
        return Run(start: start, count: kept.count)
    }

    /// `String`
    private mutating func text(at range: SourceRange) -> Position<TypeNode> {
        let name = Name(id: document.names.intern("String"), range: range)
        document.typeReferences.append(TypeNode(kind: .named(name), range: range))
        return Position(document.typeReferences.count - 1)
    }
}
