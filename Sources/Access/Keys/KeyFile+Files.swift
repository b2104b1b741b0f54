import Bytes
import StoreColumns

/// Why a file of keys cannot be used.
package enum KeyFileError: Error, Sendable, Hashable, CustomStringConvertible {
    case absent(String)
    case readableByOthers(String, permissions: UInt32)
    case notOwned(String)
    case damaged(String, line: Int, String)
    case newer(String, format: String)
    /// None of its keys opens anything: whoever wrote it meant that keys are needed, so nothing is served without.
    case noUsableKey(String)
    case storage(FileError)

    package var description: String {
        switch self {
        case .absent(let path): "\(path) is not there; hearth keys add makes it."
        case .readableByOthers(let path, let permissions):
            "\(path) may be read by others than its owner (mode \(String(permissions & 0o777, radix: 8))); it must not: chmod 600 \(path)"
        case .notOwned(let path): "\(path) belongs to another user than the one who runs this."
        case .damaged(let path, let line, let reason): "\(path):\(line): \(reason)"
        case .newer(let path, let format):
            "\(path) has format '\(format)'; this program reads \(KeyFile.formats.joined(separator: " and "))."
        case .noUsableKey(let path):
            "\(path) holds no key that can be used: all are revoked or over. hearth keys add makes one; without the file no keys are asked for, "
                + "and only loopback addresses are listened on."
        case .storage(let error): "\(error)"
        }
    }
}

extension KeyFile {
    /// Reads a file of keys, after looking whose it is and who else may read it.
    package static func read(_ path: String, on files: any FileSystem) throws(KeyFileError) -> KeyFile {
        let bytes: [UInt8]
        do throws(PrivateFileError) {
            bytes = try PrivateFile.read(path, limit: byteLimit, on: files)
        } catch {
            switch error {
            case .absent: throw .absent(path)
            case .readableByOthers(_, let permissions): throw .readableByOthers(path, permissions: permissions)
            case .notOwned: throw .notOwned(path)
            case .tooLarge(_, let byteCount, _):
                throw .damaged(path, line: 1, "\(byteCount) bytes are more than a file of keys has (\(byteLimit))")
            case .storage(let error): throw .storage(error)
            }
        }
        return try KeyFile(reading: bytes, path: path)
    }

    /// Reads the file, or begins one; changes it; puts the new one in its place, durably. Two who do so at once wait for each other.
    package static func change<Result>(
        _ path: String, on files: any FileSystem, digestKey: () -> [UInt8],
        _ body: (inout KeyFile) throws(KeyFileChangeProblem) -> Result
    ) throws(KeyFileChangeProblem) -> Result {
        // Held until this returns.
        let lock = try storing { () throws(FileError) in try files.open(path + ".lock", .createIfAbsent) }
        _ = try storing { () throws(FileError) in try lock.lock(exclusively: true, waiting: true) }
        var file: KeyFile
        do throws(KeyFileError) {
            file = try read(path, on: files)
        } catch {
            guard case .absent = error else { throw .file(error) }
            file = KeyFile(digestKey: digestKey())
        }
        let result = try body(&file)
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let bytes = file.bytes
        try storing { () throws(FileError) in try files.replace(path, with: bytes, in: folder.isEmpty ? "/" : folder) }
        return withExtendedLifetime(lock) { result }
    }

    private static func storing<Result>(_ body: () throws(FileError) -> Result) throws(KeyFileChangeProblem) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .file(.storage(error))
        }
    }
}

/// Why a file of keys was not changed.
package enum KeyFileChangeProblem: Error, Sendable, Hashable, CustomStringConvertible {
    case file(KeyFileError)
    /// What was asked for cannot be; the sentence.
    case refused(String)

    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .refused(let sentence): sentence
        }
    }
}

extension KeyFile {
    /// Adds a key.
    ///
    /// - Parameters:
    ///   - role: Whether it is known is the caller's to ask: a file of keys knows no list of roles.
    ///   - number: Of chance, for the id.
    ///   - secret: 32 bytes of chance.
    /// - Returns: The key's text, which is nowhere else.
    package mutating func add(
        name: String, role: String, claims: [Claim] = [], number: UInt64, secret: [UInt8], now: Instant, expiresAt: Instant
    ) throws(KeyFileChangeProblem) -> String {
        guard KeyRecord.isName(name) else {
            throw .refused("a key's name has 1 to 64 characters, none of them a control character")
        }
        guard KnownRoles.isName(role) else {
            throw .refused("a role is written with letters, digits, '_' and '-', a letter first, 64 at most; found '\(role)'")
        }
        guard claims.count <= Claim.countLimit else { throw .refused("a key has at most \(Claim.countLimit) claims") }
        guard claims.allSatisfy({ Claim.isName($0.name) && Claim.isValue($0.value) }) else {
            throw .refused(
                "a claim is a name of letters, digits and '_', no digit first, and a value of 1 to 256 characters, none a control character"
            )
        }
        guard !keys.contains(where: { $0.name == name && $0.isUsable(at: now) }) else {
            throw .refused("a key called '\(name)' is in use; revoke it first, or choose another name")
        }
        guard keys.count < 1_000 else { throw .refused("there are 1000 keys; remove lines of revoked ones from the file") }
        var number = number
        while keys.contains(where: { $0.id == APIKey.id(number) }) { number &+= 1 }
        let id = APIKey.id(number)
        let text = APIKey.text(id: id, secret: secret)
        guard let key = APIKey(Array(text.utf8)) else { preconditionFailure("what was just written can be read") }
        keys.append(
            KeyRecord(id: id, name: name, role: role, claims: claims, digest: key.digest, addedAt: now, expiresAt: expiresAt))
        return text
    }

    /// Ends a key for ever.
    package mutating func revoke(_ idOrName: String, now: Instant) throws(KeyFileChangeProblem) -> KeyRecord {
        guard let index = index(of: idOrName) else { throw .refused("no key has the id or the name '\(idOrName)'") }
        guard keys[index].revokedAt == nil else { throw .refused("the key \(keys[index].id) is revoked already") }
        keys[index].revokedAt = now
        return keys[index]
    }
}
