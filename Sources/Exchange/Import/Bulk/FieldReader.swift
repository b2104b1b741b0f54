import Bytes
import Model
import StoreColumns

/// A value of one row, before it is in a column.
enum FieldValue {
    case nothing
    /// Numbers as they are, codes, days, Booleans as 0 and 1, a Double's bits, the row that is referred to.
    case number(Int64)
    /// A text; a reference's while its rows are not known.
    case text(RowText.Found)
    /// What `FieldReader.list` holds.
    case list
}

/// Reads one field from row after row of one file, in one thread: like `SlotReader`, without a `Cell` or a string for each, and without
/// words for what is wrong. A value that stays in its place, so that nothing is counted for a row.
struct FieldReader {
    /// Among the columns that the type's rows have in this import.
    let position: Int
    /// Without a value there is no row.
    let isNeeded: Bool
    let kind: ColumnKind
    private let source: CellSource
    private let decoder: CellDecoder
    private let isIdentityNumber: Bool
    private let profile: CellProfile
    private var way: Way
    private var known = ByteMap<FieldValue>()
    private var knownShort = ShortTexts()
    private var knownLists = ByteMap<[Int64]>()
    /// Of a reference: how the keys of its rows are written, and where they stand; nil while that is not known.
    let shape: KeyShape?
    private let keys: KeyRows?
    private var knownRows = ByteMap<Int64>()
    private var lastText = TextList()
    private var lastRow: Int64 = -1
    /// The elements of the last list that was read.
    private(set) var list: [Int64] = []
    private let emptyList: Bool
    private let model: Model

    private enum Way {
        case column(Int)
        /// A number that is the same in every row.
        case fixed(FieldValue)
        /// A text that is.
        case fixedText([UInt8])
        /// A number that is the same in every row for which the conditions hold; nothing in the others.
        case fixedWhen([RowCondition], FieldValue)
        /// The later one of a column's date and of a day that is the same in every row.
        case laterOf(Int, days: Int64)
        /// A number that follows from one column in another way than by its digits: what a text becomes is remembered.
        case remembered(Int)
        /// A column of lists of codes, translated or not: the same.
        case rememberedList(Int)
        case general
    }

    /// Code lists have a few hundred texts; a column that has more is none.
    private static let rememberedTextCount = 1024
    private static let keptKeyCount = 1 << 16
    private static let nearRowCount: Int64 = 4

    /// - Parameter keys: The rows of the type that the field refers to, once they are known.
    init(_ slot: TypePlan.Slot, at position: Int, _ type: ModelType, _ model: Model, _ profile: CellProfile, keys: KeyRows?) {
        self.profile = profile
        let definition = model.catalog[type.nodeType].columns[slot.column]
        guard let field = type.fields.first(where: { $0.column == slot.column }) else {
            preconditionFailure("every column of the catalog is a field of the model")
        }
        self.position = position
        self.model = model
        self.keys = keys
        isNeeded = slot.isNeeded
        kind = definition.kind
        source = slot.source.copied
        decoder = CellDecoder(field, definition, in: model, profile)
        isIdentityNumber = field.personal?.mask == .idNumber
        shape = definition.kind.referredType.map { KeyShape(of: $0, in: model.catalog) }
        let isList: Bool =
            switch definition.kind {
            case .enumerationList, .referenceList: true
            default: false
            }
        emptyList = isList && !definition.isNullable
        let isCodeList = if case .enumerationList = definition.kind { true } else { false }
        let isNumber: Bool =
            switch definition.kind {
            case .boolean, .int, .decimal, .float, .date, .dateTime, .enumeration: true
            case .string, .reference, .enumerationList, .referenceList: false
            }
        way = Self.way(source, definition.kind, decoder, isCodeList: isCodeList, isNumber: isNumber)
    }

    private static func way(
        _ source: CellSource, _ kind: ColumnKind, _ decoder: CellDecoder, isCodeList: Bool, isNumber: Bool
    ) -> Way {
        switch source {
        case .column(let index), .translated(.column(let index), _, _):
            if isCodeList { return .rememberedList(index) }
            if case .column = source {
                switch kind {
                case .boolean, .enumeration: return .remembered(index)
                default: return .column(index)
                }
            }
        case .constant(let text) where isNumber:
            // What is no value is met in every row.
            if let value = value(text.span, decoder) { return .fixed(value) }
        case .constant(let text) where kind == .string:
            if case .string(let value)? = try? decoder.decode(text.span), !value.isEmpty { return .fixedText(Array(value.utf8)) }
        case .conditional(let conditions, .constant(let text)) where isNumber:
            if let value = value(text.span, decoder) { return .fixedWhen(conditions, value) }
        case .laterOf(let sources) where kind == .date:
            if let way = laterOf(sources) { return way }
        default: break
        }
        let columns = Set(source.columns)
        if isNumber, columns.count == 1, let only = columns.first { return .remembered(only) }
        return .general
    }

