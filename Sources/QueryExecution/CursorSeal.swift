import Bytes
import GraphQLTypes
import QueryPlanning
import StoreColumns

/// Where a page ended: on which version, in which list, at which row. Opaque to clients and authenticated, so that nobody
/// makes one up. `api.md` §1
///
///     ┌────────┬─────────────┬──────────────┬─────────────────────┬───────────┐
///     │ format │ version     │ list         │ business key        │ tag       │   base64url of this
///     │ u8 = 1 │ u64, little │ digest, 16 B │ as KeyBytes writes  │ HMAC, 16 B│
///     └────────┴─────────────┴──────────────┴─────────────────────┴───────────┘
///
/// The row stands for its sort key: on the same version it has the same one.
struct Cursor {
    static let format: UInt8 = 1
    private static let headerCount = 1 + 8 + ListDigest.count
    /// The key is that of an id; beside it stand fewer bytes.
    private static let characterLimit = GlobalID.characterLimit + 64

    var version: UInt64
    var list: [UInt8]
    var key: [UInt8]

    init(version: UInt64, list: [UInt8], key: [UInt8]) {
        self.version = version
        self.list = list
        self.key = key
    }

    /// - Returns: nil for anything that was not sealed with this seal.
    init?(_ text: String, _ seal: CursorSeal) {
        guard text.utf8.count <= Self.characterLimit, let bytes = Base64.url.decode(text.utf8),
            bytes.count > Self.headerCount + CursorSeal.tagCount
        else { return nil }
        let payload = Array(bytes.dropLast(CursorSeal.tagCount))
        guard payload[0] == Self.format, seal.isTag(bytes.suffix(CursorSeal.tagCount), of: payload) else { return nil }
        version = payload[1..<9].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        list = Array(payload[9..<Self.headerCount])
        key = Array(payload[Self.headerCount...])
    }

    func sealed(_ seal: CursorSeal) -> [UInt8] {
        var payload = [Self.format]
        for byte in 0..<8 { payload.append(UInt8(truncatingIfNeeded: version >> UInt64(byte * 8))) }
        payload += list
        payload += key
        payload += seal.tag(of: payload)
        return Base64.url.encode(payload)
    }
}

/// Authenticates cursors with a key of the process. Whoever has the key can make cursors; nothing else depends on it.
package struct CursorSeal: Sendable {
    /// 128 bits: nobody guesses them, and cursors stay short.
    static let tagCount = 16
    private let key: [UInt8]

    /// - Parameter key: At least 16 bytes of chance, handed in.
    package init(key: [UInt8]) {
        precondition(key.count >= 16, "a cursor key has at least 16 bytes")
        self.key = key
    }

    func tag(of payload: [UInt8]) -> [UInt8] { Array(hmacSHA256(of: payload, key: key).prefix(Self.tagCount)) }

    /// Compares in constant time.
    func isTag(_ tag: ArraySlice<UInt8>, of payload: [UInt8]) -> Bool {
        var difference: UInt8 = 0
        for (given, expected) in zip(tag, self.tag(of: payload)) { difference |= given ^ expected }
        return tag.count == Self.tagCount && difference == 0
    }
}

/// What a list is, so that a cursor of one is not taken for a place in another: its rows, filter, order, dates, and who asks.
struct ListDigest {
    static let count = 16
    private var bytes: [UInt8] = []

    mutating func add(_ text: String) { KeyBytes.append(Array(text.utf8), to: &bytes) }
    mutating func add(_ value: InputValue?) { add(value?.literalText ?? "") }
    mutating func add(_ number: Int) { KeyBytes.append(Int64(number), to: &bytes) }
    /// Who reads: another one's cursor is none here.
    mutating func add(_ reader: Viewer) {
        add(reader.role)
        add(reader.claims.count)
        for claim in reader.claims {
            add(claim.name)
            add(claim.value)
        }
    }
    mutating func add(_ key: [UInt8]) { KeyBytes.append(key, to: &bytes) }

    func finish() -> [UInt8] { Array(SHA256Digest(of: bytes.span).bytes.prefix(Self.count)) }
}
