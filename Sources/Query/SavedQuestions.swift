import JSONText
import Model

/// The saved questions of a server, by name. Names are keys of a table, never paths.
package struct SavedQuestions: Sendable {
    /// In the order of their names.
    package let questions: [SavedQuestion]
    /// What there is to ask, as JSON.
    package let listing: [UInt8]
    private let places: [String: Int]

    /// Reads the files of `Schema/queries`.
    ///
    /// - Parameter files: Their names without `.graphql`, and their bytes.
    package init(
        files: [(name: String, bytes: [UInt8])], model: Model, limits: QueryLimits, language: QueryLanguage = QueryLanguage()
    ) {
        let questions = files.sorted { $0.name < $1.name }
            .map { SavedQuestion(name: $0.name, bytes: $0.bytes, schema: model.schema, limits: limits, language: language) }
        self.questions = questions
        places = Dictionary(questions.indices.map { (questions[$0].name, $0) }) { first, _ in first }
        listing = Self.listing(of: questions)
    }

    /// None.
    package init() {
        questions = []
        places = [:]
        listing = Self.listing(of: [])
    }

    package subscript(name: String) -> SavedQuestion? { places[name].map { questions[$0] } }

    private static func listing(of questions: [SavedQuestion]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for question in questions {
            writer.separate()
            writer.question(question)
        }
        writer.endArray()
        return writer.finish()
    }
}

extension JSONWriter {
    fileprivate mutating func question(_ question: SavedQuestion) {
        beginObject()
        name("name")
        string(question.name)
        member("titleZh", question.titleChinese)
        member("titleEn", question.titleEnglish)
        member("description", question.description)
        list("rules", question.rules)
        name("variables")
        beginArray()
        for variable in question.variables {
            separate()
            beginObject()
            name("name")
            string(variable.name)
            name("type")
            string(variable.typeText)
            name("isRequired")
            boolean(variable.isRequired)
            member("default", variable.defaultText)
            member("description", variable.description)
            endObject()
        }
        endArray()
        list("problems", question.problems)
        endObject()
    }

    private mutating func member(_ name: String, _ text: String?) {
        guard let text else { return }
        self.name(name)
        string(text)
    }

    private mutating func list(_ name: String, _ texts: [String]) {
        self.name(name)
        beginArray()
        for text in texts {
            separate()
            string(text)
        }
        endArray()
    }
}
