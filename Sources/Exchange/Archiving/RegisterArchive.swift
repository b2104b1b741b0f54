import Bytes
import Expressions
import Model
import StoreColumns

/// What an archive is made of.
package struct ArchiveTerms: Sendable {
    /// Of the archive: for rows that are masked it is made of what is shown of the register's (`MaskedModel`).
    package var model: Model
    /// The files that the model was read from.
    package var modelFiles: [ModelSource]
    /// As whoever it is for sees it.
    package var version: GraphVersion
    package var view: ArchiveView
    /// What `bag-info.txt` says was the day. Nothing else depends on it.
    package var baggingDate: CivilDate
    /// For which the parameters are told.
    package var asOf: CivilDate
    /// What the request said of parameters.
    package var parameters = ParameterScope()
    package var answer: ArchivedAnswer?
    /// Called with the files of the rows once they are written: refuses an answer that does not follow from them.
    package var proof: (@Sendable ([SourceFile]) throws(ArchiveError) -> Void)?
    /// What the archivist says of it, as `README.md` beside `data/`.
    package var about: [UInt8]?
    package var key: Ed25519PrivateKey?

    /// - Parameter baggingDate: Nil: the day of the version, in UTC, so that one version makes the same bytes whenever it is archived.
    package init(
        model: Model, modelFiles: [ModelSource], version: GraphVersion, view: ArchiveView = .everything,
        baggingDate: CivilDate? = nil,
        asOf: CivilDate? = nil
    ) {
        self.model = model
        self.modelFiles = modelFiles
        self.version = version
        self.view = view
        self.baggingDate = baggingDate ?? version.publishedAt.day
        self.asOf = asOf ?? version.publishedAt.day
    }
}

/// What an archive came to.
package struct ArchiveReport: Sendable, Hashable {
    package var version: UInt64
    /// Of the rows and the model: the same for the same content, wherever its rows are numbered how.
    package var contentDigest: SHA256Digest
    /// Of the tag manifest, and so of every file.
    package var digest: SHA256Digest
    package var fileCount: Int
    package var byteCount: Int
    package var rowCount: Int
    package var isSigned: Bool
}