    /// Of one column and constants that are days.
    private static func laterOf(_ sources: [CellSource]) -> Way? {
        var (column, days): (Int?, Int64?)
        for source in sources {
            switch source {
            case .column(let index) where column == nil: column = index
            case .constant(let text):
                guard let day = DateText.isoDays(text.span) else { return nil }
                days = max(days ?? .min, Int64(day))
            default: return nil
            }
        }
        guard let column, let days else { return nil }
        return .laterOf(column, days: days)
    }

    /// The columns of the file that it reads.
    var columns: [Int] { source.columns }

    /// The field's value in a row; nil where the files are wrong.
    mutating func read(_ row: CSVRow, _ text: inout RowText, _ bytes: Span<UInt8>) -> FieldValue? {
        switch way {
        case .fixed(let value): return value
        case .fixedText(let bytes): return .text(text.append(bytes))
        case .column(let index): return value(text.cell(row.cells[index], bytes), &text, bytes)
        case .fixedWhen(let conditions, let value): return text.holds(conditions, row, bytes) ? value : nothing()
        case .laterOf(let index, let days):
            let cell = row.cells[index]
            if !cell.isQuoted, let own = DateText.isoDays(bytes.extracting(cell.start..<cell.end)) {
                return .number(max(Int64(own), days))
            }
            return general(row, &text, bytes)
        case .remembered(let index):
            let cell = row.cells[index]
            // In quotes blanks at the ends belong to the text, so the same bytes may mean something else.
            guard !cell.isQuoted else { return general(row, &text, bytes) }
            guard let short = ShortTexts.word(bytes, cell.start..<cell.end) else {
                let given = bytes.extracting(cell.start..<cell.end)
                if let known = known.find(given) { return known }
                guard let value = general(row, &text, bytes) else { return nil }
                // A column of many texts is read quicker without.
                if known.count < Self.rememberedTextCount { _ = known.insert(given, value) } else { way = .general }
                return value
            }
            if let known = knownShort.find(short) { return known }
            guard let value = general(row, &text, bytes) else { return nil }
            if !knownShort.insert(short, value) { way = .general }
            return value
        case .rememberedList(let index):
            let cell = row.cells[index]
            let given = bytes.extracting(cell.start..<cell.end)
            if !cell.isQuoted, let known = knownLists.find(given) {
                list = known
                return .list
            }
            guard let found = try? text.find(source, row, bytes), let value = value(found, &text, bytes) else { return nil }
            if case .list = value, !cell.isQuoted, knownLists.count < Self.rememberedTextCount {
                _ = knownLists.insert(given, list)
            }
            return value
        case .general: return general(row, &text, bytes)
        }
    }

    private mutating func general(_ row: CSVRow, _ text: inout RowText, _ bytes: Span<UInt8>) -> FieldValue? {
        guard let found = try? text.find(source, row, bytes) else { return nil }
        return value(found, &text, bytes)
    }

    private mutating func value(_ found: RowText.Found, _ text: inout RowText, _ bytes: Span<UInt8>) -> FieldValue? {
        switch found {
        case .nothing: return nothing()
        case .inFile(let range):
            guard case .string = kind else { return value(bytes.extracting(range), found) }
            switch form(bytes.extracting(range)) {
            case .wrong: return nil
            case .asItStands: return .text(found)
            case .changed: return changed(bytes.extracting(range), &text)
            }
        case .inBuffer(let range):
            guard case .string = kind else { return value(text.buffer.span.extracting(range), found) }
            switch form(text.buffer.span.extracting(range)) {
            case .wrong: return nil
            case .asItStands: return .text(found)
            case .changed:
                // The buffer may grow, so what is decoded is a copy.
                let copy = Array(text.buffer[range])
                return changed(copy.span, &text)
            }
        }
    }

    private mutating func nothing() -> FieldValue {
        guard emptyList else { return .nothing }
        list.removeAll(keepingCapacity: true)
        return .list
    }

    private enum Form { case asItStands, changed, wrong }

    /// What becomes of a text on its way into a column.
    private func form(_ given: Span<UInt8>) -> Form {
        guard given.count > 0, profile == .lenient else { return .asItStands }
        guard (try? StringText.check(given)) != nil else { return .wrong }
        return given[0] != UInt8(ascii: "'") && (!isIdentityNumber || StringText.isIdentityNumber(given)) ? .asItStands : .changed
    }

    private func changed(_ given: Span<UInt8>, _ text: inout RowText) -> FieldValue? {
        guard case .string(let value)? = try? decoder.decode(given) else { return nil }
        let changed = text.append(Array(value.utf8))
        // A text of blanks alone is no identity number and is left to the other way.
        return changed == .nothing ? nil : .text(changed)
    }

