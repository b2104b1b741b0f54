import ArgumentParser
import Expressions
import HTTPService
import Query
import StoreColumns

/// `hearth query 'DOCUMENT'`
struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Answers one question without a server.",
        discussion: "Ends with 0 if the answer holds data and no errors, with 65 if it holds errors.")

    @OptionGroup var register: RegisterOptions
    @OptionGroup var limits: LimitFlags

    @Option(
        name: .customLong("as-of"),
        help: ArgumentHelp("The date on which what is asked is valid. Standard: today.", valueName: "date"))
    var asOf: String?

    @Option(help: ArgumentHelp("The variables, as a JSON object.", valueName: "json"))
    var variables: String?

    @Option(help: ArgumentHelp("Which operation of the document.", valueName: "name"))
    var operation: String?

    @Argument(help: "A GraphQL document, or @FILE that holds one.")
    var document: String

    func run() throws {
        let values = LimitFlags.queryLimits(try limits.values())
        var date = register.today()()
        if let asOf {
            guard let given = CivilDate(isoText: asOf) else { throw ValidationError("--as-of is not a date as 2026-12-31.") }
            date = given
        }
        let loaded = try register.load()
        let queries = QueryService(model: loaded.model, limits: values, cursorKey: [UInt8](repeating: 0, count: 32))
        let text = try text()
        let answer: (isWhole: Bool, body: [UInt8])
        do throws(RequestError) {
            let request = try QueryRequest.parse(
                query: text, variables: variables, extensions: nil, operationName: operation, limits: values)
            let given = queries.answer(
                request, version: loaded.version, asOf: date, viewer: QueryService.localViewer, budget: queries.makeBudget())
            answer = (given.outcome == .data, given.body)
        } catch {
            answer = (false, error.body)
        }
        print(String(decoding: answer.body, as: UTF8.self))
        if !answer.isWhole { throw ExitCode(ExitStatus.data.rawValue) }
    }

    private func text() throws -> String {
        guard document.hasPrefix("@") else { return document }
        do {
            return String(decoding: try RegisterFiles.bytes(of: String(document.dropFirst())), as: UTF8.self)
        } catch {
            throw Failure(code: .system, message: "\(error)")
        }
    }
}
