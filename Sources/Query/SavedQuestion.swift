import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import QueryPlanning

/// A question that stands in a file of `Schema/queries`, ready to be asked with the parameters of a URL. `api.md` §7
package struct SavedQuestion: Sendable {
    /// The file's name without `.graphql`: letters, digits, `_` and `-`, at most 64.
    package let name: String
    /// Who asks it first of all: the folder that its file stands in.
    package let role: String?
    package let titleChinese: String?
    package let titleEnglish: String?
    package let description: String?
    /// Ids of the rules that it answers for.
    package let rules: [String]
    /// The response key of the list that a table of it shows, where it has several.
    package let table: String?
    /// The file as it is.
    package let text: String
    package let variables: [Variable]
    /// Why it cannot be asked; empty where it can.
    package let problems: [String]

    package struct Variable: Sendable {
        package let name: String
        package let description: String?
        /// As written: `[Int!]!`.
        package let typeText: String
        /// The literal, as written.
        package let defaultText: String?
        /// Whether it must be given.
        package let isRequired: Bool
        let type: TypeReference
    }

    /// Names that a URL has for itself.
    package static let reservedParameters: Set<String> = ["asOf", "version", "knownAt", "labels", "profile", "explain"]

    package static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    // MARK: - Asking

    /// The question with the parameters of a URL, each decoded already.
    ///
    /// - Parameter parameters: Without those that the URL has for itself. An empty one is as good as absent, as forms send it.
    /// - Throws: An unknown or repeated parameter, or one that is not of its variable's type.
    package func request(fromURL parameters: [(name: String, value: String)]) throws(RequestError) -> QueryRequest {
        if let problem = problems.first {
            throw RequestError(
                .invalid, "The saved question '\(name)' cannot be asked: \(problem)", code: .graphQLValidationFailed)
        }
        var request = QueryRequest(document: Array(text.utf8), variables: try variables(fromURL: parameters))
        try request.takeParameters(fromURL: parameters)
        return request
    }

    /// The same with variables that a body gives as one JSON object; those of the URL stand beside them.
    package func request(
        fromURL parameters: [(name: String, value: String)], json body: [UInt8], limits: QueryLimits
    ) throws(RequestError) -> QueryRequest {
        var request = try request(fromURL: parameters)
        guard case .object(let given) = try InputValue(json: body, limits: limits, refusesLists: true) else {
            throw RequestError(.illFormedRequest, "The body is no JSON object of the question's variables.")
        }
        let unknown = given.entries.filter { entry in !variables.contains { $0.name == entry.name } }.map {
            self.unknown($0.name)
        }
        guard unknown.isEmpty else { throw RequestError(.badVariables, unknown) }
        for entry in given.entries where request.variables[entry.name] != nil {
            throw RequestError(
                .badVariables, "The variable '\(entry.name)' stands in the URL and in the body.", argumentPath: "$" + entry.name)
        }
        request.variables = InputObject(request.variables.entries + given.entries)
        return request
    }

    /// The variables that the parameters of a URL give.
    package func variables(fromURL parameters: [(name: String, value: String)]) throws(RequestError) -> InputObject {
        var texts: [String: [String]] = [:]
        var errors: [QueryError] = []
        for parameter in parameters
        where !Self.reservedParameters.contains(parameter.name) && !parameter.name.hasPrefix(QueryRequest.parameterPrefix) {
            guard variables.contains(where: { $0.name == parameter.name }) else {
                errors.append(unknown(parameter.name))
                continue
            }
            if !parameter.value.isEmpty { texts[parameter.name, default: []].append(parameter.value) }
        }
        var entries: [InputObject.Entry] = []
        for variable in variables {
            guard let given = texts[variable.name] else { continue }
            if variable.type.isList {
                let element = variable.type.element ?? variable.type
                entries.append(.init(name: variable.name, value: .list(given.map { Self.value($0, of: element, in: schema) })))
            } else if given.count > 1 {
                errors.append(
                    QueryError(
                        "The parameter '\(variable.name)' is given \(given.count) times; it is one value.", code: .badUserInput,
                        argumentPath: "$" + variable.name))
            } else {
                entries.append(.init(name: variable.name, value: Self.value(given[0], of: variable.type, in: schema)))
            }
        }
        guard errors.isEmpty else { throw RequestError(.badVariables, errors) }
        return InputObject(entries)
    }

    private func unknown(_ parameter: String) -> QueryError {
        let hint = language.introspects ? suggestion(for: parameter, among: variables.map(\.name)) : ""
        return QueryError(
            "The question '\(name)' has no parameter '\(parameter)'.\(hint)", code: .unknownParameter,
            argumentPath: "$" + parameter)
    }

    /// The text of a URL as a value that coercion understands: it says what does not fit. Input objects are JSON.
    private static func value(_ text: String, of type: TypeReference, in schema: Schema) -> InputValue {
        let named = schema[type.named]
        switch named.name {
        case "Boolean": return text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : .string(text)
        case "Int", "Float":
            if case .number(let number)? = json(text) { return .number(number) }
            return .string(text)
        default:
            if named.kind == .inputObject, case .object(let object)? = json(text) { return .object(object) }
            return .string(text)
        }
    }

    private static func json(_ text: String) -> InputValue? {
        do throws(RequestError) {
            return try InputValue(json: Array(text.utf8), limits: QueryLimits(), refusesLists: false)
        } catch {
            return nil
        }
    }

    // MARK: - Reading

    /// Reads a file. What is wrong with it is kept as its problems; it never stops the others.
    ///
    /// - Parameter namesakes: The folders of all files of this name.
    init(
        _ file: SavedQuestions.File, namesakes: [String], schema: Schema, limits: QueryLimits, language: QueryLanguage
    ) {
        let (name, bytes) = (file.name, file.bytes)
        self.name = name
        role = file.role
        self.schema = schema
        self.language = language
        let notes = QuestionNotes(bytes)
        titleChinese = notes["title-zh"]
        titleEnglish = notes["title-en"]
        description = notes["description"]
        rules = (notes["rules"] ?? "").split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
        table = notes["table"]
        text = String(decoding: bytes, as: UTF8.self)
        var problems: [String] = []
        var variables: [Variable] = []
        if namesakes.count > 1 {
            problems.append("Several files have its name, in \(namesakes.sorted().joined(separator: ", ")).")
        }
        if !Self.isName(name) { problems.append("Its name is not of letters, digits, '_' and '-', at most 64.") }
        do throws(QuestionProblems) {
            variables = try Self.variables(bytes, name: name, schema: schema, limits: limits, language: language)
        } catch {
            problems += error.messages
        }
        for variable in variables where Self.reservedParameters.contains(variable.name) {
            problems.append("The variable '$\(variable.name)' has a name that a URL has for itself.")
        }
        self.variables = variables
        self.problems = problems
    }

    private struct QuestionProblems: Error { var messages: [String] }

    /// Checks the document and reads what its one operation asks for.
    private static func variables(
        _ bytes: [UInt8], name: String, schema: Schema, limits: QueryLimits, language: QueryLanguage
    ) throws(QuestionProblems) -> [Variable] {
        guard let source = Source(validating: bytes, name: name) else { throw QuestionProblems(messages: ["It is not UTF-8."]) }
        let document: Document
        do throws(RequestError) {
            document = try ParsedDocument(source, limits: limits, language: language).validated(against: schema).document
        } catch {
            throw QuestionProblems(
                messages: error.errors.map { problem in
                    problem.message + (problem.locations.first.map { " (line \($0.line), column \($0.column))" } ?? "")
                })
        }
        let operations = document.definitions.compactMap { definition in
            if case .operation(let operation) = definition { operation } else { nil }
        }
        guard operations.count == 1, operations[0].kind == .query else {
            throw QuestionProblems(messages: ["A saved question is one query; the file has \(operations.count) operations."])
        }
        return document[operations[0].variables].compactMap { definition in
            guard let type = schema.typeReference(of: definition.type, in: document) else { return nil }
            return Variable(
                name: document[definition.name.id], description: definition.description.map { document.text(of: $0) },
                typeText: type.text(in: schema),
                defaultText: definition.defaultValue.map { document.source.text(document[$0].range) },
                isRequired: type.isNonNull && definition.defaultValue == nil, type: type)
        }
    }

    private let schema: Schema
    private let language: QueryLanguage
}

/// The notes in the comments that a file begins with: `# title-en: Rows under a share`
private struct QuestionNotes {
    private var values: [String: String] = [:]

    init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let line = String(decoding: line, as: UTF8.self)
            guard line.hasPrefix("#") else { break }
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = trimmed(line[line.index(after: line.startIndex)..<colon])
            let value = trimmed(line[line.index(after: colon)...])
            if !value.isEmpty { values[name] = value }
        }
    }

    subscript(name: String) -> String? { values[name] }

    private func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
