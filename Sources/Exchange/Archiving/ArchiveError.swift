import Bytes

/// Why an archive was not written. Nothing of it is left.
package enum ArchiveError: Error, Sendable, CustomStringConvertible {
    case file(FileError)
    /// Something has the archive's name.
    case occupied(path: String)
    case profileNotWritten(MaskingProfile)
    /// A value that a file of text cannot carry.
    case unwritable(field: String, reason: String)
    /// What lies on the disk is damaged, so that it is not known what the rows hold.
    case damaged(String)
    /// Signing failed.
    case notSigned
    /// Whoever asked wants it no more.
    case stopped

    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .occupied(let path): "\(path) is there already; an archive is a new folder"
        case .profileNotWritten(let profile):
            "an archive for the masking profile \(profile.rawValue) cannot be written: no role says what its readers may see; only "
                + "\(MaskingProfile.internal.rawValue), which holds everything, can"
        case .unwritable(let field, let reason): "\(field) cannot be archived: \(reason)"
        case .damaged(let what): "the stored data is damaged, and nothing was archived: \(what)"
        case .notSigned: "the archive could not be signed"
        case .stopped: "the work was stopped"
        }
    }
}
