import ArgumentParser
import Expressions
import Foundation
import HTTPService
import Query
import Store
import StoreColumns

/// How a plan is explained on the command line.
enum ExplainFormat: String, ExpressibleByArgument { case text, json }

/// `hearth query 'DOCUMENT'`
struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Answers one question without a server.",
        discussion: "Ends with 0 if the answer holds data and no errors, with 65 if it holds errors.")

    @OptionGroup var register: RegisterOptions

    @Option(help: ArgumentHelp("A data folder, instead of a sample or CSV files. It is not changed.", valueName: "folder"))
    var data: String?

    @OptionGroup var limits: LimitFlags

    @Option(
        name: .customLong("as-of"),
        help: ArgumentHelp("The date on which what is asked is valid. Standard: today.", valueName: "date"))
    var asOf: String?

    @Option(help: ArgumentHelp("The variables, as a JSON object.", valueName: "json"))
    var variables: String?

    @OptionGroup var parameters: ParameterOptions

    @Option(help: ArgumentHelp("Which operation of the document.", valueName: "name"))
    var operation: String?

    @Option(
        help: ArgumentHelp(
            "How the answer is found: the steps with expected and actual rows and their time, as text in place of the answer, or as json in it.",
            valueName: "text|json"))
    var explain: ExplainFormat?

    @Argument(help: "A GraphQL document, or @FILE that holds one.")
    var document: String

    func run() throws {
        let values = LimitFlags.queryLimits(try limits.values())
        var date = register.today()()
        if let asOf {
            guard let given = CivilDate(isoText: asOf) else { throw ValidationError("--as-of is not a date as 2026-12-31.") }
            date = given
        }
        let loaded = try OpenedRegister.open(register, DataOptions.reading(data))
        let answer = loaded.answer(
            try text(), variables: variables, operationName: operation, limits: values, asOf: date,
            parameters: try parameters.scope(),
            explains: explain != nil)
        let body = String(decoding: answer.body, as: UTF8.self)
        print(explain == .text ? try Self.explanation(in: answer.body) ?? body : body)
        if !answer.isWhole { throw ExitCode(ExitStatus.data.rawValue) }
    }

    /// The text of the explanation in an answer; nil where it holds none.
    private static func explanation(in body: [UInt8]) throws -> String? {
        guard let value = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
            let extensions = value["extensions"] as? [String: Any], let explain = extensions["explain"] as? [String: Any]
        else { return nil }
        return explain["text"] as? String
    }

    private func text() throws -> String {
        guard document.hasPrefix("@") else { return document }
        let path = String(document.dropFirst())
        let bytes: [UInt8]
        do {
            bytes = try RegisterFiles.bytes(of: path)
        } catch {
            throw Failure(code: .system, message: "\(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(code: .data, message: "\(path) is not UTF-8; hearth check says where.")
        }
        return text
    }
}
