import Bytes
import Model
import StoreColumns

/// Tells the rows of a table from what people write around them and between: sums, captions, notes, lines to sign on, and headings that
/// are printed again on every page. What it cannot tell is a row, and refused if something in it is wrong.
struct RowSieve: Sendable {
    enum Verdict: Hashable {
        case row
        case passedOver(PassedOver.Reason)
        /// A note if no row comes behind it. Otherwise a row, whose key is missing.
        case noteAtTheEnd
    }

    /// The columns of the file that the keys of its rows are made of, ascending.
    private let keyColumns: [Int]
    /// The records of the headings, each with what stands in its columns, and what they come to.
    private let headings: [[[UInt8]]]
    private let width: Int
    /// Columns without a heading, in which nothing may stand.
    let unheaded: [Int]
    /// Whether a text that begins with this byte may be more than a key.
    private let mayBeWords: [Bool]

    /// - Parameter file: Aligned.
    init(_ file: FilePlan, _ model: Model) {
        var columns: Set<Int> = []
        for type in file.types {
            for column in model.catalog[type.type].key { columns.formUnion(type.source(ofColumn: column)?.columns ?? []) }
        }
        keyColumns = file.profile == .exact ? [] : columns.sorted()
        headings = (file.headingRecords + [file.headings]).map { $0.map { Array($0.utf8) } }
        width = file.headings.count
        unheaded = file.headings.indices.filter { file.headings[$0].isEmpty }
        var first = [Bool](repeating: false, count: 256)
        for text in TableWords.beginnings { if let byte = text.utf8.first { first[Int(byte)] = true } }
        for byte in headings.flatMap({ $0 }).compactMap(\.first) { first[Int(byte)] = true }
        // Blanks may stand before words.
        for byte in Array(0...0x20) + [0xC2, 0xE3, 0xEF] { first[byte] = true }
        mayBeWords = first
    }

    /// What a row is.
    func verdict(_ row: CSVRow, _ bytes: Span<UInt8>) -> Verdict {
        guard !keyColumns.isEmpty else { return .row }
        var filled: [Int] = []
        for position in row.cells.indices where !isEmpty(row.cells[position], bytes) { filled.append(position) }
        guard let first = filled.first else { return .passedOver(.blank) }
        let keyed = filled.filter(keyColumns.contains)
        if keyed.contains(where: { isMarked(row.cells[$0], bytes) }) { return .row }
        if areHeadings(filled, row, bytes) { return .passedOver(.repeatedHeadings) }
        let words = TableWords(text(row.cells[first], bytes))
        guard !keyed.isEmpty else {
            if words.isSum || filled.contains(where: { TableWords(text(row.cells[$0], bytes)).isExactSum }) {
                return .passedOver(.sum)
            }
            if filled.count == 1 { return width >= 3 ? .passedOver(.note) : .row }
            return filled.count * 2 < width ? .noteAtTheEnd : .row
        }
        if words.isExactSum || keyed.contains(where: { TableWords(text(row.cells[$0], bytes)).isExactSum }) {
            return .passedOver(.sum)
        }
        if words.isSum, keyed == [first] { return .passedOver(.sum) }
        guard width >= 3 else { return .row }
        if filled.count == 1 { return words.isSentence || words.isSigned ? .passedOver(.note) : .row }
        let isNote =
            words.isSigned
            && (filled.count * 2 < width || filled.allSatisfy { TableWords(text(row.cells[$0], bytes)).hasColon })
        return isNote ? .passedOver(.note) : .row
    }

    /// Whether a row may be none, at the cost of a look at two cells and its key; if so it is read by those that can tell.
    func mayPassOver(_ row: CSVRow, _ bytes: Span<UInt8>) -> Bool {
        for position in unheaded where position < row.cells.count && !isEmpty(row.cells[position], bytes) { return true }
        guard !keyColumns.isEmpty else { return false }
        var (count, first) = (0, 0)
        for position in row.cells.indices where !isEmpty(row.cells[position], bytes) {
            if count == 0 { first = position }
            count += 1
            if count == 2 { break }
        }
        if count == 2, !mayBeWords[Int(bytes[row.cells[first].start])] {
            var isPlain = true
            for position in keyColumns where position < row.cells.count {
                let cell = row.cells[position]
                if cell.start < cell.end, mayBeWords[Int(bytes[cell.start])] { isPlain = false }
            }
            if isPlain { return false }
        }
        return verdict(row, bytes) != .row
    }

    /// Whether everything in a row is what is called so in its column.
    private func areHeadings(_ filled: [Int], _ row: CSVRow, _ bytes: Span<UInt8>) -> Bool {
        guard filled.count > 1 || width == 1 else { return false }
        for names in headings {
            var areSame = true
            for position in filled {
                guard position < names.count, !names[position].isEmpty, isSame(names[position], row.cells[position], bytes) else {
                    areSame = false
                    break
                }
            }
            if areSame { return true }
        }
        return false
    }

