import Bytes
import JSONText
import StoreColumns

/// The keys of a data folder, as their file holds them: `Schema/formats/Keys.md`.
package struct KeyFile: Sendable, Hashable {
    /// The first has no claims, and knows two roles.
    static let formats = ["1", "2"]
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
        let head = try KeyLine(lines[0], path, line: 1).texts
        guard head["hearth"] == "keys" else { throw .damaged(path, line: 1, "this is no file of keys") }
        guard let format = head["format"], Self.formats.contains(format) else { throw .newer(path, format: head["format"] ?? "") }
        guard let key = head["digestKey"].flatMap(SHA256Digest.init(hexadecimal:)) else {
            throw .damaged(path, line: 1, "'digestKey' is not 64 hexadecimal digits")
        }
        self.init(digestKey: key.bytes)
        for (index, line) in lines.dropFirst().dropLast().enumerated() {
            let number = index + 2
            let record = try KeyRecord(reading: line, inFirstFormat: format == "1", path, line: number)
            guard !keys.contains(where: { $0.id == record.id }) else {
                throw .damaged(path, line: number, "the id \(record.id) is there twice")
            }
            keys.append(record)
        }
    }

    /// The file's bytes: in the first format where that can say it all, so that an older program reads them.
    package var bytes: [UInt8] {
        let format = keys.allSatisfy(\.fitsFirstFormat) ? "1" : "2"
        var text = Array("{\"hearth\":\"keys\",\"format\":\"\(format)\",\"digestKey\":\"\(Hexadecimal.text(digestKey))\"}\n".utf8)
        for key in keys { text += key.line }
        return text
    }

    /// The key that a person names, by id or by name; of those of one name the one that is not revoked.
    package func index(of idOrName: String) -> Int? {
        keys.firstIndex { $0.id == idOrName }
            ?? keys.firstIndex { $0.name == idOrName && $0.revokedAt == nil }
            ?? keys.firstIndex { $0.name == idOrName }
    }
}

/// Bytes in hexadecimal digits.
package enum Hexadecimal {
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
