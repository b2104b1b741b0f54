import Model
import StoreColumns

/// For whom an archive is made; it is written into the archive. `domain.md` §8.6
package enum MaskingProfile: String, Sendable, CaseIterable {
    /// Everything, as it is.
    case `internal` = "INTERNAL"
    case department = "DEPARTMENT"
    case archive = "ARCHIVE"
    case `public` = "PUBLIC"
}

/// What of a register goes into an archive.
///
/// This is the one place that says which types and fields are written: a view that a role restricts belongs here.
package struct ArchiveView: Sendable {
    package let profile: MaskingProfile

    /// - Throws: `profileNotWritten` for what cannot be made without knowing what its readers may see.
    package init(_ profile: MaskingProfile) throws(ArchiveError) {
        guard profile == .internal else { throw .profileNotWritten(profile) }
        self.profile = profile
    }

    /// The columns of a type that are written, in the catalog's order.
    func columns(of type: NodeTypeID, in catalog: Catalog) -> [Int] { Array(catalog[type].columns.indices) }
}
