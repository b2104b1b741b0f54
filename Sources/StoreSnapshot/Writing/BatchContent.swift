import Bytes
import StoreColumns

/// Puts together what a record batch holds of each field. Where no row moves and no code changes, the columns' own memory is
/// handed on.
struct BatchContent {
    let version: GraphVersion
    let type: NodeTypeID
    /// By type.
    let renumberings: [RowRenumbering]

    private var rows: RowRenumbering { renumberings[type.index] }

    func content(of plan: FieldPlan, batch: Int) -> FieldContent {
        if plan.field.form == .null {
            let count = rows.rows(ofBatch: batch).count
            return FieldContent(nodes: [ArrowMetadata.Node(count: count, nullCount: count)], buffers: [])
        }
        switch plan.source {
        case .inverse(let index):
            return plan.field.form == .uint32 ? runs(index, from: plan.runStarts[batch], batch) : edges(index, batch)
        case .column(let index): return column(index, plan, batch)
        }
    }

    private func column(_ index: Int, _ plan: FieldPlan, _ batch: Int) -> FieldContent {
        let kind = version.catalog[type].columns[index].kind
        switch version[type].column(index) {
        case .boolean(let column): return booleans(column, batch)
        case .int(let column):
            switch plan.field.form {
            case .int8: return narrow(values(column, batch)) { UInt8(truncatingIfNeeded: $0) }
            case .int16: return narrow(values(column, batch)) { UInt16(truncatingIfNeeded: $0) }
            default: return values(column, batch)
            }
        case .date(let column): return values(column, batch)
        case .decimal(let column, _), .dateTime(let column): return values(column, batch)
        case .float(let column): return values(column, batch)
        case .enumeration(let column):
            if case .dictionary8 = plan.field.form { return narrow(values(column, batch)) { UInt8(truncatingIfNeeded: $0) } }
            return values(column, batch)
        case .string(let column):
            guard let text = plan.text else { preconditionFailure("a text column that is written has a plan") }
            switch text.form {
            case .plain: return texts(column, batch)
            case .dictionary:
                let codes = values(column.codes, batch, text.isWhole ? nil : { text.code($0) })
                switch plan.field.form {
                case .dictionary8: return narrow(codes) { UInt8(truncatingIfNeeded: $0) }
                case .dictionary16: return narrow(codes) { UInt16(truncatingIfNeeded: $0) }
                default: return codes
                }
            }
        case .reference(let column): return values(column, batch, numbering(of: kind))
        case .enumerationList(let column):
            let content = lists(column, batch)
            guard case .listOfDictionary8 = plan.field.form else { return content }
            return narrow(content) { UInt8(truncatingIfNeeded: $0) }
        case .referenceList(let column): return lists(column, batch, numbering(of: kind))
        }
    }

    /// How a reference changes; nil where the rows it names keep their numbers.
    private func numbering(of kind: ColumnKind) -> ((RowNumber) -> RowNumber)? {
        switch kind {
        case .reference(let target), .referenceList(let target): numbering(of: target)
        default: nil
        }
    }

    private func numbering(of target: NodeTypeID) -> ((RowNumber) -> RowNumber)? {
        let rows = renumberings[target.index]
        return rows.isIdentity ? nil : { rows.number(of: $0) }
    }

    /// The same content with its last buffer, which holds the values, narrower.
    private func narrow<Narrow: BufferElement>(_ content: FieldContent, _ cut: (Int32) -> Narrow) -> FieldContent {
        var content = content
        guard let last = content.buffers.popLast() else { return content }
        content.buffers.append(last.narrowed(cut))
        return content
    }

    /// Where the rows begin that refer to each row of the batch.
    private func runs(_ index: Int, from start: UInt32, _ batch: Int) -> FieldContent {
        let edge = version[type].inverse(index)
        let numbers = rows.rows(ofBatch: batch)
        let first = ElementWriter<UInt32>(count: numbers.count, capacity: numbers.count)
        var next = start
        for (offset, number) in numbers.enumerated() {
            first[offset] = next
            next += UInt32(truncatingIfNeeded: edge.count(of: RowNumber(truncatingIfNeeded: rows.row(number))))
        }
        return FieldContent(
            nodes: [ArrowMetadata.Node(count: numbers.count, nullCount: 0)],
            buffers: [.absent, .uint32(first.finish())])
    }

    // MARK: Values

