import GraphQLSyntax

/// One thing that is wrong with the documents of a schema.
package struct SchemaDiagnostic: Error, Hashable, Sendable {
    /// A place in one of the documents.
    package struct Place: Hashable, Sendable {
        /// The name of the source, as `Source.name` gives it.
        package var sourceName: String
        package var location: SourceLocation
        package init(sourceName: String, location: SourceLocation) {
            self.sourceName = sourceName
            self.location = location
        }
    }

    /// The rule that was broken: `UniqueTypeNames`.
    package var rule: String
    package var message: String
    /// What the message is about, in reading order; empty where something is missing altogether.
    package var places: [Place]

    package init(rule: String, message: String, places: [Place]) {
        self.rule = rule
        self.message = message
        self.places = places
    }

    /// The places without the names of their sources.
    package var locations: [SourceLocation] { places.map(\.location) }
}

/// Why documents make no schema: everything that the first failing stage found, in reading order; never empty.
package struct SchemaErrors: Error, Hashable, Sendable {
    package var diagnostics: [SchemaDiagnostic]
    package init(_ diagnostics: [SchemaDiagnostic]) { self.diagnostics = diagnostics }
}

/// A node and the document it stands in.
struct Placed<Node> {
    /// Its document's place in the list of documents of the schema.
    var document: Int
    var node: Node
}

/// Where a node begins.
struct Site: Hashable {
    var document: Int
    var offset: UInt32
}

extension Placed {
    /// The begin of a part of this node.
    func site(_ range: SourceRange) -> Site { Site(document: document, offset: range.start) }

    /// Another node of the same document.
    func sibling<Other>(_ other: Other) -> Placed<Other> { Placed<Other>(document: document, node: other) }
}

/// What a stage has found so far. Places are turned into lines and columns once, at the end.
struct DiagnosticList {
    private struct Item {
        var rule: String
        var message: String
        var sites: [Site]
    }

    /// More than this many help nobody, and a hostile document could ask for one a byte.
    let limit: Int
    private var items: [Item] = []
    /// The rule that is running; its name goes on everything reported.
    var rule = ""

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { items.isEmpty }
    var isFull: Bool { items.count >= limit }

    mutating func report(_ message: String, at sites: Site...) { report(message, at: sites) }

    mutating func report(_ message: String, at sites: [Site]) {
        guard !isFull else { return }
        items.append(Item(rule: rule, message: message, sites: sites))
    }

    /// Everything found, in reading order of the first places.
    func diagnostics(in documents: [Document]) -> [SchemaDiagnostic] {
        let order = items.indices.sorted { left, right in
            let (first, second) = (items[left].sites.first, items[right].sites.first)
            guard let first, let second else { return first == nil && second != nil || (first == nil && left < right) }
            return (first.document, first.offset, left) < (second.document, second.offset, right)
        }
        return order.map { index in
            let item = items[index]
            return SchemaDiagnostic(
                rule: item.rule, message: item.message,
                places: item.sites.map { site in
                    let source = documents[site.document].source
                    return .init(sourceName: source.name, location: source.location(of: Int(site.offset)))
                })
        }
    }
}