/// A version as a BagIt bag that can be read without us. `Schema/formats/Archive.md`
package enum RegisterArchive {
    package static let formatNumber = 1
    /// Of archives whose rows are masked.
    package static let maskedFormatNumber = 2
    static let rowsFolder = "rows"
    static let modelFolder = "model"

    /// Writes an archive; all of it, or nothing.
    ///
    /// Memory is that of a few pieces of text, and sixteen bytes for each row of the largest type whose rows are not in the order of their
    /// keys.
    ///
    /// - Parameters:
    ///   - path: A folder that is not there yet; nil: nothing is written, and what is told are the digests that it would have.
    ///   - step: Called with the rows that are written so far, and all; true to stop.
    package static func write(
        _ terms: ArchiveTerms, to path: String?, on files: any FileSystem,
        step: (_ rowCount: Int, _ total: Int) -> Bool = { _, _ in false }
    ) throws(ArchiveError) -> ArchiveReport {
        var writer = try BagWriter(path, keeping: terms.proof == nil ? nil : rowsFolder, on: files)
        do throws(ArchiveError) {
            return try write(terms, to: &writer, step)
        } catch {
            writer.abandon()
            throw error
        }
    }

    private static func write(
        _ terms: ArchiveTerms, to writer: inout BagWriter, _ step: (_ rowCount: Int, _ total: Int) -> Bool
    ) throws(ArchiveError) -> ArchiveReport {
        let version = terms.version
        let types = version.catalog.nodeTypes.indices.map { NodeTypeID($0) }.filter {
            version[$0].liveRowCount > 0 && terms.view.columns(of: $0, in: version.catalog) != nil
        }
        let total = types.reduce(0) { $0 + version[$1].liveRowCount }
        var done = 0
        for file in terms.modelFiles { try writer.addPayload(modelFolder + "/" + file.name, file.bytes) }
        let table = RowTable(RowTextSource(version), terms.view)
        for type in types {
            try writer.addPayload("\(rowsFolder)/\(version.catalog[type].name).csv") { (sink) throws(ArchiveError) in
                try table.write(
                    type,
                    step: { count in
                        done += count
                        return step(done, total)
                    }, to: sink)
            }
        }
        if let proof = terms.proof {
            if let damage = version.damage { throw .damaged("\(damage)") }
            try proof(try writer.payloadFiles(below: rowsFolder))
        }
        let content = contentDigest(of: writer.payload)
        try writer.addPayload("columns.csv", ArchiveTables.columns(of: terms.model))
        try writer.addPayload("values.csv", ArchiveTables.values(of: terms.model))
        let reader = terms.view.rowModel ?? terms.model
        if terms.model.parameters != nil,
            let resolved = try? reader.resolvedParameters(terms.parameters, in: version, asOf: terms.asOf),
            let table = ArchiveTables.parameters(of: resolved, terms.model)
        {
            try writer.addPayload("parameters.csv", table)
        }
        if let answer = terms.answer {
            try writer.addPayload(AnswerFiles.document, answer.document)
            try writer.addPayload(AnswerFiles.variables, answer.variables)
            try writer.addPayload(AnswerFiles.request, AnswerFiles.request(of: answer))
            try writer.addPayload(AnswerFiles.answer, answer.body)
        }
        try writer.addPayload(
            "README.txt", ArchiveText.text(terms, rowCount: total, contentDigest: content.hexadecimal))
        // What is damaged was read as nulls: nothing that was made of it may last.
        if let damage = version.damage { throw .damaged("\(damage)") }
        let (fileCount, byteCount) = (writer.payload.count, writer.payloadByteCount)
        if let about = terms.about { try writer.addTag("README.md", about) }
        let digest = try writer.finish(info(terms, content, rowCount: total), signedBy: terms.key)
        return ArchiveReport(
            version: version.number, contentDigest: content, digest: digest, fileCount: fileCount, byteCount: byteCount,
            rowCount: total, isSigned: terms.key != nil)
    }

    private static func info(_ terms: ArchiveTerms, _ content: SHA256Digest, rowCount: Int) -> BagInfo {
        var info = BagInfo()
        info.add("Bagging-Date", terms.baggingDate.description)
        info.add("Bag-Software-Agent", "Hearth")
        info.add("External-Description", "A register at one version, as CSV with its model; data/README.txt says how it is read")
        let masking = terms.model.masking
        info.add(Label.format, "\(masking == nil ? formatNumber : maskedFormatNumber)")
        info.add(Label.version, "\(terms.version.number)")
        info.add(Label.publishedAt, terms.version.publishedAt.description)
        info.add(Label.asOf, terms.asOf.description)
        info.add(Label.rowCount, "\(rowCount)")
        info.add(Label.content, content.hexadecimal)
        info.add(Label.profile, masking?.profile ?? Masking.unmasked)
        if let masking {
            info.add(Label.role, masking.role)
            for claim in masking.claims { info.add(Label.claim, claim) }
            info.add(Label.rules, masking.rules)
        }
        if let key = terms.key { info.add(Label.key, key.publicKey.digest.hexadecimal) }
        return info
    }

    /// What `bag-info.txt` calls things.
    package enum Label {
        static let format = "Archive-Format"
        package static let version = "Data-Version"
        package static let publishedAt = "Data-Published-At"
        package static let asOf = "Data-As-Of"
        package static let rowCount = "Row-Count"
        package static let content = "Content-SHA256"
        package static let profile = "Masking-Profile"
        package static let role = "Masking-Role"
        package static let claim = "Masking-Claim"
        package static let rules = "Masking-Rules-SHA256"
        static let key = "Signing-Key-SHA256"
    }

    /// The SHA-256 of what `cd data; LC_ALL=C sha256sum model/* rows/*` prints.
    static func contentDigest(of payload: [BagEntry]) -> SHA256Digest {
        let folders = [modelFolder + "/", rowsFolder + "/"].map { Bag.payloadFolder + "/" + $0 }
        let own = payload.filter { entry in folders.contains { entry.path.hasPrefix($0) } }
            .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let lines = own.map { "\($0.digest.hexadecimal)  \($0.path.dropFirst(Bag.payloadFolder.utf8.count + 1))\n" }.joined()
        return SHA256Digest(of: Array(lines.utf8).span)
    }
}
