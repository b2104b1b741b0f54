import Bytes

extension Column {
    /// A column of nulls. Its chunks share one piece of memory.
    package init(nullsOf kind: ColumnKind, rowCount: Int, hash: KeyedHash) {
        switch kind {
        case .boolean: self = .boolean(.nulls(rowCount))
        case .int: self = .int(.nulls(rowCount))
        case .decimal(let digits): self = .decimal(.nulls(rowCount), fractionDigits: digits)
        case .float: self = .float(.nulls(rowCount))
        case .date: self = .date(.nulls(rowCount))
        case .dateTime: self = .dateTime(.nulls(rowCount))
        case .enumeration: self = .enumeration(.nulls(rowCount))
        case .string: self = .string(DictionaryColumn(codes: .nulls(rowCount), dictionary: .empty(hash)))
        case .reference: self = .reference(.nulls(rowCount))
        case .enumerationList: self = .enumerationList(.nulls(rowCount))
        case .referenceList: self = .referenceList(.nulls(rowCount))
        }
    }
}

extension Column {
    /// A column of the same kind that has no value.
    func withoutValues(rowCount: Int, hash: KeyedHash) -> Column {
        switch self {
        case .boolean: .boolean(.nulls(rowCount))
        case .int: .int(.nulls(rowCount))
        case .decimal(_, let digits): .decimal(.nulls(rowCount), fractionDigits: digits)
        case .float: .float(.nulls(rowCount))
        case .date: .date(.nulls(rowCount))
        case .dateTime: .dateTime(.nulls(rowCount))
        case .enumeration: .enumeration(.nulls(rowCount))
        case .string: .string(DictionaryColumn(codes: .nulls(rowCount), dictionary: .empty(hash)))
        case .reference: .reference(.nulls(rowCount))
        case .enumerationList: .enumerationList(.nulls(rowCount))
        case .referenceList: .referenceList(.nulls(rowCount))
        }
    }
}

/// `count` zeros for each of the chunks of so many rows, in one piece of memory.
private func zeros<Element: FixedWidthElement>(_ type: Element.Type, _ count: Int) -> Elements<Element> {
    ElementWriter<Element>(count: count, capacity: count).finish()
}

extension FixedWidthColumn {
    fileprivate static func nulls(_ rowCount: Int) -> FixedWidthColumn {
        let longest = min(rowCount, ChunkLayout.rowCount)
        let values = zeros(Element.self, longest)
        let validity = zeros(UInt64.self, (longest + 63) / 64)
        let chunks = (0..<ChunkLayout.chunkCount(rowCount)).map { index in
            let count = ChunkLayout.rowCount(ofChunk: index, of: rowCount)
            return Chunk(
                elements: values.slice(0..<count), validityWords: validity.slice(0..<(count + 63) / 64), nullCount: count)
        }
        return FixedWidthColumn(chunks: chunks, rowCount: rowCount)
    }
}

extension BooleanColumn {
    fileprivate static func nulls(_ rowCount: Int) -> BooleanColumn {
        let words = zeros(UInt64.self, (min(rowCount, ChunkLayout.rowCount) + 63) / 64)
        let chunks = (0..<ChunkLayout.chunkCount(rowCount)).map { index in
            let own = words.slice(0..<(ChunkLayout.rowCount(ofChunk: index, of: rowCount) + 63) / 64)
            return BooleanChunk(values: own, validity: own)
        }
        return BooleanColumn(chunks: chunks, rowCount: rowCount)
    }
}

extension ListColumn {
    fileprivate static func nulls(_ rowCount: Int) -> ListColumn {
        let longest = min(rowCount, ChunkLayout.rowCount)
        let offsets = zeros(UInt32.self, longest + 1)
        let validity = zeros(UInt64.self, (longest + 63) / 64)
        let chunks = (0..<ChunkLayout.chunkCount(rowCount)).map { index in
            let count = ChunkLayout.rowCount(ofChunk: index, of: rowCount)
            return ListChunk<Element>(
                offsets: offsets.slice(0..<count + 1), elements: Elements(),
                validityWords: validity.slice(0..<(count + 63) / 64))
        }
        return ListColumn(chunks: chunks, rowCount: rowCount)
    }
}
