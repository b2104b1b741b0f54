import Bytes
import JSONText
import StoreColumns

/// What is told of one event. Never a personal value: of what a client wrote only digests, made with a key.
package struct AuditEvent: Sendable {
    package indirect enum Value: Sendable, Hashable {
        case text(String)
        case int(Int)
        /// Texts by name, in this order.
        case texts([Member])
        case list([String])
        /// Each name once.
        case object([String], [Value])
    }

    package struct Member: Sendable, Hashable {
        package var name: String
        package var text: String
        package init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    package var name: String
    package var members: [(name: String, value: Value)]

    package init(_ name: String, _ members: [(name: String, value: Value)] = []) {
        self.name = name
        self.members = members
    }
}

/// One line of the audit, and how it holds on to the one before it. `Schema/formats/Audit.md`
///
///     {"n":17,"at":"…","event":"…", … ,"hash":"64 hexadecimal digits"}
///     └──────────── what is told ────┘└──────── 75 bytes ────────────┘
///
/// The hash is SHA-256 of the 64 digits of the line before and what is told.
enum AuditLine {
    /// What the first line ever holds on to.
    static let firstHead = String(repeating: "0", count: 64)
    private static let beforeHash = Array(",\"hash\":\"".utf8)
    private static let afterHash = Array("\"}".utf8)
    static let tailCount = 9 + 64 + 2

    /// The line without its line feed, and its hash.
    static func make(_ event: AuditEvent, number: Int, at: Instant, after head: String) -> (bytes: [UInt8], hash: String) {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.name("n")
        writer.int(number)
        writer.name("at")
        writer.string("\(at)")
        writer.name("event")
        writer.string(event.name)
        for (name, value) in event.members {
            writer.name(name)
            writer.value(value)
        }
        writer.endObject()
        // Its end comes behind the hash.
        let told = Array(writer.finish().dropLast())
        let hash = Self.hash(told[...], after: head)
        return (told + beforeHash + Array(hash.utf8) + afterHash, hash)
    }

    private static func hash(_ told: ArraySlice<UInt8>, after head: String) -> String {
        var hasher = SHA256Hasher()
        hasher.update(Array(head.utf8).span)
        hasher.update(Array(told).span)
        return hasher.digest.hexadecimal
    }

    /// Reads what a line says of its place.
    ///
    /// - Parameter line: Without its line feed.
    /// - Returns: Nil where it is no line of an audit, or its hash is not that of this line after that one. `previous` is what a file's first line says.
    static func check(_ line: ArraySlice<UInt8>, after head: String?) -> (number: Int, previous: String?, hash: String)? {
        guard line.count > tailCount else { return nil }
        let told = line.dropLast(tailCount)
        let tail = line.suffix(tailCount)
        guard tail.starts(with: beforeHash), tail.suffix(2).elementsEqual(afterHash) else { return nil }
        let hash = String(decoding: tail.dropFirst(9).prefix(64), as: UTF8.self)
        guard let (number, previous) = place(Array(line)), let head = head ?? previous,
            Self.hash(told, after: head) == hash
        else { return nil }
        return (number, previous, hash)
    }

    private static func place(_ line: [UInt8]) -> (number: Int, previous: String?)? {
        var number: Int?
        var previous: String?
        do throws(JSONError) {
            var reader = JSONReader(line, limits: JSONReader.Limits(depth: 8, members: 2_000))
            guard try reader.next() == .beginObject else { return nil }
            while case .key(let name)? = try reader.next() {
                switch name {
                case "n": if case .number(let digits)? = try reader.next() { number = Int(digits) }
                case "previous": if case .string(let text)? = try reader.next() { previous = text }
                default: try reader.skipValue()
                }
            }
            _ = try reader.next()
        } catch {
            return nil
        }
        return number.map { ($0, previous) }
    }
}

extension JSONWriter {
    fileprivate mutating func value(_ value: AuditEvent.Value) {
        switch value {
        case .text(let text): string(text)
        case .int(let number): int(number)
        case .texts(let members):
            beginObject()
            for member in members {
                name(member.name)
                string(member.text)
            }
            endObject()
        case .list(let texts):
            beginArray()
            for text in texts {
                separate()
                string(text)
            }
            endArray()
        case .object(let names, let values):
            beginObject()
            for (name, value) in zip(names, values) {
                self.name(name)
                self.value(value)
            }
            endObject()
        }
    }
}
