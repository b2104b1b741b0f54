import Bytes
import JSONText
import StoreColumns

/// The keys of a data folder, as their file holds them: `Schema/formats/Keys.md`.
package struct KeyFile: Sendable, Hashable {
    static let format = "1"
    /// More is no file of ours.
    static let byteLimit = 1 << 20

    /// What digests in the audit are made with; 32 bytes of chance, drawn when the file was.
    package var digestKey: [UInt8]
    /// In the order in which they were added; revoked ones stay, so that the audit's ids keep their names.
    package var keys: [KeyRecord]

    /// A file without keys.
    package init(digestKey: [UInt8]) {
        precondition(digestKey.count == 32, "a digest key has 32 bytes")
        self.digestKey = digestKey
        keys = []
    }

    /// Reads a file's bytes.
    package init(reading bytes: [UInt8], path: String) throws(KeyFileError) {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard let last = lines.last, last.isEmpty, lines.count > 1 else {
            throw .damaged(path, line: max(1, lines.count), "the file does not end with a whole line")
        }
        let head = try Self.members(lines[0], path, line: 1)
        guard head["hearth"] == "keys" else { throw .damaged(path, line: 1, "this is no file of keys") }
        guard head["format"] == Self.format else { throw .newer(path, format: head["format"] ?? "") }
        guard let key = head["digestKey"].flatMap(SHA256Digest.init(hexadecimal:)) else {
            throw .damaged(path, line: 1, "'digestKey' is not 64 hexadecimal digits")
        }
        self.init(digestKey: key.bytes)
        for (index, line) in lines.dropFirst().dropLast().enumerated() {
            let number = index + 2
            let record = try KeyRecord(try Self.members(line, path, line: number), path, line: number)
            guard !keys.contains(where: { $0.id == record.id }) else {
                throw .damaged(path, line: number, "the id \(record.id) is there twice")
            }
            keys.append(record)
        }
    }

    /// The file's bytes.
    package var bytes: [UInt8] {
        var text = "{\"hearth\":\"keys\",\"format\":\"\(Self.format)\",\"digestKey\":\"\(Hexadecimal.text(digestKey))\"}\n".utf8
            .map { $0 }
        for key in keys { text += key.line }
        return text
    }

    /// The key that a person names, by id or by name; of those of one name the one that is not revoked.
    package func index(of idOrName: String) -> Int? {
        keys.firstIndex { $0.id == idOrName }
            ?? keys.firstIndex { $0.name == idOrName && $0.revokedAt == nil }
            ?? keys.firstIndex { $0.name == idOrName }
    }

    /// The members of a line, all of them texts.
    private static func members(_ line: ArraySlice<UInt8>, _ path: String, line number: Int) throws(KeyFileError) -> [String:
        String]
    {
        var members: [String: String] = [:]
        do throws(JSONError) {
            var reader = JSONReader(Array(line), limits: JSONReader.Limits(depth: 1, members: 16))
            guard try reader.next() == .beginObject else { throw JSONError(.trailingBytes(found: "no object"), byteOffset: 0) }
            while case .key(let name)? = try reader.next() {
                if case .string(let text)? = try reader.next() { members[name] = text }
            }
            _ = try reader.next()
        } catch {
            throw .damaged(path, line: number, "\(error)")
        }
        return members
    }
}

extension KeyRecord {
    fileprivate init(_ members: [String: String], _ path: String, line: Int) throws(KeyFileError) {
        func moment(_ name: String) throws(KeyFileError) -> Instant? {
            guard let text = members[name] else { return nil }
            guard let moment = Instant(isoText: text) else {
                throw .damaged(path, line: line, "'\(name)' is not an instant as 2026-12-31T08:00:00Z")
            }
            return moment
        }
        guard let id = members["id"], id.utf8.count == APIKey.idCount, id.utf8.allSatisfy(Base62.isDigit) else {
            throw .damaged(path, line: line, "'id' is not 8 letters and digits")
        }
        guard let name = members["name"], Self.isName(name) else {
            throw .damaged(path, line: line, "'name' is not 1 to 64 characters")
        }
        guard let role = members["role"].flatMap(BuiltInRole.init) else {
            let roles = BuiltInRole.allCases.map(\.rawValue).joined(separator: " or ")
            throw .damaged(path, line: line, "'role' is '\(members["role"] ?? "")'; it is \(roles)")
        }
        guard let digest = members["sha256"].flatMap(SHA256Digest.init(hexadecimal:)) else {
            throw .damaged(path, line: line, "'sha256' is not 64 hexadecimal digits")
        }
        guard let addedAt = try moment("addedAt"), let expiresAt = try moment("expiresAt") else {
            throw .damaged(path, line: line, "'addedAt' or 'expiresAt' is missing")
        }
        self.init(
            id: id, name: name, role: role, digest: digest, addedAt: addedAt, expiresAt: expiresAt,
            revokedAt: try moment("revokedAt"))
    }

    /// What a key may be called: 1 to 64 characters, none of which moves a terminal's cursor.
    package static func isName(_ text: String) -> Bool {
        (1...64).contains(text.count) && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    }

    fileprivate var line: [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        var members = [
            ("id", id), ("name", name), ("role", role.rawValue), ("sha256", digest.hexadecimal), ("addedAt", "\(addedAt)"),
            ("expiresAt", "\(expiresAt)"),
        ]
        if let revokedAt { members.append(("revokedAt", "\(revokedAt)")) }
        for (name, text) in members {
            writer.name(name)
            writer.string(text)
        }
        writer.endObject()
        writer.byte(0x0A)
        return writer.finish()
    }
}

/// Bytes in hexadecimal digits.
package enum Hexadecimal {
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
