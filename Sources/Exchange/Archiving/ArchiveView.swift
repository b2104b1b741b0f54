import Model
import StoreColumns

/// What of a register's rows goes into an archive, and in which form: the one place that says so.
package struct ArchiveView: Sendable {
    /// What some role is shown.
    private struct Part: Sendable {
        var masked: MaskedModel
        /// The model of the register as the role has it: it shows texts in place of what is masked.
        var shown: Model
    }
    private let part: Part?

    /// Every row that there is, as it is. Of a register whose rows were masked before, that is: as they were masked.
    package static let everything = ArchiveView(nil)

    private init(_ part: Part?) { self.part = part }

    /// The rows as a role sees them, under the model that is made of what it sees.
    ///
    /// - Parameter shown: The whole model, restricted to the role for which the other was made.
    package init(_ masked: MaskedModel, shown: Model) { part = Part(masked: masked, shown: shown) }

    /// The model by whose columns the rows are read; nil: that of the archive.
    var rowModel: Model? { part?.shown }

    /// A column that goes into an archive.
    struct ArchivedColumn {
        var index: Int
        /// What is shown of it, where it is masked; else nil.
        var mask: ModelField?
    }

    /// The columns of a type that are written, in the catalog's order; nil where nothing of the type is.
    ///
    /// - Parameter catalog: Of the version that is archived.
    func columns(of type: NodeTypeID, in catalog: Catalog) -> [ArchivedColumn]? {
        let all = catalog[type].columns.indices
        guard let part else { return all.map { ArchivedColumn(index: $0) } }
        let columns = all.compactMap { index -> ArchivedColumn? in
            guard let isMasked = part.masked.masks(index, of: type) else { return nil }
            return ArchivedColumn(
                index: index, mask: isMasked ? part.shown.types[type.index].fields.first { $0.column == index } : nil)
        }
        return columns.isEmpty ? nil : columns
    }

    /// What a masked column shows of a row; nil for nothing.
    func text(_ field: ModelField, _ column: Int, at row: Int, of type: NodeTypeID, in version: GraphVersion) -> String? {
        part?.shown.shownText(of: field, column, at: RowNumber(truncatingIfNeeded: row), of: type, in: version)
    }
}
