import Bytes
import JSONText
import StoreColumns

/// One line of a file of keys: texts by name, and the claims.
struct KeyLine {
    var texts: [String: String] = [:]
    /// In the order of the line; nil where it does not speak of any.
    var claims: [Claim]?

    init(_ line: ArraySlice<UInt8>, _ path: String, line number: Int) throws(KeyFileError) {
        do throws(JSONError) {
            var reader = JSONReader(Array(line), limits: JSONReader.Limits(depth: 3, members: 16 + Claim.countLimit))
            guard try reader.next() == .beginObject else { throw JSONError(.trailingBytes(found: "no object"), byteOffset: 0) }
            while case .key(let name)? = try reader.next() {
                if name == "claims" {
                    claims = try Self.claims(&reader)
                } else if case .string(let text)? = try reader.next() {
                    texts[name] = text
                } else {
                    throw JSONError(
                        .unexpected(found: "something else", expected: "a text as '\(name)'"), byteOffset: reader.tokenOffset)
                }
            }
            _ = try reader.next()
        } catch {
            throw .damaged(path, line: number, "\(error)")
        }
    }

    /// `{"name":["value",…],…}`
    private static func claims(_ reader: inout JSONReader) throws(JSONError) -> [Claim] {
        var claims: [Claim] = []
        let expected = "texts in lists, by the name of a claim"
        guard try reader.next() == .beginObject else {
            throw JSONError(.unexpected(found: "something else", expected: expected), byteOffset: reader.tokenOffset)
        }
        while case .key(let name)? = try reader.next() {
            guard try reader.next() == .beginArray else {
                throw JSONError(.unexpected(found: "something else", expected: expected), byteOffset: reader.tokenOffset)
            }
            while let token = try reader.next(), token != .endArray {
                guard case .string(let value) = token else {
                    throw JSONError(.unexpected(found: "something else", expected: expected), byteOffset: reader.tokenOffset)
                }
                claims.append(Claim(name: name, value: value))
            }
        }
        return claims
    }
}

extension KeyRecord {
    init(reading bytes: ArraySlice<UInt8>, inFirstFormat: Bool, _ path: String, line: Int) throws(KeyFileError) {
        let read = try KeyLine(bytes, path, line: line)
        let members = read.texts
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
        let role = members["role"] ?? ""
        if inFirstFormat, BuiltInRole(rawValue: role) == nil {
            let roles = BuiltInRole.allCases.map(\.rawValue).joined(separator: " or ")
            throw .damaged(path, line: line, "'role' is '\(role)'; in format 1 it is \(roles)")
        }
        guard KnownRoles.isName(role) else {
            throw .damaged(path, line: line, "'role' is '\(role)'; it is a letter, then letters, digits, '_' and '-', 64 at most")
        }
        guard let digest = members["sha256"].flatMap(SHA256Digest.init(hexadecimal:)) else {
            throw .damaged(path, line: line, "'sha256' is not 64 hexadecimal digits")
        }
        guard let addedAt = try moment("addedAt"), let expiresAt = try moment("expiresAt") else {
            throw .damaged(path, line: line, "'addedAt' or 'expiresAt' is missing")
        }
        if inFirstFormat, read.claims != nil { throw .damaged(path, line: line, "'claims' are not of format 1") }
        let claims = read.claims ?? []
        guard claims.count <= Claim.countLimit else {
            throw .damaged(path, line: line, "there are \(claims.count) claims, and at most \(Claim.countLimit) may be")
        }
        guard claims.allSatisfy({ Claim.isName($0.name) && Claim.isValue($0.value) }) else {
            throw .damaged(path, line: line, "'claims' has a name or a value that none can have")
        }
        self.init(
            id: id, name: name, role: role, claims: claims, digest: digest, addedAt: addedAt, expiresAt: expiresAt,
            revokedAt: try moment("revokedAt"))
    }

    /// What a key may be called: 1 to 64 characters, none of which moves a terminal's cursor.
    package static func isName(_ text: String) -> Bool {
        (1...64).contains(text.count) && text.unicodeScalars.allSatisfy(Claim.isPrintable)
    }

    var fitsFirstFormat: Bool { claims.isEmpty && BuiltInRole(rawValue: role) != nil }

    var line: [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        var members = [("id", id), ("name", name), ("role", role)]
        for (name, text) in members {
            writer.name(name)
            writer.string(text)
        }
        if !claims.isEmpty { writeClaims(&writer) }
        members = [("sha256", digest.hexadecimal), ("addedAt", "\(addedAt)"), ("expiresAt", "\(expiresAt)")]
        if let revokedAt { members.append(("revokedAt", "\(revokedAt)")) }
        for (name, text) in members {
            writer.name(name)
            writer.string(text)
        }
        writer.endObject()
        writer.byte(0x0A)
        return writer.finish()
    }

    /// Values of one name stand in one list, in their order; names in the order of their first.
    private func writeClaims(_ writer: inout JSONWriter) {
        writer.name("claims")
        writer.beginObject()
        for (index, claim) in claims.enumerated() where !claims[..<index].contains(where: { $0.name == claim.name }) {
            writer.name(claim.name)
            writer.beginArray()
            for other in claims where other.name == claim.name {
                writer.separate()
                writer.string(other.value)
            }
            writer.endArray()
        }
        writer.endObject()
    }
}
