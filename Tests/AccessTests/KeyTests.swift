import Access
import Bytes
import StoreColumns
import Testing

/// `Schema/formats/Keys.md`
@Suite struct `Keys` {
    static let text = "hth_Kd83nfQ2_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf_4PbLoH"
    static let digest = "b0bd65ed3119037a4dcbf6b8138eb2f09de18490e98a773a68f9353f0c0331cd"

    @Test func `a key is written as its page says`() throws {
        #expect(APIKey.text(id: "Kd83nfQ2", secret: Array(0..<32)) == Self.text)
        let key = try #require(APIKey(Array(Self.text.utf8)))
        #expect(key.id == "Kd83nfQ2")
        #expect(key.digest.hexadecimal == Self.digest)
    }

    @Test func `every secret has the length of the largest one`() {
        for secret in [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 255, count: 32)] {
            let text = APIKey.text(id: APIKey.id(.max), secret: secret)
            #expect(text.utf8.count == 63)
            #expect(APIKey(Array(text.utf8)) != nil)
        }
    }

    @Test func `no letter of a key can be another one`() {
        let bytes = Array(Self.text.utf8)
        for index in bytes.indices {
            for other in Array("0Az_-é\u{0}".utf8) where other != bytes[index] {
                var forged = bytes
                forged[index] = other
                #expect(APIKey(forged) == nil, "letter \(index) as \(other)")
            }
        }
        #expect(APIKey(Array(bytes.dropLast())) == nil)
        #expect(APIKey(bytes + [0x20]) == nil)
        #expect(APIKey([]) == nil)
    }
}

@Suite struct `A ring of keys` {
    static func record(_ text: String, expiresAt: Int64 = 1_000, revokedAt: Int64? = nil) throws -> KeyRecord {
        let key = try #require(APIKey(Array(text.utf8)))
        return KeyRecord(
            id: key.id, name: "a", role: "reader", digest: key.digest, addedAt: Instant(microseconds: 0),
            expiresAt: Instant(microseconds: expiresAt), revokedAt: revokedAt.map { Instant(microseconds: $0) })
    }

    @Test func `a key opens until its end, and not when it is revoked`() throws {
        let key = try #require(APIKey(Array(Keys.text.utf8)))
        let ring = KeyRing([try Self.record(Keys.text)])
        #expect(ring.check(key, at: Instant(microseconds: 999))?.id == "Kd83nfQ2")
        #expect(ring.check(key, at: Instant(microseconds: 1_000)) == nil)
        #expect(ring.usable("Kd83nfQ2", at: Instant(microseconds: 999)) != nil)
        #expect(ring.usable("Kd83nfQ2", at: Instant(microseconds: 1_000)) == nil)
        let revoked = KeyRing([try Self.record(Keys.text, revokedAt: 5)])
        #expect(revoked.check(key, at: Instant(microseconds: 6)) == nil)
        #expect(revoked.usableCount(at: Instant(microseconds: 6)) == 0)
        #expect(KeyRing.none.check(key, at: Instant(microseconds: 6)) == nil)
    }

    @Test func `another secret under a known id, and an unknown id, open nothing`() throws {
        let ring = KeyRing([try Self.record(Keys.text)])
        let now = Instant(microseconds: 1)
        for (id, first) in [("Kd83nfQ2", UInt8(1)), ("Kd83nfQ3", 0)] {
            let other = APIKey.text(id: id, secret: [first] + Array(1..<32))
            let key = try #require(APIKey(Array(other.utf8)))
            #expect(ring.check(key, at: now) == nil)
        }
    }
}

@Suite struct `Sessions of browsers` {
    let chance = Array<UInt8>(0..<32)

    @Test func `a token stands for its key until its time is over or it is ended`() {
        let sessions = Sessions(lifeMilliseconds: 1_000, countPerKey: 5)
        let token = sessions.begin(keyID: "a", chance: chance, now: Instant(microseconds: 0))
        #expect(token.utf8.count == 43)
        #expect(sessions.keyID(of: token.utf8, now: Instant(microseconds: 999_999)) == "a")
        #expect(sessions.keyID(of: Array(token.utf8.dropLast()) + [0x2D], now: Instant(microseconds: 1)) == nil)
        #expect(sessions.keyID(of: token.utf8, now: Instant(microseconds: 1_000_000)) == nil)
        #expect(sessions.count == 0)
        let second = sessions.begin(keyID: "a", chance: chance, now: Instant(microseconds: 0))
        sessions.end(second.utf8)
        #expect(sessions.keyID(of: second.utf8, now: Instant(microseconds: 1)) == nil)
    }

    @Test func `a further session of a key ends its oldest, and no other key's`() {
        let sessions = Sessions(lifeMilliseconds: 1_000_000, countPerKey: 2)
        let other = sessions.begin(keyID: "b", chance: chance, now: Instant(microseconds: 0))
        let tokens = (1...3).map { number in
            sessions.begin(keyID: "a", chance: [UInt8(number)] + chance.dropFirst(), now: Instant(microseconds: Int64(number)))
        }
        let now = Instant(microseconds: 9)
        #expect(tokens.map { sessions.keyID(of: $0.utf8, now: now) } == [nil, "a", "a"])
        #expect(sessions.keyID(of: other.utf8, now: now) == "b")
        #expect(sessions.count == 3)
    }
}

@Suite struct `Failed attempts` {
    @Test func `after so many within a minute an address waits until that minute is over`() {
        let failures = FailedAttempts(limit: 3)
        for second in 0..<3 {
            #expect(failures.secondsToWait("a", now: Instant(microseconds: Int64(second) * 1_000_000)) == nil)
            failures.note("a", now: Instant(microseconds: Int64(second) * 1_000_000))
        }
        #expect(failures.secondsToWait("a", now: Instant(microseconds: 3_000_000)) == 57)
        #expect(failures.secondsToWait("a", now: Instant(microseconds: 59_999_999)) == 1)
        #expect(failures.secondsToWait("b", now: Instant(microseconds: 3_000_000)) == nil)
        #expect(failures.secondsToWait("a", now: Instant(microseconds: 60_000_000)) == nil)
        failures.note("a", now: Instant(microseconds: 60_000_001))
        #expect(failures.secondsToWait("a", now: Instant(microseconds: 60_000_002)) == nil)
    }

    @Test func `the oldest address is forgotten where there are too many, and never the one that fails`() {
        let failures = FailedAttempts(limit: 1, addressLimit: 2)
        for (index, address) in ["a", "b", "c"].enumerated() { failures.note(address, now: Instant(microseconds: Int64(index))) }
        let now = Instant(microseconds: 10)
        #expect(["a", "b", "c"].map { failures.secondsToWait($0, now: now) != nil } == [false, true, true])
    }
}
