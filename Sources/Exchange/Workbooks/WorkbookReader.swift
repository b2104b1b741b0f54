import OfficeFiles

/// Reads the sheets of an XLSX workbook (ECMA-376) as CSV. Formulas are not worked out: what they last came to stands in the file.
enum WorkbookReader {
    struct Sheet {
        var name: String
        /// A line for each row that holds anything.
        var text: [UInt8]
        /// The number in the sheet of the row that stands on each line.
        var lines: [UInt32]
        var isHidden: Bool
    }

    static func sheets(of bytes: Span<UInt8>, _ limits: ImportLimits) throws(OfficeFileError) -> [Sheet] {
        try ZipArchive.open(bytes, limits: limits.workbook) { (archive) throws(OfficeFileError) -> [Sheet] in
            var main = "xl/workbook.xml"
            if archive.contains("_rels/.rels") {
                let relations = WorkbookRelations()
                try read("_rels/.rels", of: archive, relations)
                if let target = relations.target(ofKind: "officeDocument") { main = path(target, besides: "") }
            }
            let outline = WorkbookOutline()
            try read(main, of: archive, outline)
            let relations = WorkbookRelations()
            try read(relationsPath(of: main), of: archive, relations)
            let (shared, styles) = (SharedTexts(), CellStyles())
            if let target = relations.target(ofKind: "sharedStrings") {
                try read(path(target, besides: main), of: archive, shared)
            }
            if let target = relations.target(ofKind: "styles") { try read(path(target, besides: main), of: archive, styles) }
            var sheets: [Sheet] = []
            var textBytes = 0
            for sheet in outline.sheets {
                // Charts and macros have sheets too.
                guard let relation = relations.relations[sheet.relation], relation.kind.hasSuffix("/worksheet") else { continue }
                let part = path(relation.target, besides: main)
                let merges = SheetMerges()
                try read(part, of: archive, merges)
                merges.finish()
                let cells = SheetText(shared, styles, from1904: outline.countsFrom1904, merges, limits, textBytes: textBytes)
                try read(part, of: archive, cells)
                let (text, lines) = try cells.finish()
                textBytes += text.count
                sheets.append(Sheet(name: sheet.name, text: text, lines: lines, isHidden: sheet.isHidden))
            }
            return sheets
        }
    }

    private static func read(_ part: String, of archive: ZipArchive, _ handler: any XMLHandler) throws(OfficeFileError) {
        let reader = try XMLReader(handler)
        try archive.read(part) { (bytes) throws(OfficeFileError) in try reader.read(bytes) }
        try reader.finish()
    }

    /// `xl/_rels/workbook.xml.rels` of `xl/workbook.xml`.
    private static func relationsPath(of part: String) -> String {
        var pieces = part.split(separator: "/").map(String.init)
        let name = pieces.popLast() ?? ""
        return (pieces + ["_rels", name + ".rels"]).joined(separator: "/")
    }

    /// Where a target stands: from the root, or from the folder of the part that refers to it.
    private static func path(_ target: String, besides part: String) -> String {
        var pieces = target.hasPrefix("/") ? [] : part.split(separator: "/").dropLast().map(String.init)
        for piece in target.split(separator: "/") {
            switch piece {
            case ".": break
            case "..": _ = pieces.popLast()
            default: pieces.append(String(piece))
            }
        }
        return pieces.joined(separator: "/")
    }
}
