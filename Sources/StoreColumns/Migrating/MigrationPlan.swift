/// How data under one catalog becomes data under another: where each column comes from, what must hold of the rows, and
/// what stands in the way.
///
/// The target begins with the model's catalog, position by position, so that whatever was planned for the model serves the
/// migrated version; hidden columns and enumerations stand behind.
package struct MigrationPlan: Sendable {
    /// Where a column of the target comes from.
    enum Source: Sendable, Hashable {
        case stored(Int)
        /// A stored column of codes, with the new code of each.
        case recoded(Int, [UInt16])
        /// Rows that are there hold nothing.
        case nothing
        /// Rows that are there hold an empty list.
        case emptyLists
        case constant(Cell)
    }

    struct TypePlan: Sendable {
        /// Nil for a new type.
        var stored: NodeTypeID?
        /// By column of the target.
        var columns: [Source]
    }

    /// What the rows must keep, so that the data can be brought over.
    enum Demand: Sendable, Hashable {
        /// No row may be there: what it says where there is one, with the number in place of `#`.
        case noRows(of: NodeTypeID, Note)
        /// Every row has a value in a stored column.
        case filled(NodeTypeID, column: Int, Note)
        /// No two rows have the same value in a stored column.
        case distinct(NodeTypeID, column: Int, Note)
        /// No row holds a value of a stored enumeration.
        case unheld(EnumerationID, code: UInt16, Note)
        /// No row has a value in a stored column.
        case unfilled(NodeTypeID, column: Int, Note)
    }

    /// Something to tell people: what was done, or what stands in the way.
    package struct Note: Sendable, Hashable, CustomStringConvertible {
        /// File, line and column of the model; nil where it has none.
        package var place: String?
        package var text: String

        package init(_ text: String, at place: String?) {
            self.text = text
            self.place = place
        }
        package var description: String { place.map { "\($0): \(text)" } ?? text }
    }

    package let stored: Catalog
    package internal(set) var target: Catalog
    var types: [TypePlan] = []
    var demands: [Demand] = []
    /// What stands in the way whatever the rows hold.
    var refusals: [Note] = []
    /// What will be different, in the order of the model.
    package internal(set) var notes: [Note] = []
    /// Whether more differs than order and the other ends of references, which every reader can make for itself: then changes
    /// made from here on mean nothing under the old catalog.
    package internal(set) var isNewModel = false

    /// Whether there is nothing to do.
    package var isIdentity: Bool { stored == target && !isNewModel }
}

/// Why data cannot be brought over to another catalog: everything that stands in the way; never empty.
package struct MigrationRefused: Error, Sendable, Hashable {
    package var notes: [MigrationPlan.Note]
}
