import Exchange
import Foundation
import Model
import Query
import StoreColumns
import Testing

/// The sample registers: the engine's, loaded from their files, and the files themselves, cut into cells by the plainest code. Where none
/// is named it is the first.
enum Sample: String, CaseIterable {
    case hanyang, edistrict, dongzhou

    static let folder = hanyang.folder
    var folder: URL { root.appending(path: "Snapshots/\(rawValue)/data/rows") }

    private static let shipped: Result<Model, any Error> = Result {
        try QueryTests.model(in: root.appending(path: "Schema/model"))
    }
    private static let versions: [Sample: Result<GraphVersion, any Error>] = [
        .hanyang: Result { try hanyang.read() }, .edistrict: Result { try edistrict.read() },
        .dongzhou: Result { try dongzhou.read() },
    ]

    private func read() throws -> GraphVersion {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted()
        let files = try names.map { SourceFile(name: $0, bytes: Array(try Data(contentsOf: folder.appending(path: $0)))) }
        let model = try Self.shipped.get()
        return try Importer(model: model).read(files).apply(
            to: .empty(catalog: model.catalog), number: 1, publishedAt: Instant(microseconds: 0),
            asOf: CivilDate(isoText: "2025-12-31"))
    }

    static func desk(asOf: String) throws -> Desk { try hanyang.desk(asOf: asOf) }

    func desk(asOf: String) throws -> Desk {
        try Desk(Self.shipped.get(), #require(Self.versions[self]).get(), asOf: #require(CivilDate(isoText: asOf)))
    }

    static func rows(_ type: String) throws -> [[String: String]] { try hanyang.rows(type) }

    static func question(_ name: String) throws -> String {
        let file = try #require(questionFiles().first { $0.name == name }, "a question '\(name)'")
        return String(decoding: file.bytes, as: UTF8.self)
    }

    /// The saved questions that are shipped: a folder for each role.
    static func questionFiles() throws -> [SavedQuestions.File] {
        let folder = root.appending(path: "Schema/queries")
        var files: [SavedQuestions.File] = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted() {
            let parts = path.split(separator: "/").map(String.init)
            guard parts.count == 2, parts[1].hasSuffix(".graphql") else { continue }
            let bytes = Array(try Data(contentsOf: folder.appending(path: path)))
            files.append(.init(name: String(parts[1].dropLast(8)), role: parts[0], bytes: bytes))
        }
        return files
    }

    /// The rows of a file, as cells by heading. RFC 4180.
    func rows(_ type: String) throws -> [[String: String]] {
        let text = try String(contentsOf: folder.appending(path: type + ".csv"), encoding: .utf8)
        var rows: [[String]] = [[]]
        var cell = ""
        var isQuoted = false
        var characters = text.unicodeScalars.makeIterator()
        var next = characters.next()
        while let scalar = next {
            next = characters.next()
            switch scalar {
            case "\"" where isQuoted && next == "\"":
                cell.unicodeScalars.append(scalar)
                next = characters.next()
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                rows[rows.count - 1].append(cell)
                cell = ""
            case "\n" where !isQuoted:
                rows[rows.count - 1].append(cell)
                cell = ""
                rows.append([])
            case "\r" where !isQuoted: break
            default: cell.unicodeScalars.append(scalar)
            }
        }
        let headings = rows[0]
        return rows.dropFirst().filter { $0.count == headings.count }.map { Dictionary(uniqueKeysWithValues: zip(headings, $0)) }
    }
}
