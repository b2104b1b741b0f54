import Foundation
import Model
import Testing

/// The top of the tree.
let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The SDL files of a folder, by name.
func files(of folder: URL) throws -> [ModelSource] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
    return try names.filter { $0.hasSuffix(".graphql") }.sorted().map { name in
        ModelSource(name: name, bytes: Array(try Data(contentsOf: folder.appending(path: name))))
    }
}

/// The saved questions that are shipped, of all roles' folders.
func questionFiles() throws -> [ModelSource] {
    let folder = root.appending(path: "Schema/queries")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).filter { !$0.contains(".") }
        .flatMap { try files(of: folder.appending(path: $0)) }.sorted { $0.name < $1.name }
}

let libraryFolder = root.appending(path: "Tests/ModelTests/Library")

/// A model of another subject than any that is shipped.
func library() throws -> Model { try Model(sources: try files(of: libraryFolder), digest: "library") }

/// The model that is shipped.
func shippedModel() throws -> Model {
    try Model(sources: try files(of: root.appending(path: "Schema/model")), digest: "shipped")
}

/// Compares a text with the file beside the test, or writes it there with RECORD=1.
func check(_ text: String, equalsFile file: URL, sourceLocation: SourceLocation = #_sourceLocation) throws {
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
        try text.write(to: file, atomically: true, encoding: .utf8)
        return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    let difference = zip(
        text.split(separator: "\n", omittingEmptySubsequences: false),
        expected.split(separator: "\n", omittingEmptySubsequences: false)
    )
    .enumerated().first { $1.0 != $1.1 }
    #expect(
        text == expected,
        "\(file.lastPathComponent) line \((difference?.offset ?? -1) + 1): found '\(difference?.element.0 ?? "")', expected '\(difference?.element.1 ?? "")'",
        sourceLocation: sourceLocation)
}
