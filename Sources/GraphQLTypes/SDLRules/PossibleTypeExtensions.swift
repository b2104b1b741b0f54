import GraphQLSyntax

/// What is extended is defined, and of the same kind. GraphQL §3.4.3, §3.13
enum PossibleTypeExtensions: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        for part in layer.typeExtensions where !diagnostics.isFull {
            let name = layer.name(part.node.name, in: part.document)
            let defined = layer.kinds[name]
            if let kind = defined?.node.kind ?? layer.base.types[name]?.kind {
                guard kind != part.node.kind else { continue }
                diagnostics.report(
                    "'\(name)' is \(TypeKind(kind).phrase) and cannot be extended as \(TypeKind(part.node.kind).phrase).",
                    at: (defined.map { [$0.site($0.node.range)] } ?? []) + [part.site(part.node.range)])
            } else {
                let known = layer.types.map { layer.name($0.node.name, in: $0.document) } + layer.base.types.keys
                diagnostics.report(
                    "There is no type '\(name)' to extend." + suggestion(for: name, among: known),
                    at: part.site(part.node.name.range))
            }
        }
        for part in layer.directiveExtensions {
            let name = layer.name(part.node.name, in: part.document)
            guard layer.signatures[name] == nil else { continue }
            diagnostics.report(
                "There is no directive '@\(name)' to extend." + suggestion(for: name, among: layer.signatures.keys, prefix: "@"),
                at: part.site(part.node.name.range))
        }
    }
}

extension TypeKind {
    /// "an object type", for messages.
    var phrase: String {
        switch self {
        case .scalar: "a scalar type"
        case .object: "an object type"
        case .interface: "an interface type"
        case .union: "a union type"
        case .enumeration: "an enum type"
        case .inputObject: "an input object type"
        }
    }
}
