import ArgumentParser
import Bytes
import Foundation
import Generation
import HTTPService
import Settings
import StoreColumns

/// `hearth generate --NAME N --seed S --out FOLDER`, or `--data FOLDER`, where NAME is what the recipe counts.
struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Makes a synthetic register of any size, as a folder of CSV files or as a data folder.",
        discussion: """
            What is made stands in a recipe, Schema/generate/register.yaml unless another is named. The recipe names what it counts,
            and that name is a flag too: --NAME 1000 is --rows NAME=1000. The same recipe, number, seed and day make the same
            bytes. A data folder (--data) is made without files in between, and what is made need not fit the machine's memory: while it
            grows it lies in files without a name in that folder, which are given back as its files are written.
            """)

    @Option(help: ArgumentHelp("How many of the rows that the recipe counts.", valueName: "name=number"))
    var rows: String

    @Option(help: "Another seed makes another register.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Where the CSV files go: a folder that is empty or not yet there.", valueName: "folder"))
    var out: String?

    @Option(
        help: ArgumentHelp("Where a data folder is made, as serve --data opens it: empty or not yet there.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("The folder of the model, for --data. Standard: Schema/model.", valueName: "folder"))
    var model: String?

    @Option(name: .customLong("as-of"), help: ArgumentHelp("The day of the register. Standard: the recipe's.", valueName: "date"))
    var asOf: String?

    @Option(help: ArgumentHelp("The recipe. Standard: Schema/generate/register.yaml.", valueName: "file"))
    var recipe: String?

    @Option(help: ArgumentHelp("How many parts are made at the same time. Standard: the machine's cores.", valueName: "number"))
    var workers: Int?

    @Flag(
        name: .customLong("despite-room"),
        help: "Makes a data folder although the disk has less room than it will need, as far as can be said in advance.")
    var ignoresRoom = false

    @Option(help: ArgumentHelp("The folder that holds Schema. Standard: where ./hearth lies.", valueName: "folder"))
    var root: String?

    /// Writes the flag that the recipe's name for its scale is as the one the parser knows.
    static func translated(_ arguments: [String]) -> [String] {
        guard arguments.first == configuration.commandName else { return arguments }
        let own: Set = [
            "rows", "seed", "out", "data", "model", "as-of", "recipe", "workers", "root", "despite-room", "help", "version",
        ]
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.drop { $0 == "-" }.split(separator: "=", maxSplits: 1).map(String.init)
            guard argument.hasPrefix("--"), let name = parts.first, !own.contains(name),
                let value = parts.count == 2 ? parts[1] : rest.first
            else {
                result.append(argument)
                continue
            }
            if parts.count == 1 { rest.removeFirst() }
            result += ["--rows", "\(name)=\(value)"]
        }
        return result
    }

    func validate() throws {
        if (out == nil) == (data == nil) { throw ValidationError("Either --out or --data says where the register goes.") }
        if model != nil, data == nil { throw ValidationError("--model goes with --data.") }
        if let workers, !(1...256).contains(workers) { throw ValidationError("--workers is a number from 1 to 256.") }
        if let asOf, CivilDate(isoText: asOf) == nil { throw ValidationError("--as-of is a day, 2017-06-30; found '\(asOf)'.") }
    }

    func run() async throws {
        let generator = try makeGenerator()
        do {
            if let data { return try await makeData(generator.recipe, generator.register, in: data) }
            if let out { try await makeFiles(generator.recipe, generator.register, in: out) }
        } catch let problem as FileError {
            throw Failure(code: .system, message: "\(problem)")
        } catch let problem as GenerationProblem {
            throw Failure(code: .configuration, message: "\(generator.recipe.file): \(problem)")
        }
    }

    var workerCount: Int { workers ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }

    private func makeFiles(_ recipe: GenerationRecipe, _ register: RegisterGenerator, in folder: String) async throws {
        var progress = ProgressLine()
        let writer = try FolderWriter(folder: folder, files: register.files)
        var rowCount = 0
        var done = 0
        try await register.makeParts(workers: workerCount) { number, part in
            try writer.append(part)
            rowCount += part.rowCounts.reduce(0, +)
            done += register.share(ofPart: number)
            show(&progress, done, rowCount, recipe, register)
        }
        progress.finish()
        try writer.finish(notice: notice(of: recipe, register))
        let seconds = progress.seconds
        Terminal.tell(
            "\(rowCount) rows, \(writer.byteCount) bytes in \(writer.fileCount) files in \(tenths(seconds)) s"
                + " (\(Int(Double(rowCount) / max(seconds, 0.001))) rows/s)")
    }

    func show(
        _ progress: inout ProgressLine, _ done: Int, _ rowCount: Int, _ recipe: GenerationRecipe, _ register: RegisterGenerator
    ) {
        let rate = Int(Double(rowCount) / max(progress.seconds, 0.001))
        progress.show(
            Double(done) / Double(register.scale),
            "\(done) of \(register.scale) \(recipe.scaleName.value), \(rowCount) rows, \(rate) rows/s")
    }

    func makeGenerator() throws(Failure) -> (recipe: GenerationRecipe, register: RegisterGenerator) {
        let path =
            self.recipe ?? RegisterOptions.folder("Schema/generate/register.yaml", below: RegisterOptions.rootFolder(named: root))
        do {
            let recipe = try GenerationRecipe(reading: try RegisterFiles.bytes(of: path), file: path)
            let parts = rows.split(separator: "=", maxSplits: 1).map(String.init)
            let name = recipe.scaleName.value
            guard parts.count == 2, parts[0] == name else {
                throw Failure(
                    code: .usage, message: "the recipe \(path) counts \(name): --\(name) 1000; found '--\(parts[0])'")
            }
            guard let count = Int(parts[1].filter { $0 != "_" }), (1...1_000_000_000).contains(count) else {
                throw Failure(code: .usage, message: "--\(name) is a number from 1 to 1_000_000_000; found '\(parts[1])'")
            }
            return (
                recipe,
                try RegisterGenerator(recipe, scale: count, seed: seed, asOf: asOf.flatMap { CivilDate(isoText: $0) })
            )
        } catch let problem as RegisterFiles.Problem {
            throw Failure(code: .system, message: "\(problem)")
        } catch let problems as SettingsErrors {
            throw Failure(code: .configuration, message: "The recipe cannot be used:\n\(problems)")
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(code: .system, message: "\(error)")
        }
    }

    private func notice(of recipe: GenerationRecipe, _ register: RegisterGenerator) -> String {
        """
        # A synthetic register

        \(recipe.notice ?? "Everything in it is invented.")

        Made by `hearth generate --\(recipe.scaleName.value) \(register.scale) --seed \(seed) --as-of \(register.asOf)` from the recipe
        `\(recipe.name)`; the same command makes the same bytes. `SHA256SUMS` holds the digest of every file.

        """
    }

    func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}

