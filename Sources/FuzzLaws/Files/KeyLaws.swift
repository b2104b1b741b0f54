import Access
import StoreColumns

/// A file of keys is read and written as the same keys, or refused at a line; nobody comes in with what no key is.
enum KeyLaws {
    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        if let key = APIKey(bytes) { try checkShown(key, bytes) }
        let lineCount = bytes.count { $0 == 0x0A } + 1
        let file: KeyFile
        do throws(KeyFileError) {
            file = try KeyFile(reading: bytes, path: "/keys")
        } catch {
            if case .damaged(_, let line, let words) = error {
                try hold((1...lineCount).contains(line) && !words.isEmpty, "an error stands outside: \(error)")
            }
            return
        }
        do throws(KeyFileError) {
            let again = try KeyFile(reading: file.bytes, path: "/keys")
            guard again == file else { throw KeyFileError.absent("") }
        } catch {
            throw BrokenLaw("what is written of keys is not read as the same: \(error)")
        }
        try hold(Set(file.keys.map(\.id)).count == file.keys.count, "two keys have one id")
    }

    /// What is taken for a key is letters and digits, and no longer one with any of them another.
    private static func checkShown(_ key: APIKey, _ bytes: [UInt8]) throws(BrokenLaw) {
        try hold(bytes.starts(with: Array("hth_\(key.id)_".utf8)), "a key's id is not in its text")
        for index in bytes.indices {
            var other = bytes
            other[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            try hold(APIKey(other) == nil, "byte \(index) of a key may be another")
        }
    }
}
