import Bytes
import GraphQLTypes
import JSONText
import Query
import QueryPlanning

/// A cursor that was not given is refused. One that was sealed with our key, whatever stands in it, is a place in its list or is refused.
enum CursorLaws {
    /// A flag and the text of a cursor, or what is to be put into a sealed one.
    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        var input = FuzzInput(bytes)
        let isSealed = input.byte() & 1 == 1
        let rest = input.rest()
        let text: String
        if isSealed {
            // Format, version and list as they were given, another key; or all of it another.
            let header = Array(genuine.prefix(25))
            let payload = rest.first.map { $0 & 1 == 0 } ?? true ? header + rest.dropFirst() : Array(rest.dropFirst())
            text = String(decoding: Base64.url.encode(payload + seal(payload)), as: UTF8.self)
        } else {
            guard let given = String(validating: rest, as: UTF8.self) else { return }
            text = given
        }
        let answer = try ask(after: text)
        try JSONLaws.checkAnswer(answer.body)
        try hold(try ask(after: text).body == answer.body, "the same cursor has two answers")
        if !isSealed, text != String(decoding: Base64.url.encode(genuine + seal(genuine)), as: UTF8.self) {
            try hold(answer.outcome != .data, "a cursor that nobody gave is taken: \(text)")
        }
    }

    /// Of the first exhibit: what is sealed.
    private static let genuine: [UInt8] = {
        let request = QueryRequest(document: Array("{ exhibits(first: 1) { edges { cursor } } }".utf8))
        guard let body = try? RequestLaws.answer(request).body, let text = cursor(in: body),
            let bytes = Base64.url.decode(text.utf8), bytes.count > 41
        else { preconditionFailure("the sample gives no cursor") }
        let payload = Array(bytes.dropLast(16))
        precondition(seal(payload) == Array(bytes.suffix(16)), "cursors are sealed in another way")
        return payload
    }()

    /// As it was given; the same, sealed anew with its key and with all of it.
    static var samples: [[UInt8]] {
        [[0] + Base64.url.encode(genuine + seal(genuine)), [1, 0] + genuine.dropFirst(25), [1, 1] + genuine]
    }

    private static func seal(_ payload: [UInt8]) -> [UInt8] {
        Array(hmacSHA256(of: payload, key: RequestLaws.cursorKey).prefix(16))
    }

    private static func cursor(in body: [UInt8]) -> String? {
        var reader = JSONReader(body)
        var isNext = false
        while let token = try? reader.next() {
            if isNext, case .string(let text) = token { return text }
            isNext = token == .key("cursor")
        }
        return nil
    }

    private static func ask(after cursor: String) throws(BrokenLaw) -> QueryAnswer {
        try RequestLaws.answer(
            QueryRequest(
                document: Array("query($c: String) { exhibits(first: 1, after: $c) { edges { cursor } } }".utf8),
                variables: InputObject([InputObject.Entry(name: "c", value: .string(cursor))])))
    }
}
