import ArgumentParser
import Foundation
import HTTPService
import JSONText
import Query
import StoreColumns

/// `hearth explain RULE ID`
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says why a rule holds for a row, or why not.",
        discussion: """
            A rule is a saved question that lists rows by one 'where', a check of the model, or a derived Boolean field as Type.field. \
            Without RULE the rules are listed; without ID it is counted which condition fails how often (--by a field). \
            Ends with 0 where there is an answer, whatever the verdict, with 65 where there is none. How an answer is found is another \
            matter: hearth query --explain.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup var register: RegisterOptions

    @Option(help: ArgumentHelp("A data folder, instead of a sample or CSV files. It is not changed.", valueName: "folder"))
    var data: String?

    @OptionGroup var limits: LimitFlags
    @OptionGroup var parameters: ParameterOptions

    @Option(
        name: .customLong("as-of"),
        help: ArgumentHelp("The date on which what is asked is valid. Standard: today.", valueName: "date"))
    var asOf: String?

    @Option(name: .customLong("var"), help: ArgumentHelp("A variable of the rule; once for each.", valueName: "name=value"))
    var variables: [String] = []

    @Option(help: "How it is told: text or json.")
    var format: Format = .text

    @Option(help: ArgumentHelp("Rows of evidence shown for each condition. Standard: 5.", valueName: "number"))
    var evidence: Int?

    @Option(help: ArgumentHelp("Without ID: counts by this field too, as 'a' or 'a.b'.", valueName: "field"))
    var by: String?

    @Option(help: ArgumentHelp("Without ID: only rows for which these conditions hold, as 0,2.", valueName: "numbers"))
    var among: String?

    @Option(help: ArgumentHelp("Without ID: how many groups are shown.", valueName: "number"))
    var first: Int?

    @Flag(help: "Shows what fields hold that tell about a person.")
    var personal = false

    @Argument(help: "The rule.")
    var rule: String?

    @Argument(help: "The row's key, values of a composite one joined by |, or its global id.")
    var id: String?

    func validate() throws {
        if id != nil, by != nil || among != nil || first != nil {
            throw ValidationError("--by, --among and --first count over all rows and go without ID.")
        }
        if id == nil, evidence != nil { throw ValidationError("--evidence goes with ID.") }
        for variable in variables where !variable.contains("=") {
            throw ValidationError("--var is name=value; found '\(variable)'.")
        }
    }

    func run() throws {
        let values = LimitFlags.queryLimits(try limits.values())
        var date = register.today()()
        if let asOf {
            guard let given = CivilDate(isoText: asOf) else { throw ValidationError("--as-of is not a date as 2026-12-31.") }
            date = given
        }
        let numbers = try among.map { try Self.numbers($0) }
        let loaded = try OpenedRegister.open(register, DataOptions.reading(data))
        let questions = try register.questions(loaded.model, values)
        let document =
            rule == nil ? ExplanationDocuments.rules : id == nil ? ExplanationDocuments.failures : ExplanationDocuments.verdict
        let isGlobalID = id.map { loaded.model.row(named: $0) != nil } ?? false
        let answer = loaded.answer(
            document, variables: variablesText(isGlobalID: isGlobalID, among: numbers), limits: values, asOf: date,
            parameters: try parameters.scope(), questions: questions)
        if format == .json {
            Terminal.show(String(decoding: answer.body, as: UTF8.self))
        } else {
            let read = try ExplanationAnswer(reading: answer.body)
            if let errors = read.errors, !errors.isEmpty {
                for error in errors { Terminal.tell("hearth: \(error.message)") }
            } else {
                Terminal.show(ExplanationListing.text(read))
            }
        }
        if !answer.isWhole { throw ExitCode(ExitStatus.data.rawValue) }
    }

    private static func numbers(_ text: String) throws -> [Int] {
        try text.split(separator: ",").map { part in
            guard let number = Int(part) else { throw ValidationError("--among is a list of numbers as 0,2; found '\(text)'.") }
            return number
        }
    }

    private func variablesText(isGlobalID: Bool, among numbers: [Int]?) -> String {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        if let rule {
            writer.name("rule")
            writer.string(rule)
            writer.name("personal")
            writer.boolean(personal)
            writer.name("variables")
            writer.beginArray()
            for variable in variables {
                let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                writer.separate()
                writer.beginObject()
                writer.name("name")
                writer.string(String(parts[0]))
                writer.name("value")
                writer.string(String(parts[1]))
                writer.endObject()
            }
            writer.endArray()
        }
        if let id {
            writer.name(isGlobalID ? "id" : "key")
            writer.string(id)
        }
        for (name, number) in [("evidence", evidence), ("first", first)] {
            guard let number else { continue }
            writer.name(name)
            writer.int(number)
        }
        if let by {
            writer.name("by")
            writer.string(by)
        }
        if let numbers {
            writer.name("among")
            writer.beginArray()
            for number in numbers {
                writer.separate()
                writer.int(number)
            }
            writer.endArray()
        }
        writer.endObject()
        return String(decoding: writer.finish(), as: UTF8.self)
    }
}

/// Answers to `ExplanationDocuments` as lines.
enum ExplanationListing {
    static func text(_ answer: ExplanationAnswer) -> String {
        if let verdict = answer.data?.explain { return verdict.text }
        if let failures = answer.data?.explainFailures { return text(failures) }
        return (answer.data?.explainRules ?? []).map { rule in
            let title = [rule.titleZh, rule.titleEn].compactMap(\.self).joined(separator: " · ")
            return "\(rule.name)  \(rule.type)  \(title)" + (rule.rules.isEmpty ? "" : "  \(rule.rules.joined(separator: " "))")
        }.joined(separator: "\n")
    }

    private static func text(_ failures: ExplanationAnswer.Failures) -> String {
        var lines = ["\(failures.rule.name): which condition fails how often"]
        for condition in failures.conditions {
            let label = condition.label.map { " (\($0))" } ?? ""
            lines.append("  \(condition.number)  \(condition.expression)\(label)" + (condition.delimits ? "  [delimits]" : ""))
        }
        lines.append("")
        var table = [
            ["rows", "hold", "fail", "unknown"] + failures.conditions.map { "#\($0.number)" }
                + ["\(failures.byLabel ?? failures.by ?? "")"]
        ]
        func row(_ name: String, _ counts: ExplanationAnswer.Failures.Counts) -> [String] {
            [counts.rows, counts.holding, counts.failing, counts.unknown].map(String.init)
                + counts.conditions.map { "\($0.failing)" + ($0.unknown > 0 ? "+\($0.unknown)?" : "") } + [name]
        }
        table.append(row("all", failures.total))
        for group in failures.groups {
            table.append(row([group.key ?? "(none)", group.name].compactMap(\.self).joined(separator: " "), group.counts))
        }
        // What is long comes last, so that numbers stand under each other.
        let widths = table[0].indices.map { column in table.map { $0[column].unicodeScalars.count }.max() ?? 0 }
        for cells in table {
            let numbers = cells.dropLast().enumerated().map { column, cell in
                String(repeating: " ", count: widths[column] - cell.unicodeScalars.count) + cell
            }
            lines.append((numbers + [cells[cells.count - 1]]).joined(separator: "  "))
        }
        let rest = failures.groupCount - failures.groups.count
        if rest > 0 { lines.append("and \(rest) more groups (--first)") }
        return lines.joined(separator: "\n")
    }
}
