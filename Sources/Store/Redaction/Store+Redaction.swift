import Bytes
import StoreColumns
import StoreJournal

extension Store {
    /// Erases something from every version that a folder keeps, from the journal and from what is remembered of changes.
    /// Version numbers and times stay. Durable when this returns; interrupted, the folder is as it was, or the next opening
    /// for writing finishes it.
    ///
    /// Versions and records of earlier models are erased from as these call things, and keep their models.
    ///
    /// Cost: a pass over every snapshot and the whole journal, and as much room again as the folder takes.
    /// - Parameters:
    ///   - isTrial: only looks for what would be erased.
    ///   - audit: the line that tells of it; it must not hold what is erased.
    /// - Throws: `absent` where no version and no record has the row; `otherModel` where a model between then and now cannot be
    ///   read any more; `readOnly` for more rows than may go; and as `open`. The folder is as it was then.
    package static func redact(
        _ path: String, _ redaction: Redaction, _ options: StoreOptions, isTrial: Bool = false,
        audit: (RedactionReport) -> [UInt8]
    ) throws(StoreError) -> RedactionReport {
        let folder = DataFolder(path: path, files: options.files)
        let lock = try folder.lock(process: options.process, forWriting: true)
        try folder.finishRedaction()
        let contents = try folder.read(storage: options.storage, keptVersionCount: 1)
        var work = try FolderRedaction(folder, contents, redaction, options)
        try work.survey()
        if !isTrial {
            try work.write(audit: audit)
            try folder.finishRedaction()
        }
        withExtendedLifetime(lock) {}
        return work.report
    }
}

extension DataFolder {
    /// The whole folder as it is to be, without the erased: from when it has this name on, it is the data.
    var redactingPath: String { path + "/redacting" }
    var redactionAuditPath: String { path + "/" + StoreOptions.redactionAuditName }

    /// Puts what a redaction has made in the place of what was there. Can be interrupted anywhere and done again.
    func finishRedaction() throws(StoreError) {
        try storing { () throws(FileError) in
            guard try files.exists(redactingPath) else { return }
            for left in [
                versionsPath, journalPath, quarantinePath, manifestPath, manifestCopyPath, markPath, rememberedPath,
                redactionAuditPath,
            ]
            where try files.exists(left) {
                try files.removeTree(left)
            }
            for folder in [versionsPath, journalPath] { try files.makeFolder(folder) }
            for name in try TreeCopy.files(in: redactingPath, on: files) {
                try TreeCopy.makeParents(of: name, in: path, on: files)
                try files.link(redactingPath + "/" + name, to: path + "/" + name)
            }
            try TreeCopy.synchronizeFolders(path, on: files)
            let rubbish = redactingPath + ".tmp"
            if try files.exists(rubbish) { try files.removeTree(rubbish) }
            try files.rename(redactingPath, to: rubbish)
            try files.synchronizeFolder(path)
            try files.removeTree(rubbish)
            try files.synchronizeFolder(path)
        }
    }

    /// Half of the folder may be of before: nobody may read it so.
    func refuseHalfRedacted() throws(StoreError) {
        guard try storing({ () throws(FileError) in try files.exists(redactingPath) }) else { return }
        throw StoreError(
            .readOnly, path: redactingPath,
            "an erasure was interrupted; open the data for writing once, as `hearth snapshot` does, and it is finished")
    }
}
