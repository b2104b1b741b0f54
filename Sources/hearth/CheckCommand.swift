import ArgumentParser
import Foundation
import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import HTTPService
import JSONText
import Model

/// `hearth check --schema FILE [DOCUMENT…]`
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Checks schemas and documents against the GraphQL specification, and runs nothing.",
        discussion: """
            Each document is checked for itself; a fragment in one file is not seen in another. A file '-' is the standard input.
            Ends with 0 if nothing is wrong, with 1 if there are problems, with 2 if the check could not be made.
            """)

    /// How problems are told.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        /// `file:line:column: message`, a line each.
        case text
        /// A list of `{file, message, locations}`.
        case json
    }

    @Option(
        help: ArgumentHelp(
            "A file of the schema, in the schema definition language; once for each file. Standard: the register's own API.",
            valueName: "file"))
    var schema: [String] = []

    @Option(help: "How problems are told: text or json.")
    var format: Format = .text

    @Option(help: "The edition of the specification whose grammar is read: 2025 or 2026.")
    var edition: Edition = .september2026

    @Option(help: ArgumentHelp("The folder that holds Schema. Standard: where ./hearth lies.", valueName: "folder"))
    var root: String?

    @ArgumentParser.Argument(help: "Files that hold executable documents.")
    var documents: [String] = []

    /// How this command ends where the others end as `ExitStatus` says: what users' CI expects of a checker.
    static let problemsFound = ExitCode(1)
    static let couldNotRun = ExitCode(2)

    func validate() throws {
        if schema.isEmpty, documents.isEmpty { throw ValidationError("Name a schema, documents, or both.") }
        if (schema + documents).count(where: { $0 == "-" }) > 1 {
            throw ValidationError("The standard input can be one file only.")
        }
    }

    func run() throws {
        // Everything is read before anything is told: a file that is not there is no finding.
        let schemaFiles = try schema.map(file)
        let documentFiles = try documents.map(file)
        var check = SourceCheck(edition: edition)
        let known = schemaFiles.isEmpty ? try registerSchema() : check.schema(of: schemaFiles)
        if let known {
            for file in documentFiles { check.check(file, against: known) }
        }
        switch format {
        case .text:
            if !check.problems.isEmpty { Terminal.show(check.problems.map(Self.line).joined(separator: "\n")) }
        case .json: Terminal.show(String(decoding: Self.json(check.problems), as: UTF8.self))
        }
        if !check.problems.isEmpty { throw Self.problemsFound }
    }

    // MARK: Reading

    private func file(_ path: String) throws -> SourceCheck.File {
        if path == "-" { return ("-", Array(FileHandle.standardInput.readDataToEndOfFile())) }
        do {
            return (path, try RegisterFiles.bytes(of: path))
        } catch {
            Terminal.tell("hearth: \(error)")
            throw Self.couldNotRun
        }
    }

    private func registerSchema() throws -> Schema {
        let folder = RegisterOptions.folder("Schema/model", below: RegisterOptions.rootFolder(named: root))
        do {
            return try Register.model(in: folder).schema
        } catch {
            Terminal.tell("hearth: \(error)")
            throw Self.couldNotRun
        }
    }

    // MARK: Telling

    private static func line(_ problem: SourceProblem) -> String {
        let message = problem.message.split(whereSeparator: \.isNewline).joined(separator: " ")
        guard let first = problem.places.first else { return "\(problem.sourceName): \(message)" }
        let others = problem.places.dropFirst().prefix(20).map { place in
            (place.sourceName == first.sourceName ? "" : "\(place.sourceName):")
                + "\(place.location.line):\(place.location.column)"
        }
        return "\(first.sourceName):\(first.location.line):\(first.location.column): \(message)"
            + (others.isEmpty ? "" : " (and at \(others.joined(separator: ", ")))")
    }

    /// A place in another file than the problem's own says which.
    private static func json(_ problems: [SourceProblem]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for problem in problems {
            writer.separate()
            writer.beginObject()
            writer.name("file")
            writer.string(problem.sourceName)
            writer.name("message")
            writer.string(problem.message)
            writer.name("locations")
            writer.beginArray()
            for place in problem.places {
                writer.separate()
                writer.beginObject()
                if place.sourceName != problem.sourceName {
                    writer.name("file")
                    writer.string(place.sourceName)
                }
                writer.name("line")
                writer.int(place.location.line)
                writer.name("column")
                writer.int(place.location.column)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        return writer.finish()
    }
}
