import ArgumentParser
import Expressions
import HTTPService
import Query
import Store
import StoreColumns

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
        let loaded = try OpenedRegister.open(register, DataOptions.reading(data))
        let answer = loaded.answer(try text(), variables: variables, operationName: operation, limits: values, asOf: date)
        print(String(decoding: answer.body, as: UTF8.self))
        if !answer.isWhole { throw ExitCode(ExitStatus.data.rawValue) }
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
