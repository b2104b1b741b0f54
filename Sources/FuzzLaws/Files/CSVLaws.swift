import Exchange

/// Bytes are cells or have an error at a place in them; what is written of the cells is read again as the same cells.
enum CSVLaws {
    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        let lineCount = bytes.count { $0 == 0x0A } + 1
        do throws(CSVError) {
            try CSVReader.checkText(bytes.span)
        } catch {
            try hold(String(validating: bytes, as: UTF8.self) == nil || bytes.contains(0), "a text is refused: \(error)")
            return try checkPlace(error, lineCount)
        }
        try hold(String(validating: bytes, as: UTF8.self) != nil, "what is not UTF-8 is taken")
        var small = CSVReader.Limits()
        (small.cellBytes, small.cells) = (16, 4)
        for limits in [CSVReader.Limits(), small] {
            let rows = try read(bytes, limits, lineCount)
            try hold(rows == (try read(bytes, limits, lineCount)), "the same bytes are read in two ways")
            guard limits.cells > small.cells, !rows.isEmpty else { continue }
            var writer = CSVWriter()
            for row in rows {
                for cell in row { writer.cell(cell.span) }
                writer.endRow()
            }
            let written = writer.finish()
            try hold(try read(written, limits, written.count { $0 == 0x0A } + 1) == rows, "what is written is not what was read")
        }
    }

    /// The rows that can be read, each as the texts of its cells.
    private static func read(
        _ bytes: [UInt8], _ limits: CSVReader.Limits, _ lineCount: Int
    ) throws(BrokenLaw) -> [[[UInt8]]] {
        var reader = CSVReader(limits: limits)
        var row = CSVRow()
        var rows: [[[UInt8]]] = []
        var place = reader.place
        while true {
            do throws(CSVError) {
                guard try reader.next(bytes.span, into: &row) else { break }
            } catch {
                try checkPlace(error, lineCount)
                try hold(reader.place.start > place.start, "after an error the reader stands where it was")
                place = reader.place
                continue
            }
            try hold(
                reader.place.start > place.start && reader.place.start <= bytes.count && reader.place.line <= lineCount,
                "the reader goes astray")
            place = reader.place
            try hold(row.cells.count <= limits.cells, "a row has more cells than it may")
            var cells: [[UInt8]] = []
            for cell in row.cells {
                try hold(cell.end - cell.start <= limits.cellBytes, "a cell has more bytes than it may")
                var text: [UInt8] = []
                CSVReader.append(cell, of: bytes.span, to: &text)
                cells.append(text)
            }
            rows.append(cells)
        }
        return rows
    }

    private static func checkPlace(_ error: CSVError, _ lineCount: Int) throws(BrokenLaw) {
        try hold((1...lineCount).contains(error.line) && error.column >= 1, "an error stands outside: \(error)")
        try hold(!error.message.isEmpty, "an error without words")
    }
}
