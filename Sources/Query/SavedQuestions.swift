import JSONText
import Model

/// The saved questions of a server, by name. Names are keys of a table, never paths.
package struct SavedQuestions: Sendable {
    /// In the order of their names.
    package let questions: [SavedQuestion]
    /// What there is to ask, as JSON.
    package let listing: [UInt8]
    private let files: [File]
    private let places: [String: Int]

    /// A file of `Schema/queries`, or of a folder right below it.
    package struct File: Sendable {
        /// Without `.graphql`.
        package var name: String
        /// The folder's name: who asks the question first of all. Nil for a file outside of such a folder.
        package var role: String?
        package var bytes: [UInt8]

        package init(name: String, role: String? = nil, bytes: [UInt8]) {
            self.name = name
            self.role = role
            self.bytes = bytes
        }
    }

    /// Reads the files of `Schema/queries`. Of files with one name, in several folders, none can be asked.
    package init(files: [File], model: Model, limits: QueryLimits, language: QueryLanguage = QueryLanguage()) {
        self.files = files
        let folders = Dictionary(grouping: files, by: \.name).mapValues { $0.map { $0.role ?? "." } }
        let questions = files.sorted { ($0.name, $0.role ?? "") < ($1.name, $1.role ?? "") }
            .map { file in
                SavedQuestion(
                    file, namesakes: folders[file.name] ?? [], schema: model.schema, limits: limits, language: language)
            }
        self.questions = questions
        places = Dictionary(questions.indices.map { (questions[$0].name, $0) }) { first, _ in first }
        listing = Self.listing(of: questions)
    }

    /// None.
    package init() {
        questions = []
        files = []
        places = [:]
        listing = Self.listing(of: [])
    }

    /// Those that the model of a role can answer too; what does not fit it is left out, as if there were no such question.
    ///
    /// - Parameter names: Of those that may be asked; nil for all.
    package func fitting(
        _ model: Model, limits: QueryLimits, language: QueryLanguage = QueryLanguage(), only names: Set<String>? = nil
    ) -> SavedQuestions {
        let named = files.filter { names?.contains($0.name) != false }
        let all = SavedQuestions(files: named, model: model, limits: limits, language: language)
        let usable = Set(all.questions.filter { $0.problems.isEmpty }.map(\.name))
        return SavedQuestions(
            files: named.filter { usable.contains($0.name) }, model: model, limits: limits, language: language)
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
        member("role", question.role)
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
