import Bytes
import StoreColumns

/// Makes the columns and edges of a type over a mapped file: checks every part, then lends its memory.
struct FieldReading: Sendable {
    let file: ArrowFile
    let manifest: Manifest
    let type: NodeTypeID
    /// 0, 1, 2, …, as far as the longest type has rows: the codes of plain text columns.
    let rowNumbers: Elements<UInt32>
    let key: IndexKey
    /// By column: the lists of rows whose text came before, as far as they are there.
    let repeatFiles: [Int: MappedFile]
    /// Whether such a list that is not what it should be is an error. Else it is made anew.
    let refusesLists: Bool

    var hash: KeyedHash { key.hash }
    var catalog: Catalog { manifest.catalog }
    var definition: NodeType { catalog[type] }
    var rowCount: Int { manifest.types[type.index].rowCount }
    private var isNarrow: Bool { manifest.formatNumber >= SnapshotFormat.firstNarrow }
    private var mayRepeat: Bool { manifest.formatNumber >= SnapshotFormat.firstRepeating }

    /// Whether a column or, behind the columns, an edge is not as it is read, so that making it takes memory.
    func isCopied(_ part: Int) -> Bool {
        switch file.fields[part].form {
        case .int8, .int16, .dictionary8, .listOfDictionary8, .dictionary32(_, isLarge: true): true
        case .dictionary16: definition.columns[part].kind == .string
        case .utf8: file.fields[part].repeatCount > 0
        case .uint32: part >= definition.columns.count
        default: false
        }
    }

    // MARK: The schema

    /// Compares the file's fields with what the catalog asks for.
    func checkSchema() throws(SnapshotError) {
        var nextDictionary = 0
        for (index, field) in file.fields.enumerated() {
            let (name, kind, isNullable, forms) = wanted(index)
            guard field.name == name, field.kind == kind, forms.contains(where: { Self.isSame($0, field.form) }),
                field.isNullable == (isNullable || field.form == .null)
            else { throw file.damaged(nil, "field \(index) is not \(name) of the kind \(kind)") }
            guard field.repeatCount == 0 || field.form == .utf8 && mayRepeat && field.repeatCount < rowCount else {
                throw file.damaged(nil, "\(name) cannot have \(field.repeatCount) texts that came before")
            }
            guard field.form != .null || isNullable || rowCount == 0 || index >= definition.columns.count else {
                throw file.damaged(nil, "\(name) has no value, and every row must have one")
            }
            if let dictionary = field.dictionary {
                guard dictionary == nextDictionary else { throw file.damaged(nil, "\(name) has dictionary \(dictionary)") }
                nextDictionary += 1
            }
        }
    }

    /// What a field may be. Dictionaries have any id here.
    private func wanted(_ index: Int) -> (name: String, kind: String, isNullable: Bool, forms: [ArrowField.Form]) {
        guard index < definition.columns.count else {
            let inverse = definition.inverses[index - definition.columns.count]
            return (
                inverse.name, KindText.text(inverse, in: catalog), false,
                isNarrow ? [.null, .listOfUInt32, .uint32] : [.null, .listOfUInt32]
            )
        }
        let column = definition.columns[index]
        let forms: [ArrowField.Form] =
            switch column.kind {
            case .boolean: [.boolean]
            case .int: isNarrow ? [.int32, .int8, .int16] : [.int32]
            case .decimal(let digits): [.decimal64(scale: digits), .int64]
            case .float: [.float64]
            case .date: [.date32]
            case .dateTime: [.timestamp]
            case .enumeration: isNarrow ? [.dictionary16(id: 0), .dictionary8(id: 0)] : [.dictionary16(id: 0)]
            case .string:
                [.utf8, .dictionary32(id: 0, isLarge: false), .dictionary32(id: 0, isLarge: true)]
                    + (isNarrow ? [.dictionary8(id: 0), .dictionary16(id: 0)] : [])
            case .reference: [.uint32]
            case .enumerationList:
                isNarrow ? [.listOfDictionary16(id: 0), .listOfDictionary8(id: 0)] : [.listOfDictionary16(id: 0)]
            case .referenceList: [.listOfUInt32]
            }
        return (column.name, KindText.text(column.kind, in: catalog), column.isNullable, [.null] + forms)
    }

