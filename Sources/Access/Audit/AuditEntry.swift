import JSONText
import StoreColumns

/// A line of an audit that tells what was read.
package struct AuditEntry: Sendable, Hashable {
    package struct Kind: Sendable, Hashable {
        package var kind: String
        package var view: String
    }

    package struct Subjects: Sendable, Hashable {
        package var type: String
        package var count = 0
        /// Pseudonyms; empty where there is a filter.
        package var rows: [String] = []
        var filter: String?
        package var isListed: Bool { filter == nil }
    }

    package var number = 0
    package var at = ""
    package var key = ""
    package var role = ""
    package var from = ""
    package var route = ""
    package var question = ""
    package var document = ""
    package var statedReason = ""
    package var decision = ""
    package var outcome = ""
    package var version = ""
    package var asOf = ""
    package var rowCount = 0
    package var classes: [Kind] = []
    package var fields: [String] = []
    package var subjects: [Subjects] = []
    /// Whether only a filter says that it was about who is looked for: of a hundred of others it says so of one.
    package var isPerhaps = false

    /// One of which nothing is told.
    package static let none = AuditEntry()
    private init() {}

    /// - Returns: nil where the line is no JSON object with a number.
    init?(_ line: [UInt8]) {
        do throws(JSONError) {
            var reader = JSONReader(line, limits: JSONReader.Limits(depth: 8, members: 2_000))
            guard try reader.next() == .beginObject else { return nil }
            while case .key(let name)? = try reader.next() { try read(name, &reader) }
        } catch {
            return nil
        }
        guard number > 0 else { return nil }
    }

    private mutating func read(_ name: String, _ reader: inout JSONReader) throws(JSONError) {
        switch name {
        case "n": number = try Self.number(&reader)
        case "at": at = try Self.text(&reader)
        case "key": key = try Self.text(&reader)
        case "role": role = try Self.text(&reader)
        case "from": from = try Self.text(&reader)
        case "route": route = try Self.text(&reader)
        case "question": question = try Self.text(&reader)
        case "document": document = try Self.text(&reader)
        case "statedReason": statedReason = try Self.text(&reader)
        case "decision": decision = try Self.text(&reader)
        case "outcome": outcome = try Self.text(&reader)
        case "version": version = try Self.text(&reader)
        case "asOf": asOf = try Self.text(&reader)
        case "rows": rowCount = try Self.number(&reader)
        case "classes":
            _ = try reader.next()
            while case .key(let kind)? = try reader.next() { classes.append(Kind(kind: kind, view: try Self.text(&reader))) }
        case "fields": fields = try Self.texts(&reader)
        case "about":
            _ = try reader.next()
            while case .key(let type)? = try reader.next() { subjects.append(try Self.subjects(type, &reader)) }
        default: try reader.skipValue()
        }
    }

    private static func subjects(_ type: String, _ reader: inout JSONReader) throws(JSONError) -> Subjects {
        var subjects = Subjects(type: type)
        _ = try reader.next()
        while case .key(let name)? = try reader.next() {
            switch name {
            case "count": subjects.count = try number(&reader)
            case "rows": subjects.rows = try texts(&reader)
            case "filter": subjects.filter = try text(&reader)
            default: try reader.skipValue()
            }
        }
        return subjects
    }

    private static func text(_ reader: inout JSONReader) throws(JSONError) -> String {
        if case .string(let text)? = try reader.next() { text } else { "" }
    }

    private static func number(_ reader: inout JSONReader) throws(JSONError) -> Int {
        if case .number(let digits)? = try reader.next() { Int(digits) ?? 0 } else { 0 }
    }

    private static func texts(_ reader: inout JSONReader) throws(JSONError) -> [String] {
        var texts: [String] = []
        guard try reader.next() == .beginArray else { return [] }
        while case .string(let text)? = try reader.next() { texts.append(text) }
        return texts
    }

    /// The day of the first line of a file, which is that of all its lines.
    static func day(ofLine span: borrowing Span<UInt8>) -> CivilDate? {
        guard let place = BytePattern("\"at\":\"").place(span, 0, min(span.count, 64)), place + 16 <= span.count else {
            return nil
        }
        var text: [UInt8] = []
        for index in place + 6..<place + 16 { text.append(span[index]) }
        return CivilDate(isoText: String(decoding: text, as: UTF8.self))
    }
}