    private func isSame(_ name: [UInt8], _ cell: CSVCell, _ bytes: Span<UInt8>) -> Bool {
        let range = TextForm.trimmed(bytes, cell.start..<cell.end)
        return name.span.isSame(as: bytes.extracting(range))
    }

    /// Whether a cell is written as `="…"`: so our own export says that a key is one, whatever it looks like.
    private func isMarked(_ cell: CSVCell, _ bytes: Span<UInt8>) -> Bool {
        cell.isQuoted && cell.start >= 2 && bytes[cell.start - 2] == UInt8(ascii: "=")
    }

    /// Whether a row that is written must have its keys marked, so that it is read as a row.
    ///
    /// - Parameters:
    ///   - texts: What stands in each column; nil where nothing does.
    ///   - keys: The columns of the key.
    static func needsMark(_ texts: [[UInt8]?], keys: [Int], headings: [[UInt8]]) -> Bool {
        let filled = texts.indices.filter { texts[$0] != nil }
        guard let first = filled.first else { return false }
        func words(_ position: Int) -> TableWords { TableWords(String(decoding: texts[position] ?? [], as: UTF8.self)) }
        // Nearly every key is a short number.
        for position in Set(keys + [first]) where texts[position]?.contains(where: { $0 &- 0x30 > 9 }) ?? false {
            let words = words(position)
            if words.isSum || words.isSigned { return true }
        }
        if filled.count == 1 { return words(first).isSentence || headings.count == 1 && texts[first] == headings[first] }
        return filled.allSatisfy { texts[$0] == headings[$0] }
    }

    private func isEmpty(_ cell: CSVCell, _ bytes: Span<UInt8>) -> Bool {
        cell.start == cell.end || TextForm.trimmed(bytes, cell.start..<cell.end).isEmpty
    }

    private func text(_ cell: CSVCell, _ bytes: Span<UInt8>) -> String {
        // Longer texts are nobody's key and no sum; their beginning says what they are.
        let end = min(cell.end, cell.start + 400)
        return String(checked: bytes.extracting(cell.start..<end))
    }
}

/// What offices write into tables beside their rows.
struct TableWords {
    private static let sums = ["合计", "小计", "总计", "共计", "累计", "汇总"]
    private static let englishSums = ["total", "subtotal", "grandtotal", "sum"]
    /// Before a colon they begin a line that is signed, or a note.
    private static let signs = [
        "填表", "制表", "填报", "审核", "审批", "复核", "负责人", "主要负责", "单位", "联系", "日期", "时间", "签字", "签名", "签章", "盖章",
        "经办", "注", "备注", "说明", "数据来源", "来源", "打印", "统计",
    ]
    /// They begin a note without one.
    private static let marks = ["※", "*", "＊", "注", "备注", "说明"]

    /// What a text begins with that is no key; a sum may have something before it.
    static let beginnings = sums + signs + marks + ["t", "T", "s", "S", "g", "G", "全", "本", "各"]

    /// Without blanks.
    private let text: String
    private let hasBlank: Bool

    init(_ given: String) {
        var kept = String.UnicodeScalarView()
        var hasBlank = false
        let trimmed = given.drop { $0.isWhitespace }
        for scalar in trimmed.unicodeScalars {
            if scalar.properties.isWhitespace { hasBlank = true } else { kept.append(scalar) }
        }
        text = String(kept)
        self.hasBlank = hasBlank
    }

    /// Nothing but a word for a sum.
    var isExactSum: Bool {
        let word = text.hasSuffix(":") || text.hasSuffix("：") ? String(text.dropLast()) : text
        return Self.sums.contains(word) || Self.englishSums.contains(word.lowercased())
    }

    /// A short text that ends or begins with such a word: 全村合计, 合计（人）.
    var isSum: Bool {
        if isExactSum { return true }
        guard text.count <= 12 else { return false }
        return Self.sums.contains { text.hasPrefix($0) || text.hasSuffix($0) }
    }

    /// What a column is called that only numbers the rows.
    var countsRows: Bool { ["序号", "行号", "no.", "no"].contains(text.lowercased()) }

    var hasColon: Bool { text.contains(":") || text.contains("：") }

    /// A line that says who made a table, or what is to be known of it.
    var isSigned: Bool {
        Self.marks.contains(where: text.hasPrefix)
            && (hasColon || text.hasPrefix("※") || text.hasPrefix("*") || text.hasPrefix("＊"))
            || Self.signs.contains(where: text.hasPrefix) && hasColon
    }

    /// Words, and no code or name.
    var isSentence: Bool {
        hasBlank || text.count > 40 || text.contains { "：，。；、！？（）《》“”".contains($0) }
    }
}
