import Bytes
import Testing

@Suite struct `Digests` {
    @Test func `the SHA-256 of three letters is the one that FIPS 180-4 prints`() {
        #expect(
            SHA256Digest(of: Array("abc".utf8).span).hexadecimal
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func `the HMAC-SHA-256 of RFC 4231's second case is the printed one`() {
        let code = hmacSHA256(of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(code.prefix(4) == [0x5b, 0xdc, 0xc1, 0x46] && code.count == 32)
    }
}
