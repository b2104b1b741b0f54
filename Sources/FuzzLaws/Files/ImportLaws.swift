import Exchange
import Model
import StoreColumns

/// Files are a version, or are refused with the file and the line; a version that is exported and imported again is the same, and so is
/// one that goes through the journal and a snapshot.
enum ImportLaws {
    static func check(_ bytes: [UInt8]) throws(BrokenLaw) { try check(files(bytes)) }

    static func check(_ files: [SourceFile], limits: ImportLimits = ImportLimits()) throws(BrokenLaw) {
        let importer = Importer(model: SampleData.model, limits: limits)
        let draft = importer.read(files)
        try hold(draft.report == importer.read(files).report, "the same files have two reports")
        guard let version = try apply(draft, files) else { return }
        let text = SampleData.text(version)
        let again = Importer(model: SampleData.model).read(SampleData.exporter.files(of: version))
        guard let copy = try apply(again, SampleData.exporter.files(of: version)) else {
            throw BrokenLaw("what is exported is not imported: \(again.report)")
        }
        try hold(SampleData.text(copy) == text, "what is exported is imported as something else")
        try ArchiveLaws.isArchived(version)
        try hold(try SampleFolder.kept(draft.changeSet) == text, "what is stored is not what was imported")
    }

    static func files(_ bytes: [UInt8]) -> [SourceFile] { parts(bytes).map { SourceFile(name: $0.name, bytes: $0.bytes) } }

    /// What lines of three percent signs and a name begin.
    static func parts(_ bytes: [UInt8]) -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        var name = "Exhibit.csv"
        var contents: [UInt8] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.starts(with: Array("%%% ".utf8)) {
                if !contents.isEmpty { files.append((name, contents)) }
                name = String(decoding: line.dropFirst(4), as: UTF8.self)
                contents = []
            } else {
                contents += line + [0x0A]
            }
        }
        // The last line ends as the input does.
        if !contents.isEmpty { contents.removeLast() }
        if !contents.isEmpty { files.append((name, contents)) }
        var names: Set<String> = []
        return files.filter { names.insert($0.name).inserted }
    }

    private static func apply(_ draft: ImportDraft, _ files: [SourceFile]) throws(BrokenLaw) -> GraphVersion? {
        let refusal: ImportReport
        do throws(ImportRefused) {
            return try draft.apply(
                to: .empty(catalog: SampleData.model.catalog), number: 1, publishedAt: SampleData.moment)
        } catch {
            refusal = error.report
        }
        try hold(refusal.problemCount > 0, "refused without a problem")
        try check(refusal, files)
        return nil
    }

    private static func check(_ report: ImportReport, _ files: [SourceFile]) throws(BrokenLaw) {
        // A list of digests may name files that are not there.
        guard !files.contains(where: { $0.name == "SHA256SUMS" }) else { return }
        for problem in report.problems {
            // Of a workbook, a sheet of it.
            guard let file = files.first(where: { $0.name == problem.file || problem.file.hasPrefix($0.name + "/") }) else {
                throw BrokenLaw("a problem names a file that is not there: \(problem)")
            }
            var lineCount = 1
            let bytes = file.bytes
            for index in bytes.indices where bytes[index] == 0x0A { lineCount += 1 }
            if let line = problem.line, file.name == problem.file, file.name.hasSuffix(".csv") {
                try hold((1...lineCount).contains(line), "a problem stands outside: \(problem)")
            }
            try hold(!problem.message.isEmpty, "a problem without words")
        }
    }
}