    private mutating func value(_ text: Span<UInt8>, _ found: RowText.Found) -> FieldValue? {
        switch kind {
        case .reference: return reference(text, found)
        case .enumerationList, .referenceList: return readList(text)
        case .int:
            if let number = NumberText.digits(text) { return .number(number) }
        case .date:
            if let days = DateText.isoDays(text) { return .number(Int64(days)) }
        case .decimal(let fractionDigits):
            // Less than 10⁹, by at most 10⁹.
            if var number = NumberText.digits(text) {
                for _ in 0..<fractionDigits { number *= 10 }
                return .number(number)
            }
        default: break
        }
        guard let value = Self.value(text, decoder) else { return nil }
        if case .nothing = value { return nothing() }
        return value
    }

    /// Of a field of numbers.
    private static func value(_ text: Span<UInt8>, _ decoder: CellDecoder) -> FieldValue? {
        switch try? decoder.decode(text) {
        case .null: .nothing
        case .boolean(let value): .number(value ? 1 : 0)
        case .int(let value), .date(let value): .number(Int64(value))
        case .decimal(let value), .dateTime(let value): .number(value)
        case .float(let value): .number(Int64(bitPattern: value.bitPattern))
        case .enumeration(let value): .number(Int64(value))
        default: nil
        }
    }

    // MARK: References

    /// Whether a text may be a key: not what a spreadsheet made of one.
    private func isSound(_ key: Span<UInt8>) -> Bool { profile == .exact || (try? StringText.check(key)) != nil }

    private mutating func reference(_ text: Span<UInt8>, _ found: RowText.Found) -> FieldValue? {
        guard let shape else { return nil }
        if shape.isOneString {
            guard isSound(text) else { return nil }
        } else if keys == nil {
            guard (try? shape.key(text, model)) != nil else { return nil }
        }
        guard keys != nil else { return .text(found) }
        // Rows that follow one another often name the same.
        if lastRow >= 0, lastText.isSame(0, as: text) { return .number(lastRow) }
        guard let row = self.row(text) else { return nil }
        if row == KeyRows.none { return .number(row) }
        lastText.removeAll()
        lastText.append(text)
        lastRow = row
        return .number(row)
    }

    /// The row that a text names, `KeyRows.none` where none has its key; nil where it is no key.
    private mutating func row(_ text: Span<UInt8>) -> Int64? {
        guard let shape, let keys else { return nil }
        if shape.isOneString {
            // Files mostly come in one order, so the last row and those beside it are asked first.
            for near in max(lastRow, 0)...lastRow + Self.nearRowCount where keys.isKey(text, ofRow: near) { return near }
            return keys.row(of: text) ?? KeyRows.none
        }
        if let known = knownRows.find(text) { return known }
        guard let key = try? shape.key(text, model) else { return nil }
        var encoded: [UInt8] = []
        KeyEncoding.append(key, isOneString: false, to: &encoded)
        guard let row = keys.row(of: encoded.span) else { return KeyRows.none }
        if knownRows.count >= Self.keptKeyCount { knownRows = ByteMap<Int64>() }
        _ = knownRows.insert(text, row)
        return row
    }

    // MARK: Lists

    private mutating func readList(_ text: Span<UInt8>) -> FieldValue? {
        guard case .referenceList = kind, keys != nil, let shape else {
            list.removeAll(keepingCapacity: true)
            switch try? decoder.decode(text) {
            case .null: return nothing()
            case .enumerationList(let codes):
                for code in codes { list.append(Int64(code)) }
                return .list
            // While the rows are not known a list is only held to be one.
            case .referenceList: return .list
            default: return nil
            }
        }
        list.removeAll(keepingCapacity: true)
        let range = TextForm.trimmed(text, 0..<text.count)
        guard !range.isEmpty else { return nothing() }
        if shape.isOneString, ListText.isOneWord(text, range) {
            let only = text.extracting(range)
            guard isSound(only), let row = self.row(only) else { return nil }
            if row != KeyRows.none { lastRow = row }
            list.append(row)
            return .list
        }
        for element in ListText.elements(text.extracting(range)) {
            // A key of one text has no escapes of its own; in a longer key they part the values.
            let element = shape.isOneString ? ListText.unescaped(element) : element
            if shape.isOneString { guard isSound(element.span) else { return nil } }
            guard let row = self.row(element.span) else { return nil }
            list.append(row)
        }
        return .list
    }
}

extension ColumnKind {
    /// The type whose rows a column names; nil where it holds values.
    var referredType: NodeTypeID? {
        switch self {
        case .reference(let type), .referenceList(let type): type
        default: nil
        }
    }
}
