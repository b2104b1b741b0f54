import Bytes

extension Column {
    /// With other codes for the same enum values.
    func recoded(_ codes: [UInt16]) -> Column {
        switch self {
        case .enumeration(let column): .enumeration(column.mapping(codes))
        case .enumerationList(let column): .enumerationList(column.mapping(codes))
        case .boolean, .int, .decimal, .float, .date, .dateTime, .string, .reference, .referenceList: self
        }
    }

    /// A column in which every row has an empty list; one of another kind has nulls.
    init(emptyListsOf kind: ColumnKind, rowCount: Int, hash: KeyedHash) {
        switch kind {
        case .enumerationList: self = .enumerationList(.emptyLists(rowCount))
        case .referenceList: self = .referenceList(.emptyLists(rowCount))
        default: self.init(nullsOf: kind, rowCount: rowCount, hash: hash)
        }
    }

    /// A column in which every row has the same value; where the value is not of the kind, or is a reference or a list, nulls.
    init(_ kind: ColumnKind, of cell: Cell, rowCount: Int, hash: KeyedHash) {
        switch (kind, cell) {
        case (.boolean, .boolean(let value)): self = .boolean(.constant(value, rowCount))
        case (.int, .int(let value)): self = .int(.constant(value, rowCount))
        case (.decimal(let digits), .decimal(let value)):
            self = .decimal(.constant(value, rowCount), fractionDigits: digits)
        case (.float, .float(let value)): self = .float(.constant(value, rowCount))
        case (.date, .date(let value)): self = .date(.constant(value, rowCount))
        case (.dateTime, .dateTime(let value)): self = .dateTime(.constant(value, rowCount))
        case (.enumeration, .enumeration(let code)): self = .enumeration(.constant(code, rowCount))
        case (.string, .string(let text)):
            let texts = StringDictionaryBuilder(.empty(hash))
            if rowCount > 0, let code = texts.intern(text) {
                self = .string(DictionaryColumn(codes: .constant(code, rowCount), dictionary: texts.finish()))
            } else {
                self.init(nullsOf: kind, rowCount: rowCount, hash: hash)
            }
        default: self.init(nullsOf: kind, rowCount: rowCount, hash: hash)
        }
    }
}

extension Elements<UInt16> {
    fileprivate func mapping(_ codes: [UInt16]) -> Elements<UInt16> {
        let writer = ElementWriter<UInt16>(count: count, capacity: count)
        for index in 0..<count { writer[index] = codes[Int(self[index])] }
        return writer.finish()
    }
}

extension FixedWidthColumn<UInt16> {
    fileprivate func mapping(_ codes: [UInt16]) -> FixedWidthColumn {
        let chunks = chunks.map { chunk in
            let writer = ElementWriter<UInt16>(count: chunk.count, capacity: chunk.count)
            // Nothing but zeros stands under nulls.
            for offset in 0..<chunk.count { writer[offset] = chunk[offset].map { codes[Int($0)] } ?? 0 }
            return Chunk(elements: writer.finish(), validityWords: chunk.validityWords, nullCount: chunk.nullCount)
        }
        return FixedWidthColumn(chunks: chunks, rowCount: rowCount)
    }
}

extension ListColumn<UInt16> {
    fileprivate func mapping(_ codes: [UInt16]) -> ListColumn {
        ListColumn(
            chunks: chunks.map {
                ListChunk(offsets: $0.offsets, elements: $0.elements.mapping(codes), validityWords: $0.validityWords)
            }, rowCount: rowCount)
    }
}

extension FixedWidthColumn {
    fileprivate static func constant(_ value: Element, _ rowCount: Int) -> FixedWidthColumn {
        let longest = Swift.min(rowCount, ChunkLayout.rowCount)
        let writer = ElementWriter<Element>(count: longest, capacity: longest)
        for row in 0..<longest { writer[row] = value }
        let values = writer.finish()
        let chunks = (0..<ChunkLayout.chunkCount(rowCount)).map { index in
            Chunk(
                elements: values.slice(0..<ChunkLayout.rowCount(ofChunk: index, of: rowCount)), validityWords: Elements(),
                nullCount: 0)
        }
        return FixedWidthColumn(chunks: chunks, rowCount: rowCount)
    }
}

extension BooleanColumn {
    fileprivate static func constant(_ value: Bool, _ rowCount: Int) -> BooleanColumn {
        var builder = BooleanBuilder(.empty, rowCount: rowCount)
        for row in 0..<rowCount { builder.set(row, to: value) }
        return builder.finish()
    }
}

extension ListColumn {
    fileprivate static func emptyLists(_ rowCount: Int) -> ListColumn {
        let longest = Swift.min(rowCount, ChunkLayout.rowCount)
        let offsets = ElementWriter<UInt32>(count: longest + 1, capacity: longest + 1).finish()
        let chunks = (0..<ChunkLayout.chunkCount(rowCount)).map { index in
            ListChunk<Element>(
                offsets: offsets.slice(0..<ChunkLayout.rowCount(ofChunk: index, of: rowCount) + 1), elements: Elements(),
                validityWords: Elements())
        }
        return ListColumn(chunks: chunks, rowCount: rowCount)
    }
}
