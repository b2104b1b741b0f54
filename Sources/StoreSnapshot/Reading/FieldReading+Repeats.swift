import Bytes
import StoreColumns

// Plain texts of which some come again (`Schema/formats/Snapshot.md`, repeated texts).

extension FieldReading {
    /// The codes of a column whose texts repeat.
    /// - Parameters:
    ///   - texts: one a row.
    ///   - own: each row's number, and which rows have no text.
    func repeatingCodes(
        _ field: Int, _ texts: StringDictionary, _ own: FixedWidthColumn<UInt32>
    ) throws(SnapshotError) -> FixedWidthColumn<UInt32> {
        let count = file.fields[field].repeatCount
        if let mapped = repeatFiles[field] {
            do throws(SnapshotError) {
                return try listed(try RepeatFile.read(mapped, key, count: count), texts, own, in: mapped)
            } catch {
                if refusesLists { throw error }
            }
        }
        let found = texts.firstRepetitions(limit: .max)
        guard found.count == count else {
            throw file.damaged(
                nil,
                "\(found.count) rows of \(file.fields[field].name) hold a text that an earlier row holds; the schema says \(count)"
            )
        }
        let rows = ElementWriter<UInt32>(count: count, capacity: count)
        let firsts = ElementWriter<UInt32>(count: count, capacity: count)
        for (place, pair) in found.enumerated() { (rows[place], firsts[place]) = (pair.code, pair.first) }
        return own.changed(by: RepeatedTexts(rows: rows.finish(), firsts: firsts.finish()))
    }

    /// The codes that a list gives, which is right: the schema says how many rows there are, and each row on it holds the text of an
    /// earlier one that is not on it. So none is missing.
    private func listed(
        _ list: RepeatedTexts, _ texts: StringDictionary, _ own: FixedWidthColumn<UInt32>, in mapped: MappedFile
    ) throws(SnapshotError) -> FixedWidthColumn<UInt32> {
        func damaged(_ message: String) -> SnapshotError { SnapshotError(.damaged, path: mapped.path, message) }
        let (rows, firsts) = (list.rows.span, list.firsts.span)
        for place in rows.indices {
            let (row, first) = (rows[place], firsts[place])
            guard place == 0 || rows[place - 1] < row else { throw damaged("row \(row) does not stand in its order") }
            guard Int(row) < rowCount else { throw damaged("row \(row) is not one of \(rowCount)") }
            guard first < row else { throw damaged("row \(first) does not come before row \(row)") }
            guard !own.isNull(at: Int(row)), !own.isNull(at: Int(first)) else {
                throw damaged("row \(row) or row \(first) holds no text")
            }
        }
        let codes = own.changed(by: list)
        for place in rows.indices {
            let (row, first) = (rows[place], firsts[place])
            guard codes[Int(first)] == first else { throw damaged("row \(first) is not the first that holds its text") }
            guard texts.bytes(of: row).isSame(as: texts.bytes(of: first)) else {
                throw damaged("row \(row) does not hold the text of row \(first)")
            }
        }
        return codes
    }
}

extension FixedWidthColumn<UInt32> {
    /// The same rows, some of them with another number. Chunks without such a row are shared.
    fileprivate func changed(by list: RepeatedTexts) -> FixedWidthColumn {
        var place = 0
        var chunks: [Chunk<UInt32>] = []
        for index in 0..<chunkCount {
            let chunk = chunk(index)
            let end = index << 16 + chunk.count
            guard place < list.count, Int(list.rows[place]) < end else {
                chunks.append(chunk)
                continue
            }
            let codes = ElementWriter(copying: chunk.elements, count: chunk.count, capacity: chunk.count)
            while place < list.count, Int(list.rows[place]) < end {
                codes[Int(list.rows[place]) & 0xFFFF] = list.firsts[place]
                place += 1
            }
            chunks.append(Chunk(elements: codes.finish(), validityWords: chunk.validityWords, nullCount: chunk.nullCount))
        }
        return FixedWidthColumn(chunks: chunks, rowCount: rowCount)
    }
}
