import OfficeFiles

/// What a part of a workbook refers to, by id: `xl/_rels/workbook.xml.rels`.
final class WorkbookRelations: XMLHandler {
    struct Relation {
        var kind: String
        var target: String
    }

    private(set) var relations: [String: Relation] = [:]
    /// As they stand: of two of a kind the first counts, in every reading.
    private var inOrder: [Relation] = []

    func begin(_ name: String, _ attributes: XMLAttributes) throws(OfficeFileError) {
        guard name == "Relationship", let id = attributes["Id"], let target = attributes["Target"] else { return }
        let relation = Relation(kind: attributes["Type"] ?? "", target: target)
        relations[id] = relation
        inOrder.append(relation)
    }
    func end(_ name: String) throws(OfficeFileError) {}
    func text(_ bytes: Span<UInt8>) throws(OfficeFileError) {}

    /// The target of the first relation of a kind.
    func target(ofKind kind: String) -> String? { inOrder.first { $0.kind.hasSuffix("/" + kind) }?.target }
}

/// The sheets of a workbook, in their order: `xl/workbook.xml`.
final class WorkbookOutline: XMLHandler {
    struct Sheet {
        var name: String
        var relation: String
        var isHidden: Bool
    }

    private(set) var sheets: [Sheet] = []
    private(set) var countsFrom1904 = false

    func begin(_ name: String, _ attributes: XMLAttributes) throws(OfficeFileError) {
        switch name {
        case "workbookPr": countsFrom1904 = attributes["date1904"] == "1" || attributes["date1904"] == "true"
        case "sheet":
            sheets.append(
                Sheet(
                    name: attributes["name"] ?? "", relation: attributes["id"] ?? "",
                    isHidden: attributes["state"].map { $0 != "visible" } ?? false))
        default: break
        }
    }
    func end(_ name: String) throws(OfficeFileError) {}
    func text(_ bytes: Span<UInt8>) throws(OfficeFileError) {}
}

/// Texts that cells share, by number: `xl/sharedStrings.xml`.
final class SharedTexts: XMLHandler {
    private(set) var texts = TextList()
    var count: Int { texts.count }
    private var current: [UInt8] = []
    private var isText = false
    /// Inside of how words are pronounced.
    private var isPhonetic = false

    func begin(_ name: String, _ attributes: XMLAttributes) throws(OfficeFileError) {
        switch name {
        case "si": current.removeAll(keepingCapacity: true)
        case "rPh": isPhonetic = true
        case "t": isText = !isPhonetic
        default: break
        }
    }

    func end(_ name: String) throws(OfficeFileError) {
        switch name {
        case "si":
            WorkbookText.unescape(&current)
            let text = current
            texts.append(text.span)
        case "rPh": isPhonetic = false
        case "t": isText = false
        default: break
        }
    }

    func text(_ bytes: Span<UInt8>) throws(OfficeFileError) {
        guard isText else { return }
        for index in bytes.indices { current.append(bytes[index]) }
    }
}

/// Which cells show dates, by style: `xl/styles.xml`.
final class CellStyles: XMLHandler {
    private var formats: [Int: String] = [:]
    private var numbers: [Int] = []
    private var isInCells = false
    private lazy var dates = numbers.map { number in Self.isBuiltInDate(number) || formats[number].map(Self.showsDate) ?? false }

    /// Whether a number in a cell of this style is a date.
    func isDate(_ style: Int) -> Bool { dates.indices.contains(style) && dates[style] }

    func begin(_ name: String, _ attributes: XMLAttributes) throws(OfficeFileError) {
        switch name {
        case "numFmt":
            if let id = attributes["numFmtId"].flatMap({ Int($0) }) { formats[id] = attributes["formatCode"] ?? "" }
        case "cellXfs": isInCells = true
        case "xf" where isInCells: numbers.append(attributes["numFmtId"].flatMap { Int($0) } ?? 0)
        default: break
        }
    }

    func end(_ name: String) throws(OfficeFileError) { if name == "cellXfs" { isInCells = false } }
    func text(_ bytes: Span<UInt8>) throws(OfficeFileError) {}

    /// ECMA-376 §18.8.30: those of all languages, and those of Chinese and Japanese.
    private static func isBuiltInDate(_ number: Int) -> Bool {
        switch number {
        case 14...22, 27...36, 45...47, 50...58: true
        default: false
        }
    }

    /// Whether a format shows years, months, days, hours or seconds: outside of quotes, brackets and escapes.
    static func showsDate(_ format: String) -> Bool {
        var (isQuoted, isBracketed, isEscaped) = (false, false, false)
        for byte in format.utf8 {
            if isEscaped {
                isEscaped = false
            } else if isQuoted {
                isQuoted = byte != UInt8(ascii: "\"")
            } else if isBracketed {
                isBracketed = byte != UInt8(ascii: "]")
            } else {
                switch byte {
                case UInt8(ascii: "\\"), UInt8(ascii: "_"), UInt8(ascii: "*"): isEscaped = true
                case UInt8(ascii: "\""): isQuoted = true
                case UInt8(ascii: "["): isBracketed = true
                case UInt8(ascii: "y"), UInt8(ascii: "m"), UInt8(ascii: "d"), UInt8(ascii: "h"), UInt8(ascii: "s"),
                    UInt8(ascii: "Y"), UInt8(ascii: "M"), UInt8(ascii: "D"), UInt8(ascii: "H"), UInt8(ascii: "S"):
                    return true
                default: break
                }
            }
        }
        return false
    }
}

/// Texts as workbooks write them.
enum WorkbookText {
    /// `_x000D_` is the character of that number: ECMA-376 §22.9.2.19.
    static func unescape(_ text: inout [UInt8]) {
        guard text.count >= 7, text.contains(UInt8(ascii: "_")) else { return }
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "_"), let scalar = escaped(text, at: index) else {
                result.append(text[index])
                index += 1
                continue
            }
            // A NUL stands in no text of ours.
            if scalar.value != 0 { result.append(contentsOf: String(Character(scalar)).utf8) }
            index += 7
        }
        text = result
    }

    /// A text of ours, in which nothing is taken for an escape.
    static func escape(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        for index in bytes.indices {
            if bytes[index] == UInt8(ascii: "_"), escaped(bytes, at: index) != nil { result.append(contentsOf: "_x005F".utf8) }
            result.append(bytes[index])
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func escaped(_ text: [UInt8], at index: Int) -> Unicode.Scalar? {
        guard index + 6 < text.count, text[index + 1] == UInt8(ascii: "x"), text[index + 6] == UInt8(ascii: "_") else {
            return nil
        }
        var value: UInt32 = 0
        for place in (index + 2)..<(index + 6) {
            guard let digit = Character(Unicode.Scalar(text[place])).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return Unicode.Scalar(value)
    }
}
