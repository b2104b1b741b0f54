import JSONText

/// A text has tokens, or an error at a byte of it; what is written of the tokens has the same ones.
enum JSONLaws {
    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        let limits = JSONReader.Limits(depth: 20, members: 200)
        guard let tokens = try tokens(bytes, limits) else { return }
        try hold(isSkipped(bytes, limits), "what has tokens cannot be passed over")
        var writer = JSONWriter()
        var isMember = false
        for token in tokens {
            switch token {
            // What a name stands before, or what ends something, needs no comma.
            case .endObject, .endArray, .key: break
            default: if !isMember { writer.separate() }
            }
            isMember = false
            switch token {
            case .beginObject: writer.beginObject()
            case .endObject: writer.endObject()
            case .beginArray: writer.beginArray()
            case .endArray: writer.endArray()
            case .key(let name):
                writer.name(name)
                isMember = true
            case .string(let text): writer.string(text)
            case .number(let digits): writer.raw(Array(digits.utf8))
            case .boolean(let flag): writer.boolean(flag)
            case .null: writer.null()
            }
        }
        let written = writer.finish()
        try hold(try self.tokens(written, limits) == tokens, "what is written is not what was read")
    }

    /// That bytes are one JSON text, whatever its size.
    static func checkAnswer(_ bytes: [UInt8]) throws(BrokenLaw) {
        try hold(isSkipped(bytes, JSONReader.Limits(depth: 64, members: .max)), "an answer is no JSON")
    }

    private static func isSkipped(_ bytes: [UInt8], _ limits: JSONReader.Limits) -> Bool {
        var reader = JSONReader(bytes, limits: limits)
        do throws(JSONError) {
            try reader.skipValue()
            return try reader.next() == nil
        } catch {
            return false
        }
    }

    private static func tokens(_ bytes: [UInt8], _ limits: JSONReader.Limits) throws(BrokenLaw) -> [JSONToken]? {
        var reader = JSONReader(bytes, limits: limits)
        var tokens: [JSONToken] = []
        do throws(JSONError) {
            while let token = try reader.next() { tokens.append(token) }
            return tokens
        } catch {
            try hold((0...bytes.count).contains(error.byteOffset), "an error stands outside: \(error)")
            return nil
        }
    }
}
