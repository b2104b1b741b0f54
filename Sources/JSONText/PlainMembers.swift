/// Reads texts that are one object of texts, Booleans and nulls, as variables mostly are, without the state that a reader keeps.
///
/// Its law: what it reads, a `JSONReader` reads alike, but that a name may come twice here: whoever is told of the members has to compare
/// their names. Everything else, be it right or wrong, it leaves to that one.
package enum PlainMembers {
    /// Calls with each member in turn, until one is not wanted.
    /// - Returns: false where the text is anything else, or a member was not wanted; what was told before is then worth nothing.
    package static func read(_ bytes: Span<UInt8>, _ isWanted: (_ name: String, _ value: JSONToken) -> Bool) -> Bool {
        var place = 0
        guard passes(UInt8(ascii: "{"), bytes, &place) else { return false }
        if !passes(UInt8(ascii: "}"), bytes, &place) {
            repeat {
                guard let name = text(bytes, &place), passes(UInt8(ascii: ":"), bytes, &place),
                    let value = value(bytes, &place), isWanted(name, value)
                else { return false }
            } while passes(UInt8(ascii: ","), bytes, &place)
            guard passes(UInt8(ascii: "}"), bytes, &place) else { return false }
        }
        skipWhitespace(bytes, &place)
        return place == bytes.count
    }

    private static func value(_ bytes: Span<UInt8>, _ place: inout Int) -> JSONToken? {
        skipWhitespace(bytes, &place)
        guard place < bytes.count else { return nil }
        switch bytes[place] {
        case UInt8(ascii: "\""): return text(bytes, &place).map { .string($0) }
        case UInt8(ascii: "t"): return passes("true", bytes, &place) ? .boolean(true) : nil
        case UInt8(ascii: "f"): return passes("false", bytes, &place) ? .boolean(false) : nil
        case UInt8(ascii: "n"): return passes("null", bytes, &place) ? .null : nil
        default: return nil
        }
    }

    /// A string without escapes.
    private static func text(_ bytes: Span<UInt8>, _ place: inout Int) -> String? {
        guard passes(UInt8(ascii: "\""), bytes, &place) else { return nil }
        let end = EscapeScan.firstHit(in: bytes, from: place)
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return nil }
        do throws(UTF8.ValidationError) {
            let text = String(copying: try UTF8Span(validating: bytes.extracting(place..<end)))
            place = end + 1
            return text
        } catch {
            return nil
        }
    }

    /// Passes a byte behind white space, if it comes next.
    private static func passes(_ byte: UInt8, _ bytes: Span<UInt8>, _ place: inout Int) -> Bool {
        skipWhitespace(bytes, &place)
        guard place < bytes.count, bytes[place] == byte else { return false }
        place += 1
        return true
    }

    private static func passes(_ word: StaticString, _ bytes: Span<UInt8>, _ place: inout Int) -> Bool {
        let end = place + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        for byte in "\(word)".utf8 {
            guard bytes[place] == byte else { return false }
            place += 1
        }
        return true
    }

    private static func skipWhitespace(_ bytes: Span<UInt8>, _ place: inout Int) {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            default: return
            }
        }
    }
}