    private func values<Element: ColumnElement & BufferElement>(
        _ column: FixedWidthColumn<Element>, _ batch: Int, _ change: ((Element) -> Element)? = nil
    ) -> FieldContent {
        if rows.isIdentity, change == nil {
            let chunk = column.chunk(batch)
            return FieldContent(
                nodes: [ArrowMetadata.Node(count: chunk.count, nullCount: chunk.nullCount)],
                buffers: [chunk.nullCount == 0 ? .absent : .words(chunk.validityWords), Element.content(chunk.elements)])
        }
        let numbers = rows.rows(ofBatch: batch)
        let writer = ElementWriter<Element>(count: numbers.count, capacity: numbers.count)
        var validity = ValidityWriter(count: numbers.count)
        for (offset, number) in numbers.enumerated() {
            guard let value = column[rows.row(number)] else { continue }
            writer[offset] = change?(value) ?? value
            validity.set(offset)
        }
        return FieldContent(
            nodes: [ArrowMetadata.Node(count: numbers.count, nullCount: validity.nullCount)],
            buffers: [validity.content, Element.content(writer.finish())])
    }

    private func booleans(_ column: BooleanColumn, _ batch: Int) -> FieldContent {
        let numbers = rows.rows(ofBatch: batch)
        if rows.isIdentity {
            let chunk = column.chunks[batch]
            let words = chunk.validity.span
            var count = 0
            for index in words.indices { count += words[index].nonzeroBitCount }
            return FieldContent(
                nodes: [ArrowMetadata.Node(count: numbers.count, nullCount: numbers.count - count)],
                buffers: [.words(chunk.validity), .words(chunk.values)])
        }
        var values = ValidityWriter(count: numbers.count)
        var validity = ValidityWriter(count: numbers.count)
        for (offset, number) in numbers.enumerated() {
            guard let value = column[rows.row(number)] else { continue }
            if value { values.set(offset) }
            validity.set(offset)
        }
        return FieldContent(
            nodes: [ArrowMetadata.Node(count: numbers.count, nullCount: validity.nullCount)],
            buffers: [.words(validity.words), .words(values.words)])
    }

    // MARK: Texts

    private func texts(_ column: DictionaryColumn, _ batch: Int) -> FieldContent {
        let numbers = rows.rows(ofBatch: batch)
        let count = numbers.count
        if rows.isIdentity, let segment = column.ownSegment(ofBatch: batch, count: count) {
            let chunk = column.codes.chunk(batch)
            return FieldContent(
                nodes: [ArrowMetadata.Node(count: count, nullCount: chunk.nullCount)],
                buffers: [
                    chunk.nullCount == 0 ? .absent : .words(chunk.validityWords), .uint32(segment.offsets),
                    .bytes(segment.bytes),
                ])
        }
        let dictionary = column.dictionary
        let offsets = ElementWriter<UInt32>(count: count + 1, capacity: count + 1)
        var validity = ValidityWriter(count: count)
        var end = 0
        for (offset, number) in numbers.enumerated() {
            if let code = column.codes[rows.row(number)] {
                end += dictionary.bytes(of: code).count
                validity.set(offset)
            }
            // The plan says that a batch's texts fit.
            offsets[offset + 1] = UInt32(truncatingIfNeeded: end)
        }
        let bytes = ElementWriter<UInt8>(count: end, capacity: end)
        for (offset, number) in numbers.enumerated() {
            guard let code = column.codes[rows.row(number)] else { continue }
            bytes.copy(dictionary.bytes(of: code), to: Int(offsets[offset]))
        }
        return FieldContent(
            nodes: [ArrowMetadata.Node(count: count, nullCount: validity.nullCount)],
            buffers: [validity.content, .uint32(offsets.finish()), .bytes(bytes.finish())])
    }

    // MARK: Lists

    private func lists<Element: ColumnElement & BufferElement>(
        _ column: ListColumn<Element>, _ batch: Int, _ change: ((Element) -> Element)? = nil
    ) -> FieldContent {
        let numbers = rows.rows(ofBatch: batch)
        if rows.isIdentity, change == nil {
            let chunk = column.chunks[batch]
            let nullCount = chunk.validityWords.count == 0 ? 0 : numbers.count - chunk.validityWords.setBitCount
            return Self.list(
                nullCount: nullCount, validity: nullCount == 0 ? .absent : .words(chunk.validityWords),
                offsets: chunk.offsets, chunk.elements)
        }
        let offsets = ElementWriter<UInt32>(count: numbers.count + 1, capacity: numbers.count + 1)
        var elements: [Element] = []
        var validity = ValidityWriter(count: numbers.count)
        for (offset, number) in numbers.enumerated() {
            let row = rows.row(number)
            if !column.isNull(at: row) {
                let list = column.list(at: row)
                for index in list.indices { elements.append(change?(list[index]) ?? list[index]) }
                validity.set(offset)
            }
            offsets[offset + 1] = UInt32(truncatingIfNeeded: elements.count)
        }
        return Self.list(
            nullCount: validity.nullCount, validity: validity.content, offsets: offsets.finish(),
            Elements(copying: elements))
    }