    private static func isSame(_ wanted: ArrowField.Form, _ found: ArrowField.Form) -> Bool {
        switch (wanted, found) {
        case (.dictionary8, .dictionary8), (.dictionary16, .dictionary16), (.listOfDictionary8, .listOfDictionary8),
            (.listOfDictionary16, .listOfDictionary16):
            true
        case (.dictionary32(_, let wanted), .dictionary32(_, let found)): wanted == found
        default: wanted == found
        }
    }

    // MARK: Columns

    /// Whether no two rows of a text column hold the same text: then a row's text has the row's number.
    func isSelfNumbered(_ index: Int) -> Bool { file.fields[index].form == .utf8 && file.fields[index].repeatCount == 0 }

    /// - Parameter textIndex: gives the index of the texts, which come without one; nil to leave them so.
    func column(
        _ index: Int, _ textIndex: ((StringDictionary) -> LateIndex)? = nil
    ) throws(SnapshotError) -> Column {
        let (column, field) = (definition.columns[index], file.fields[index])
        if field.form == .null { return Column(nullsOf: column.kind, rowCount: rowCount, hash: hash) }
        switch column.kind {
        case .boolean: return .boolean(try booleans(index))
        case .int: return .int(try values(index) { _ in true })
        case .decimal(let digits): return .decimal(try values(index) { _ in true }, fractionDigits: digits)
        case .float: return .float(try values(index, ValueChecks.areFinite))
        case .date:
            let range = CivilDate.earliest.days...CivilDate.latest.days
            return .date(try values(index) { ValueChecks.areIn(range, $0) })
        case .dateTime:
            let range = Instant.range.lowerBound.microseconds...Instant.range.upperBound.microseconds
            return .dateTime(try values(index) { ValueChecks.areIn(range, $0) })
        case .enumeration(let id):
            try checkNames(id, field)
            let limit = UInt64(catalog[id].values.count)
            return .enumeration(try values(index) { ValueChecks.areBelow(limit, $0) })
        case .string:
            switch field.form {
            case .dictionary32(let id, let isLarge):
                return .string(try dictionaryTexts(index, id, isLarge: isLarge, textIndex))
            case .dictionary8(let id), .dictionary16(let id):
                return .string(try dictionaryTexts(index, id, isLarge: false, textIndex))
            default: return .string(try plainTexts(index, textIndex))
            }
        case .reference(let target):
            let limit = UInt64(manifest.types[target.index].rowCount)
            return .reference(try values(index) { ValueChecks.areBelow(limit, $0) })
        case .enumerationList(let id):
            try checkNames(id, field)
            let limit = UInt64(catalog[id].values.count)
            return .enumerationList(try lists(index) { ValueChecks.areBelow(limit, $0) })
        case .referenceList(let target):
            let limit = UInt64(manifest.types[target.index].rowCount)
            return .referenceList(try lists(index) { ValueChecks.areBelow(limit, $0) })
        }
    }

    /// A part whose checksum is right, of one field in one batch.
    func part(_ field: Int, _ batch: Int) throws(SnapshotError) -> ArrowFile.Part {
        let part = file.batches[batch].parts[field]
        try file.check(part)
        return part
    }

    func list<Element: FixedWidthElement>(
        _ type: Element.Type, _ buffer: ArrowMetadata.Buffer, count: Int
    ) throws(SnapshotError) -> Elements<Element> {
        guard buffer.byteCount == count * MemoryLayout<Element>.stride,
            let list = file.mapped.elements(of: Element.self, at: buffer.offset, count: count)
        else { throw file.damaged(buffer.offset, "the buffer has \(buffer.byteCount) bytes, which are not \(count) elements") }
        return list
    }

