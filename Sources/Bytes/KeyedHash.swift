/// SipHash (Aumasson and Bernstein) with one round a word and three at the end: a hash that nobody can steer who does not
/// know the key, so that chosen keys cannot make a table slow.
package struct KeyedHash: Sendable, Hashable {
    private let key0: UInt64
    private let key1: UInt64
    private let wordRounds: Int
    private let finalRounds: Int

    /// - Parameters `key0`, `key1`: the key; whoever opens the data hands it in.
    package init(key0: UInt64, key1: UInt64, wordRounds: Int = 1, finalRounds: Int = 3) {
        self.key0 = key0
        self.key1 = key1
        self.wordRounds = wordRounds
        self.finalRounds = finalRounds
    }

    /// The hash of a byte string, as the published algorithm gives it.
    package func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var state = State(key0, key1)
        var place = 0
        while place + 8 <= bytes.count {
            state.absorb(bytes.word(at: place), rounds: wordRounds)
            place += 8
        }
        var last = UInt64(truncatingIfNeeded: bytes.count) << 56
        if place < bytes.count, bytes.count >= 8 {
            last |= bytes.word(at: bytes.count - 8) >> UInt64(truncatingIfNeeded: 8 * (8 - (bytes.count - place)))
        } else {
            for index in place..<bytes.count { last |= UInt64(bytes[index]) << UInt64(8 * (index - place)) }
        }
        state.absorb(last, rounds: wordRounds)
        return state.finish(rounds: finalRounds)
    }

    /// The hash of a list of words: that of their little-endian bytes.
    package func hash(_ words: Span<UInt64>) -> UInt64 {
        var state = State(key0, key1)
        for index in words.indices { state.absorb(words[index], rounds: wordRounds) }
        state.absorb(UInt64(truncatingIfNeeded: words.count * 8) << 56, rounds: wordRounds)
        return state.finish(rounds: finalRounds)
    }

    /// The hash of the first `count` of four words.
    package func hash(_ words: SIMD4<UInt64>, count: Int) -> UInt64 {
        var state = State(key0, key1)
        for index in 0..<count { state.absorb(words[index], rounds: wordRounds) }
        state.absorb(UInt64(truncatingIfNeeded: count * 8) << 56, rounds: wordRounds)
        return state.finish(rounds: finalRounds)
    }

    /// The hash of one word.
    package func hash(_ word: UInt64) -> UInt64 {
        var state = State(key0, key1)
        state.absorb(word, rounds: wordRounds)
        state.absorb(8 << 56, rounds: wordRounds)
        return state.finish(rounds: finalRounds)
    }

    /// With a key that Swift draws for each process, for whoever has no better one.
    package static let ofProcess = KeyedHash(
        key0: UInt64(truncatingIfNeeded: 0.hashValue), key1: UInt64(truncatingIfNeeded: 1.hashValue))

    private struct State {
        var v0, v1, v2, v3: UInt64

        init(_ key0: UInt64, _ key1: UInt64) {
            v0 = key0 ^ 0x736f_6d65_7073_6575
            v1 = key1 ^ 0x646f_7261_6e64_6f6d
            v2 = key0 ^ 0x6c79_6765_6e65_7261
            v3 = key1 ^ 0x7465_6462_7974_6573
        }

        @inline(__always)
        mutating func absorb(_ word: UInt64, rounds: Int) {
            v3 ^= word
            for _ in 0..<rounds { round() }
            v0 ^= word
        }

        @inline(__always)
        mutating func finish(rounds: Int) -> UInt64 {
            v2 ^= 0xFF
            for _ in 0..<rounds { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        @inline(__always)
        mutating func round() {
            v0 = v0 &+ v1
            v1 = (v1 << 13 | v1 >> 51) ^ v0
            v0 = v0 << 32 | v0 >> 32
            v2 = v2 &+ v3
            v3 = (v3 << 16 | v3 >> 48) ^ v2
            v0 = v0 &+ v3
            v3 = (v3 << 21 | v3 >> 43) ^ v0
            v2 = v2 &+ v1
            v1 = (v1 << 17 | v1 >> 47) ^ v2
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
