import GraphQLSyntax

/// No input object literal names a field twice. GraphQL §5.6.3
enum UniqueInputFieldNames: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        for (number, document) in layer.documents.enumerated().dropFirst(layer.firstDocument) {
            for value in document.values {
                guard case .object(let run) = value.kind, run.count > 1 else { continue }
                var first: [NameID: Site] = [:]
                for field in document[run] {
                    let site = Site(document: number, offset: field.name.range.start)
                    if let earlier = first[field.name.id] {
                        diagnostics.report("The field '\(document[field.name.id])' can be given only once.", at: earlier, site)
                    } else {
                        first[field.name.id] = site
                    }
                }
            }
        }
    }
}
