import Bytes
import Exchange
import Foundation
import Generation
import Model
import Settings
import StoreColumns
import Testing

let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The recipe that ships, read once for all tests.
func shippedRecipe() throws -> GenerationRecipe { try recipeThatShips.get() }

private let recipeThatShips = Result {
    let path = repository.appending(path: "Schema/generate/register.yaml")
    return try GenerationRecipe(reading: Array(try Data(contentsOf: path)), file: "register.yaml")
}

func shippedModel() throws -> Model {
    let folder = repository.appending(path: "Schema/model").resolvingSymlinksInPath()
    let sources = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "graphql" }
        .sorted { $0.lastPathComponent < $1.lastPathComponent }
        .map { ModelSource(name: $0.lastPathComponent, bytes: Array(try Data(contentsOf: $0))) }
    return try Model(sources: sources, digest: "shipped")
}

/// A register in memory: the lines of every type, parts in their order.
struct MadeRegister {
    var files: [(file: RegisterGenerator.TypeFile, lines: [UInt8])]

    init(_ generator: RegisterGenerator) throws {
        files = generator.files.map { ($0, []) }
        for number in 0..<generator.partCount { append(try generator.part(number)) }
    }

    /// All parts made at the same time.
    init(_ generator: RegisterGenerator, workers: Int) async throws {
        var made: [GeneratedPart] = []
        try await generator.makeParts(workers: workers) { _, part in made.append(part) }
        files = generator.files.map { ($0, []) }
        for part in made { append(part) }
    }

    private mutating func append(_ part: GeneratedPart) {
        for position in files.indices { files[position].lines += part.lines[position] }
    }

    var sources: [SourceFile] {
        files.filter { !$0.lines.isEmpty }.map { SourceFile(name: $0.file.fileName, bytes: $0.file.heading + $0.lines) }
    }

    var text: [String: String] {
        Dictionary(
            uniqueKeysWithValues: files.map { ($0.file.type, String(decoding: $0.file.heading + $0.lines, as: UTF8.self)) })
    }

    var digest: String {
        var hasher = SHA256Hasher()
        for (file, lines) in files {
            hasher.update(file.heading.span)
            hasher.update(lines.span)
        }
        return hasher.digest.hexadecimal
    }

    /// The rows of a type, cells without quotes taken apart at commas: only for types without texts that hold any.
    func rows(_ type: String) -> [[String: String]] {
        let lines = (text[type] ?? "").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        guard let heading = lines.first else { return [] }
        return lines.dropFirst().map { Dictionary(zip(heading, $0)) { first, _ in first } }
    }
}

/// A recipe from a few lines.
func recipe(_ text: String) throws -> GenerationRecipe {
    try GenerationRecipe(reading: Array(text.utf8), file: "test.yaml")
}
