import Access
import ArgumentParser
import Bytes
import HTTPService
import StoreColumns

extension AuditCommand {
    /// `hearth audit who-read TYPE KEY`
    struct WhoRead: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "who-read", abstract: "Tells who was shown something sensitive about a row, when and why.",
            discussion: """
                One line for each answer: the line's number in the audit, when, key, role, classes and views, the stated reason. An answer about \
                more than a thousand rows holds no list of them: 'perhaps' says that it was about this one, or is the one in a hundred that \
                seems so. Whether the audit is whole is told by 'verify'.
                """)

        @OptionGroup var place: KeysCommand.Place

        @Argument(help: "The type of the row, as the model names it.")
        var type: String

        @Argument(help: "Its key; the parts of a key of several are joined by |.")
        var rowKey: String

        @Option(help: ArgumentHelp("The folder of the audit. Standard: the data folder's name with .audit.", valueName: "folder"))
        var folder: String?

        @Option(
            name: .customLong("class"),
            help: ArgumentHelp("Only this class of data; may be given several times.", valueName: "name"))
        var classes: [String] = []

        @Option(help: ArgumentHelp("From this day on, UTC.", valueName: "date"))
        var from: String?

        @Option(help: ArgumentHelp("Until this day, which counts.", valueName: "date"))
        var to: String?

        @Option(help: ArgumentHelp("Answers that are told at most.", valueName: "number"))
        var first = 1_000

        func validate() throws {
            for day in [from, to].compactMap(\.self) where CivilDate(isoText: day) == nil {
                throw ValidationError("'\(day)' is not a date as 2026-12-31.")
            }
            guard first > 0 else { throw ValidationError("--first is at least 1.") }
        }

        func run() throws {
            let digests = AuditDigests(key: try place.read().digestKey)
            var search = AuditSearch(limit: first)
            search.subject = digests.row(rowKey, of: type)
            search.kinds = Set(classes)
            search.from = from.flatMap { CivilDate(isoText: $0) }
            search.to = to.flatMap { CivilDate(isoText: $0) }
            let findings: AuditFindings
            do throws(AuditProblem) {
                findings = try search.run(
                    folder ?? place.data.map { AuditKeeping.standardPath(beside: $0) } ?? AuditCommand.standardFolder,
                    on: POSIXFileSystem())
            } catch {
                throw Failure(code: error.isStorage ? .system : .data, message: "\(error)")
            }
            for entry in findings.entries {
                let kinds = entry.classes.map { "\($0.kind):\($0.view)" }.joined(separator: ",")
                let words = [
                    "\(entry.number)", entry.at, entry.key, entry.role, kinds, entry.isPerhaps ? "perhaps" : "listed",
                    entry.statedReason,
                ]
                Terminal.show(words.map { $0.isEmpty ? "-" : $0 }.joined(separator: "\t"))
            }
            Terminal.tell(
                "\(findings.entries.count) answers in \(findings.lineCount) lines" + (findings.isCut ? "; there may be more" : "")
            )
        }
    }
}
