/// A catalog with what is known of the names that its parts had before, and where each part is written: enough to bring data
/// over that was kept under another catalog.
package struct CatalogOutline: Sendable, Hashable {
    /// Where something comes from.
    package struct Origin: Sendable, Hashable {
        /// The latest first or last: all are looked for.
        package var previousNames: [String]
        /// File, line and column, for messages.
        package var place: String?

        package init(previousNames: [String] = [], place: String? = nil) {
            self.previousNames = previousNames
            self.place = place
        }
    }

    package struct Column: Sendable, Hashable {
        package var origin: Origin
        /// What rows hold that were there before the column was; nil for nothing.
        package var initial: Cell?

        package init(_ origin: Origin = Origin(), initial: Cell? = nil) {
            self.origin = origin
            self.initial = initial
        }
    }

    package struct NodeType: Sendable, Hashable {
        package var origin: Origin
        /// By column of the catalog.
        package var columns: [Column]

        package init(_ origin: Origin, columns: [Column]) {
            self.origin = origin
            self.columns = columns
        }
    }

    package struct Enumeration: Sendable, Hashable {
        package var origin: Origin
        /// By code.
        package var values: [Origin]

        package init(_ origin: Origin, values: [Origin]) {
            self.origin = origin
            self.values = values
        }
    }

    package var catalog: Catalog
    /// By `NodeTypeID`.
    package var nodeTypes: [NodeType]
    /// By `EnumerationID`.
    package var enumerations: [Enumeration]

    /// For whom the rows were masked, and by what; nil: they are as they are. Data of one audience is never another's.
    package var audience: String?

    package init(catalog: Catalog, nodeTypes: [NodeType], enumerations: [Enumeration]) {
        self.catalog = catalog
        self.nodeTypes = nodeTypes
        self.enumerations = enumerations
    }

    /// A catalog of which nothing more is known.
    package init(_ catalog: Catalog) {
        self.init(
            catalog: catalog,
            nodeTypes: catalog.nodeTypes.map { NodeType(Origin(), columns: $0.columns.map { _ in Column() }) },
            enumerations: catalog.enumerations.map { Enumeration(Origin(), values: $0.values.map { _ in Origin() }) })
    }
}

/// Columns and enumerations that a catalog had and the model does not name any more. They are kept behind the model's own
/// under names that no model can give, because GraphQL keeps them for itself: `__hidden_phone`, then `__hidden2_phone`.
package enum HiddenName {
    private static let prefix = "__hidden"

    package static func isHidden(_ name: String) -> Bool { parts(name) != nil }

    /// The name that a hidden one hides; other names as they are.
    package static func shown(_ name: String) -> String { parts(name) ?? name }

    /// - Parameter taken: names that cannot be had.
    static func of(_ name: String, taken: (String) -> Bool) -> String {
        var number = 1
        while taken(hidden(name, number)) { number += 1 }
        return hidden(name, number)
    }

    private static func hidden(_ name: String, _ number: Int) -> String {
        "\(prefix)\(number == 1 ? "" : String(number))_\(name)"
    }

    private static func parts(_ name: String) -> String? {
        guard name.hasPrefix(prefix) else { return nil }
        let rest = name.dropFirst(prefix.count).drop { ("0"..."9").contains($0) }
        return rest.hasPrefix("_") ? String(rest.dropFirst()) : nil
    }
}