    /// Values as they are read: over the file, or widened where they are stored narrower.
    private func elements<Element: FixedWidthElement>(
        _ type: Element.Type, _ field: Int, _ buffer: ArrowMetadata.Buffer, count: Int
    ) throws(SnapshotError) -> Elements<Element> {
        switch file.fields[field].form {
        case .int8, .dictionary8, .listOfDictionary8:
            return WidenedValues.elements(try list(UInt8.self, buffer, count: count))
        case .int16: return WidenedValues.elements(try list(UInt16.self, buffer, count: count))
        case .dictionary16 where Element.self != UInt16.self:
            return WidenedValues.elements(try list(UInt16.self, buffer, count: count))
        default: return try list(type, buffer, count: count)
        }
    }

    func validity(
        _ field: Int, _ part: ArrowFile.Part, isRequired: Bool = false
    ) throws(SnapshotError) -> Elements<UInt64> {
        let (node, buffer) = (part.nodes[0], part.buffers[0])
        if node.nullCount > 0, !file.fields[field].isNullable {
            throw file.damaged(part.bytes.lowerBound, "\(file.fields[field].name) has nulls, and every row must have a value")
        }
        if node.nullCount == 0, !isRequired {
            guard buffer.byteCount == 0 else { throw file.damaged(buffer.offset, "a validity bitmap without nulls") }
            return Elements()
        }
        let words = try list(UInt64.self, buffer, count: (node.count + 63) / 64)
        guard ValueChecks.isBitmap(words.span, count: node.count, setCount: node.count - node.nullCount) else {
            throw file.damaged(buffer.offset, "the validity bitmap does not have \(node.nullCount) nulls")
        }
        return words
    }

    func values<Element: ColumnElement>(
        _ field: Int, _ areRight: (Span<Element>) -> Bool
    ) throws(SnapshotError) -> FixedWidthColumn<Element> {
        var chunks: [Chunk<Element>] = []
        for batch in file.batches.indices {
            let part = try part(field, batch)
            let validity = try validity(field, part)
            let elements = try elements(Element.self, field, part.buffers[1], count: part.nodes[0].count)
            guard areRight(elements.span) else {
                throw file.damaged(part.buffers[1].offset, "a value of \(file.fields[field].name) is out of its range")
            }
            chunks.append(Chunk(elements: elements, validityWords: validity, nullCount: part.nodes[0].nullCount))
        }
        return FixedWidthColumn(chunks: chunks, rowCount: rowCount)
    }

    private func booleans(_ field: Int) throws(SnapshotError) -> BooleanColumn {
        var chunks: [BooleanChunk] = []
        for batch in file.batches.indices {
            let part = try part(field, batch)
            let validity = try validity(field, part, isRequired: true)
            let values = try list(UInt64.self, part.buffers[1], count: validity.count)
            guard ValueChecks.isSubset(values.span, of: validity.span) else {
                throw file.damaged(part.buffers[1].offset, "a null of \(file.fields[field].name) has a value")
            }
            chunks.append(BooleanChunk(values: values, validity: validity))
        }
        return BooleanColumn(chunks: chunks, rowCount: rowCount)
    }

    private func lists<Element: ColumnElement>(
        _ field: Int, _ areRight: (Span<Element>) -> Bool
    ) throws(SnapshotError) -> ListColumn<Element> {
        var chunks: [ListChunk<Element>] = []
        for batch in file.batches.indices {
            let part = try part(field, batch)
            let validity = try validity(field, part)
            let (offsets, elements) = try runs(
                field, part, Element.self, limit: ListColumn<Element>.maximumListCount, areRight)
            chunks.append(ListChunk(offsets: offsets, elements: elements, validityWords: validity))
        }
        return ListColumn(chunks: chunks, rowCount: rowCount)
    }