    private func edges(_ index: Int, _ batch: Int) -> FieldContent {
        let adjacency = version[type].inverse(index)
        let source = version.catalog[type].inverses[index].source
        let change = numbering(of: source)
        let numbers = rows.rows(ofBatch: batch)
        if rows.isIdentity, change == nil, batch < adjacency.chunks.count {
            let chunk = adjacency.chunks[batch]
            if !chunk.hasPatch, chunk.offsets.count == numbers.count + 1, chunk.offsets[0] == 0,
                Int(chunk.offsets[numbers.count]) == chunk.targets.count
            {
                return Self.list(nullCount: 0, validity: .absent, offsets: chunk.offsets, chunk.targets)
            }
        }
        let offsets = ElementWriter<UInt32>(count: numbers.count + 1, capacity: numbers.count + 1)
        var targets: [RowNumber] = []
        for (offset, number) in numbers.enumerated() {
            let list = adjacency.targets(of: RowNumber(truncatingIfNeeded: rows.row(number)))
            for index in list.indices { targets.append(change?(list[index]) ?? list[index]) }
            offsets[offset + 1] = UInt32(truncatingIfNeeded: targets.count)
        }
        return Self.list(
            nullCount: 0, validity: .absent, offsets: offsets.finish(), Elements(copying: targets))
    }

    private static func list<Element: BufferElement>(
        nullCount: Int, validity: BufferContent, offsets: Elements<UInt32>, _ elements: Elements<Element>
    ) -> FieldContent {
        FieldContent(
            nodes: [
                ArrowMetadata.Node(count: offsets.count - 1, nullCount: nullCount),
                ArrowMetadata.Node(count: elements.count, nullCount: 0),
            ],
            buffers: [validity, .uint32(offsets), .absent, Element.content(elements)])
    }
}

/// A validity bitmap being written: which rows have a value.
private struct ValidityWriter {
    private let writer: ElementWriter<UInt64>
    private let count: Int
    private var setCount = 0

    init(count: Int) {
        self.count = count
        writer = ElementWriter(count: (count + 63) / 64, capacity: (count + 63) / 64)
    }

    /// Sets a bit, once.
    mutating func set(_ offset: Int) {
        writer[offset >> 6] |= 1 << UInt64(offset & 63)
        setCount += 1
    }

    var nullCount: Int { count - setCount }
    var words: Elements<UInt64> { writer.finish() }
    var content: BufferContent { nullCount == 0 ? .absent : .words(words) }
}

extension Elements<UInt64> {
    fileprivate var setBitCount: Int {
        let words = span
        var count = 0
        for index in words.indices { count += words[index].nonzeroBitCount }
        return count
    }
}

extension DictionaryColumn {
    /// Whether every row that has a text has it under its own number.
    var isSelfNumbered: Bool {
        guard dictionary.count == rowCount else { return false }
        for index in 0..<codes.chunkCount {
            let chunk = codes.chunk(index)
            let values = chunk.values
            var areOwn = true
            if chunk.hasNulls {
                for offset in values.indices where !chunk.isNull(at: offset) {
                    areOwn = areOwn && Int(values[offset]) == index << 16 | offset
                }
            } else {
                let first = UInt32(truncatingIfNeeded: index << 16)
                for offset in values.indices {
                    areOwn = areOwn && values[offset] == first &+ UInt32(truncatingIfNeeded: offset)
                }
            }
            guard areOwn else { return false }
        }
        return true
    }

    /// The dictionary's texts of a batch, if they are those of its rows, in their order; nil where they are not, or a null has
    /// a text. A row whose text came before may have it once more under its own number, as files have it.
    fileprivate func ownSegment(ofBatch batch: Int, count: Int) -> TextSegment? {
        guard batch < dictionary.segments.count else { return nil }
        let segment = dictionary.segments[batch]
        guard segment.offsets.count == count + 1, segment.offsets[0] == 0,
            Int(segment.offsets[count]) == segment.bytes.count
        else { return nil }
        let chunk = codes.chunk(batch)
        let (values, offsets) = (chunk.values, segment.offsets.span)
        for offset in 0..<count {
            if chunk.isNull(at: offset) {
                if offsets[offset] != offsets[offset + 1] { return nil }
            } else if Int(values[offset]) != batch << 16 | offset {
                let own = dictionary.bytes(of: UInt32(truncatingIfNeeded: batch << 16 | offset))
                if !own.isSame(as: dictionary.bytes(of: values[offset])) { return nil }
            }
        }
        return segment
    }
}
