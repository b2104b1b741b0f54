import StoreColumns

/// What is to be erased from every version that a folder keeps, as if it had never been known:
/// `Schema/formats/Redaction.md`.
package struct Redaction: Sendable {
    package enum Mode: Sendable {
        /// Columns of the row, each with what stands in it afterwards: a null, or a text that tells nothing.
        case clear([Int: Cell])
        /// The row, every row that cannot be without it, and all other mentions of them.
        case delete
    }

    /// Under which type and columns are counted: the model's.
    package var catalog: Catalog
    package var type: NodeTypeID
    package var key: Key
    package var mode: Mode
    /// By type: the columns whose texts are erased from notes and names of changes too.
    package var personalColumns: [[Int]]
    /// Whether columns that no model names any more are cleared with those of `mode`.
    package var clearsHidden = true
    /// What stands in texts that are cleared and could not be null under an earlier model.
    package var placeholder = "erased"
    /// How many rows may go; more refuse the whole.
    package var rowLimit = 10_000

    package init(catalog: Catalog, type: NodeTypeID, key: Key, mode: Mode, personalColumns: [[Int]]) {
        self.catalog = catalog
        self.type = type
        self.key = key
        self.mode = mode
        self.personalColumns = personalColumns
    }
}

/// What an erasure did, or would do.
package struct RedactionReport: Sendable, Hashable {
    /// A file of the folder before and after; nil where there was or is none.
    package struct File: Sendable, Hashable {
        package var name: String
        package var oldDigest: String?
        package var newDigest: String?
    }

    /// How many rows of which type are erased or have something erased, over all versions.
    package var rowCounts: [String: Int] = [:]
    /// Snapshots that were written anew.
    package var versions: [UInt64] = []
    /// Records of the journal of which something was erased.
    package var recordCount = 0
    /// Names and notes of changes that held an erased text.
    package var changeNameCount = 0
    package var noteCount = 0
    /// In the order of names. Empty for a trial.
    package var files: [File] = []
}

extension StoreOptions {
    /// The name of the file that tells who erased what, when and why.
    package static let redactionAuditName = "audit-redactions.jsonl"
}