    private func runs<Element: FixedWidthElement>(
        _ field: Int, _ part: ArrowFile.Part, _ type: Element.Type, limit: Int, _ areRight: (Span<Element>) -> Bool
    ) throws(SnapshotError) -> (offsets: Elements<UInt32>, elements: Elements<Element>) {
        let (node, child) = (part.nodes[0], part.nodes[1])
        let offsets = try list(UInt32.self, part.buffers[1], count: node.count + 1)
        guard child.nullCount == 0, part.buffers[2].byteCount == 0 else {
            throw file.damaged(part.buffers[2].offset, "a list with nulls in it")
        }
        let elements = try elements(Element.self, field, part.buffers[3], count: child.count)
        guard ValueChecks.areOffsets(offsets.span, to: child.count, limit: limit) else {
            throw file.damaged(part.buffers[1].offset, "the offsets of \(file.fields[field].name) do not cut its elements")
        }
        guard areRight(elements.span) else {
            throw file.damaged(part.buffers[3].offset, "an element of \(file.fields[field].name) is out of its range")
        }
        return (offsets, elements)
    }

    // MARK: Enumerations

    /// The dictionary of an enumeration is its names, in their order.
    private func checkNames(_ id: EnumerationID, _ field: ArrowField) throws(SnapshotError) {
        guard let dictionary = field.dictionary else { return }
        let part = file.dictionaries[dictionary]
        try file.check(part)
        let names = catalog[id].values
        guard part.nodes[0].count == names.count else {
            throw file.damaged(part.bytes.lowerBound, "the dictionary of \(field.name) is not its enumeration")
        }
        let texts = try smallSegments(field.name, part, names.count)
        for (code, name) in names.enumerated() {
            let segment = texts[code >> 16]
            let bytes = segment.bytes.slice(Int(segment.offsets[code])..<Int(segment.offsets[code + 1]))
            guard bytes.count == name.utf8.count, zip(0..<bytes.count, name.utf8).allSatisfy({ bytes[$0] == $1 }) else {
                throw file.damaged(part.bytes.lowerBound, "the dictionary of \(field.name) does not have \(name) at \(code)")
            }
        }
    }

    // MARK: Edges

    func inverse(_ index: Int) throws(SnapshotError) -> Adjacency {
        let version = manifest.types[type.index].inverseVersions[index]
        let field = definition.columns.count + index
        if file.fields[field].form == .null { return Adjacency(chunks: [], version: version) }
        let sourceCount = manifest.types[definition.inverses[index].source.index].rowCount
        if file.fields[field].form == .uint32 { return try runs(field, sourceCount: sourceCount, version: version) }
        let limit = UInt64(sourceCount)
        var chunks: [AdjacencyChunk] = []
        for batch in file.batches.indices {
            let part = try part(field, batch)
            _ = try validity(field, part)
            let (offsets, targets) = try runs(field, part, UInt32.self, limit: Int(UInt32.max)) {
                ValueChecks.areBelow(limit, $0)
            }
            chunks.append(AdjacencyChunk(offsets: offsets, targets: targets))
        }
        return Adjacency(chunks: chunks, version: version)
    }

    /// An edge of which only the beginnings are stored: rows that refer to one row follow one another.
    private func runs(_ field: Int, sourceCount: Int, version: UInt64) throws(SnapshotError) -> Adjacency {
        let targets = rowNumbers.slice(0..<sourceCount)
        var chunks: [AdjacencyChunk] = []
        // From the end, because a batch's last run ends where the next batch begins.
        var end = UInt32(truncatingIfNeeded: sourceCount)
        for batch in file.batches.indices.reversed() {
            let part = try part(field, batch)
            _ = try validity(field, part)
            let first = try list(UInt32.self, part.buffers[1], count: part.nodes[0].count)
            let offsets = ElementWriter<UInt32>(count: first.count + 1, capacity: first.count + 1)
            offsets.copy(first.span, to: 0)
            offsets[first.count] = end
            let all = offsets.finish()
            guard ValueChecks.isAscending(all.span), batch > 0 || first[0] == 0 else {
                throw file.damaged(part.buffers[1].offset, "the runs of \(file.fields[field].name) do not follow one another")
            }
            chunks.append(AdjacencyChunk(offsets: all, targets: targets))
            end = first[0]
        }
        return Adjacency(chunks: chunks.reversed(), version: version)
    }
}
