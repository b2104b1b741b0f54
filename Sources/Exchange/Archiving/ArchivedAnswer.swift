import JSONText
import Model
import StoreColumns

/// A question, what it was asked with, and what was answered, byte by byte.
package struct ArchivedAnswer: Sendable, Hashable {
    /// Of the saved question; nil where the document is none of the saved ones.
    package var name: String?
    package var document: [UInt8]
    /// A JSON object, as it was sent.
    package var variables: [UInt8]
    package var operationName: String?
    /// What the request said of parameters, by name.
    package var parameters: [String: String]
    package var asOf: CivilDate
    package var body: [UInt8]

    package init(
        name: String?, document: [UInt8], variables: [UInt8], operationName: String? = nil, parameters: [String: String] = [:],
        asOf: CivilDate, body: [UInt8]
    ) {
        self.name = name
        self.document = document
        self.variables = variables
        self.operationName = operationName
        self.parameters = parameters
        self.asOf = asOf
        self.body = body
    }
}

/// Where an answer lies in `data/`, and how what is no file of its own is written.
enum AnswerFiles {
    static let document = "question/document.graphql"
    static let variables = "question/variables.json"
    static let request = "question/request.json"
    static let answer = "question/answer.json"

    /// `{"name": …, "operationName": …, "asOf": …, "parameters": {…}}`
    static func request(of answer: ArchivedAnswer) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        if let name = answer.name {
            writer.name("name")
            writer.string(name)
        }
        if let name = answer.operationName {
            writer.name("operationName")
            writer.string(name)
        }
        writer.name("asOf")
        writer.string(answer.asOf.description)
        writer.name("parameters")
        writer.beginObject()
        for (name, text) in answer.parameters.sorted(by: { $0.key < $1.key }) {
            writer.name(name)
            writer.string(text)
        }
        writer.endObject()
        writer.endObject()
        return writer.finish() + [0x0A]
    }

    /// What `request(of:)` wrote; nil where it is anything else.
    static func read(_ bytes: [UInt8]) -> ArchivedAnswer? {
        var answer = ArchivedAnswer(name: nil, document: [], variables: [], asOf: CivilDate.earliest, body: [])
        var hasDate = false
        do throws(JSONError) {
            var reader = JSONReader(bytes)
            guard case .beginObject? = try reader.next() else { return nil }
            while case .key(let name)? = try reader.next() {
                switch (name, try reader.next()) {
                case ("name", .string(let text)?): answer.name = text
                case ("operationName", .string(let text)?): answer.operationName = text
                case ("asOf", .string(let text)?):
                    guard let date = CivilDate(isoText: text) else { return nil }
                    (answer.asOf, hasDate) = (date, true)
                case ("parameters", .beginObject?):
                    while case .key(let parameter)? = try reader.next() {
                        guard case .string(let text)? = try reader.next() else { return nil }
                        answer.parameters[parameter] = text
                    }
                default: return nil
                }
            }
        } catch {
            return nil
        }
        return hasDate ? answer : nil
    }
}
