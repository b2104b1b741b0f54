import ArgumentParser
import Bytes
import Exchange
import Foundation
import HTTPService
import JSONText
import Model
import Query
import Store
import StoreColumns

/// `hearth redact TYPE KEY --data FOLDER --reason TEXT`
struct RedactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact", abstract: "Erases what tells about a person from every kept version and the journal.",
        discussion: """
            Clears every field of the row that the model marks @personal, or those named by --field; with --delete the row goes, and \
            every row that cannot be without it. Version numbers stay. No server may have the data open; as much room again as the \
            folder takes is needed. What was done, by whom and why is told in audit-redactions.jsonl in the folder. Backups and \
            exports are not reached, nor is what a disk or a file system keeps of removed files.
            """)

    @OptionGroup var register: ModelOptions

    @Argument(help: "The row's type; left out with --id.")
    var type: String?

    @Argument(help: "The row's key, the values of a composite one joined by |.")
    var key: String?

    @Option(help: ArgumentHelp("The row's global id, in place of type and key.", valueName: "id"))
    var id: String?

    @Option(help: ArgumentHelp("The data folder.", valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp("Why, for the audit. It must not hold what is erased.", valueName: "text"))
    var reason: String

    @Option(help: ArgumentHelp("Who, for the audit. Standard: the system's user.", valueName: "name"))
    var by: String?

    @Flag(help: "Deletes the row, and every row that has to refer to it, instead of clearing fields.")
    var delete = false

    @Option(help: ArgumentHelp("Clears this field; once for each. Standard: all that are @personal.", valueName: "name"))
    var field: [String] = []

    @Option(
        name: .customLong("max-redacted-rows"),
        help: ArgumentHelp("How many rows may go with --delete; more refuse the whole.", valueName: "number"))
    var rowLimit = 10_000

    @Option(
        name: .customLong("pseudonym-key"),
        help: ArgumentHelp(
            "A file of at least 32 bytes, kept elsewhere, with which the row's pseudonym can be told again. Standard: drawn by chance.",
            valueName: "file"))
    var pseudonymKey: String?

    @Flag(name: .customLong("dry-run"), help: "Only tells what would be erased.")
    var isDryRun = false

    func validate() throws {
        guard (id == nil) == (type != nil && key != nil), id == nil || type == nil else {
            throw ValidationError("A row is named by its type and key, or by --id.")
        }
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason needs words.") }
        if delete, !field.isEmpty { throw ValidationError("--delete erases the whole row; --field goes without it.") }
        if rowLimit < 1 { throw ValidationError("--max-redacted-rows is at least 1.") }
    }

    func run() throws {
        let (model, text) = try register.modelAndText()
        let row = try row(in: model)
        let pseudonym = try pseudonym(of: row, in: model)
        var options = DataOptions.storeOptions(model, text)
        options.storage = ArrowVersions()
        var redaction = Redaction(
            catalog: model.catalog, type: row.type, key: row.key,
            mode: delete ? .delete : .clear(try cleared(row.type, model, pseudonym)),
            personalColumns: model.types.map { type in type.fields.filter { $0.personal != nil }.compactMap(\.column) })
        redaction.rowLimit = rowLimit
        redaction.clearsHidden = field.isEmpty
        redaction.placeholder = "erased \(pseudonym)"
        let report: RedactionReport
        do {
            report = try Store.redact(data, redaction, options, isTrial: isDryRun) { report in
                audit(report, model[row.type].name, pseudonym)
            }
        } catch {
            throw Failure(error)
        }
        print(summary(report, pseudonym))
    }

    private func row(in model: Model) throws(Failure) -> (type: NodeTypeID, key: Key) {
        if let id {
            guard let row = model.row(named: id) else {
                throw Failure(code: .usage, message: "--id is no id of a row of this model")
            }
            return row
        }
        guard let name = type, let type = model.type(named: name) else {
            throw Failure(code: .usage, message: "the model has no type '\(type ?? "")'")
        }
        guard let key = model.key(key ?? "", of: type.nodeType) else {
            throw Failure(code: .usage, message: "this is no key of \(name)")
        }
        return (type.nodeType, key)
    }

    /// What stands in each field afterwards.
    private func cleared(_ id: NodeTypeID, _ model: Model, _ pseudonym: String) throws(Failure) -> [Int: Cell] {
        let type = model[id]
        for name in field where type.field(named: name)?.column == nil {
            throw Failure(code: .usage, message: "\(type.name) has no stored field '\(name)'")
        }
        let fields = type.fields.filter { field.isEmpty ? $0.personal != nil : field.contains($0.name) }
        var cleared: [Int: Cell] = [:]
        for field in fields {
            guard let column = field.column else { continue }
            let definition = model.catalog[id].columns[column]
            if model.catalog[id].key.contains(column) {
                throw Failure(
                    code: .usage, message: "'\(field.name)' is part of the key of a \(type.name); only --delete erases it")
            }
            if definition.isNullable {
                cleared[column] = .null
            } else if definition.kind == .string {
                cleared[column] = .string("erased \(pseudonym)")
            } else {
                throw Failure(
                    code: .usage, message: "every \(type.name) has '\(field.name)', and it is no text; only --delete erases it")
            }
        }
        guard !cleared.isEmpty else {
            throw Failure(code: .usage, message: "no field of \(type.name) is @personal; name some with --field, or use --delete")
        }
        return cleared
    }

    /// 96 bits that stand for the row.
    private func pseudonym(of row: (type: NodeTypeID, key: Key), in model: Model) throws(Failure) -> String {
        var bytes = (0..<12).map { _ in UInt8.random(in: 0...255) }
        if let pseudonymKey {
            let key: [UInt8]
            do {
                key = try RegisterFiles.bytes(of: pseudonymKey)
            } catch {
                throw Failure(code: .system, message: "\(error)")
            }
            guard key.count >= 32 else {
                throw Failure(code: .configuration, message: "\(pseudonymKey) has \(key.count) bytes; at least 32 are needed")
            }
            let text = "\(model[row.type].name)\n\(KeyText.text(row.key, of: row.type, in: model.catalog))"
            bytes = Array(hmacSHA256(of: Array(text.utf8), key: key).prefix(12))
        }
        return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    // MARK: - Telling

    /// One line of the audit: `Schema/formats/Redaction.md`.
    private func audit(_ report: RedactionReport, _ type: String, _ pseudonym: String) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.member("at", "\(Clock.now())")
        writer.member("by", by ?? NSUserName())
        writer.member("reason", reason)
        writer.member("mode", delete ? "delete" : "clear")
        writer.member("type", type)
        writer.member("row", pseudonym)
        if !delete {
            writer.name("fields")
            writer.beginArray()
            for name in field {
                writer.separate()
                writer.string(name)
            }
            writer.endArray()
        }
        writer.name("rowCounts")
        writer.beginObject()
        for (name, count) in report.rowCounts.sorted(by: { $0.key < $1.key }) {
            writer.name(name)
            writer.int(count)
        }
        writer.endObject()
        for (name, count) in [
            ("records", report.recordCount), ("changeNames", report.changeNameCount), ("notes", report.noteCount),
        ] {
            writer.name(name)
            writer.int(count)
        }
        writer.name("files")
        writer.beginArray()
        for file in report.files {
            writer.separate()
            writer.beginObject()
            writer.member("name", file.name)
            if let digest = file.oldDigest { writer.member("old", digest) }
            if let digest = file.newDigest { writer.member("new", digest) }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.finish()
    }

    private func summary(_ report: RedactionReport, _ pseudonym: String) -> String {
        let rows = report.rowCounts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        var lines = [
            "\(isDryRun ? "would be erased" : "erased"): \(rows), from \(report.versions.count) snapshots "
                + "and \(report.recordCount) changes of the journal"
        ]
        if report.changeNameCount + report.noteCount > 0 {
            lines.append("and from \(report.changeNameCount) names and \(report.noteCount) notes of changes")
        }
        if !isDryRun {
            lines.append("the row's pseudonym in \(StoreOptions.redactionAuditName): \(pseudonym)")
            lines.append("not reached: backups (hearth backup), exports, and what clients have kept; erase these where they are")
        }
        return lines.joined(separator: "\n")
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }
}
