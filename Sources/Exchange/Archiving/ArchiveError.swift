import Bytes

/// Why an archive was not written. Nothing of it is left.
package enum ArchiveError: Error, Sendable, CustomStringConvertible {
    case file(FileError)
    /// Something has the archive's name.
    case occupied(path: String)
    /// What is not written for a masking profile, and why.
    case profile(String)
    /// The answer to the question does not follow from what the archive would hold.
    case doesNotFollow(String)
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
        case .profile(let reason): reason
        case .doesNotFollow(let reason):
            "the answer does not follow from what the archive would hold, and so nothing was archived: \(reason)"
        case .unwritable(let field, let reason): "\(field) cannot be archived: \(reason)"
        case .damaged(let what): "the stored data is damaged, and nothing was archived: \(what)"
        case .notSigned: "the archive could not be signed"
        case .stopped: "the work was stopped"
        }
    }
}