/// The files of a folder that is being made. A type without rows has no file.
private final class FolderWriter {
    private struct Open {
        var file: any File
        var byteCount = 0
        var hasher = SHA256Hasher()
    }
    private let folder: String
    private let files: [RegisterGenerator.TypeFile]
    private let system = POSIXFileSystem()
    private var open: [Open?]
    private(set) var byteCount = 0

    init(folder: String, files: [RegisterGenerator.TypeFile]) throws(Failure) {
        self.folder = folder
        self.files = files
        open = files.map { _ in nil }
        var isTaken = false
        do throws(FileError) {
            if try system.exists(folder) {
                isTaken = try !system.list(folder).isEmpty
            } else {
                try system.makeFolder(folder)
            }
        } catch {
            throw Failure(code: .system, message: "\(error)")
        }
        guard !isTaken else { throw Failure(code: .usage, message: "the folder \(folder) is not empty; name one that is") }
    }

    var fileCount: Int { open.count { $0 != nil } }

    func append(_ part: GeneratedPart) throws(FileError) {
        for (position, lines) in part.lines.enumerated() where !lines.isEmpty {
            var target: Open
            if let known = open[position] {
                target = known
            } else {
                target = Open(file: try system.open("\(folder)/\(files[position].fileName)", .new))
                try Self.write(files[position].heading, to: &target)
                byteCount += files[position].heading.count
            }
            try Self.write(lines, to: &target)
            byteCount += lines.count
            open[position] = target
        }
    }

    func finish(notice: String) throws(FileError) {
        var sums: [String] = []
        for (file, target) in zip(files, open) {
            guard let target else { continue }
            sums.append("\(target.hasher.digest.hexadecimal)  \(file.fileName)\n")
        }
        // By the files' names.
        sums.sort { $0.dropFirst(66) < $1.dropFirst(66) }
        for (name, text) in [("SHA256SUMS", sums.joined()), ("README.md", notice)] {
            let file = try system.open("\(folder)/\(name)", .new)
            try file.write(Array(text.utf8).span, at: 0)
        }
    }

    private static func write(_ bytes: [UInt8], to target: inout Open) throws(FileError) {
        try target.file.write(bytes.span, at: target.byteCount)
        target.hasher.update(bytes.span)
        target.byteCount += bytes.count
    }
}
