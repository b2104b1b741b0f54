import Expressions
import Foundation
import GraphQLTypes
import Model
import Query
import QueryPlanning
import StoreColumns
import Synchronization
import Testing

/// The top of the tree.
let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
let testFolder = root.appending(path: "Tests/QueryTests")

func model(in folder: URL) throws -> Model {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
    let sources = try names.filter { $0.hasSuffix(".graphql") }.sorted().map { name in
        ModelSource(name: name, bytes: Array(try Data(contentsOf: folder.appending(path: name))))
    }
    return try Model(sources: sources, digest: "test")
}

/// The model that most tests ask about.
let music: Model = {
    do { return try model(in: testFolder.appending(path: "Music")) } catch { preconditionFailure("\(error)") }
}()

let cursorKey: [UInt8] = Array(0..<32)

/// A register with the service that answers from it.
struct Desk {
    var service: QueryService
    var version: GraphVersion
    var asOf: CivilDate
    var viewer: Viewer = .local
    /// Every body that was answered, for who looks for what must not stand in any.
    var heard: Heard?

    init(
        _ model: Model, _ version: GraphVersion, asOf: CivilDate, limits: QueryLimits = QueryLimits(),
        versions: VersionSource = .none, seen: SeenVersions? = nil
    ) {
        service = QueryService(model: model, limits: limits, cursorKey: cursorKey, versions: versions, seen: seen)
        self.version = version
        self.asOf = asOf
    }

    init(_ graph: NaiveGraph, limits: QueryLimits = QueryLimits()) throws {
        self.init(music, try graph.version(), asOf: try #require(CivilDate(days: Int32(graph.asOf))), limits: limits)
    }

    func answer(
        _ document: String, variables: String = "{}", operationName: String? = nil, extensions: String? = nil,
        budget: Budget? = nil
    ) -> QueryAnswer {
        do throws(RequestError) {
            var request = try QueryRequest.parse(
                query: document, variables: variables, extensions: extensions, operationName: operationName,
                limits: service.limits)
            request.statedReason = "a test"
            let answer = service.answer(
                request, version: version, asOf: asOf, viewer: viewer, budget: budget ?? service.makeBudget())
            heard?.add(String(decoding: answer.body, as: UTF8.self))
            return answer
        } catch {
            return service.answer(error, version: version, asOf: asOf)
        }
    }

    final class Heard: Sendable {
        private let all = Mutex<[String]>([])
        var bodies: [String] { all.withLock { $0 } }
        func add(_ body: String) { all.withLock { $0.append(body) } }
    }

    /// The body as text.
    func ask(_ document: String, variables: String = "{}") -> String {
        String(decoding: answer(document, variables: variables).body, as: UTF8.self)
    }

    /// What stands under "data", parsed; everything must have gone well.
    func data(
        _ document: String, variables: String = "{}", extensions: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        let answer = answer(document, variables: variables, extensions: extensions)
        let body = try JSON(answer.body)
        #expect(answer.outcome == .data, "\(body["errors"]) for \(document)", sourceLocation: sourceLocation)
        return body["data"]
    }

    /// The errors, parsed.
    func errors(_ document: String, variables: String = "{}") throws -> [JSON] {
        try JSON(answer(document, variables: variables).body)["errors"].items
    }
}

/// JSON by Foundation's reader: not the code under test.
@dynamicMemberLookup struct JSON: CustomStringConvertible {
    var value: Any

    init(value: Any) { self.value = value }
    init(_ bytes: [UInt8]) throws {
        value = try JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
    }

    subscript(name: String) -> JSON { JSON(value: (value as? [String: Any])?[name] ?? NSNull()) }
    subscript(dynamicMember name: String) -> JSON { self[name] }
    subscript(index: Int) -> JSON { items.indices.contains(index) ? items[index] : JSON(value: NSNull()) }
    var items: [JSON] { (value as? [Any] ?? []).map { JSON(value: $0) } }
    var string: String? { value as? String }
    var int: Int? { (value as? NSNumber)?.intValue }
    var bool: Bool? { (value as? NSNumber)?.boolValue }
    var isNull: Bool { value is NSNull }
    var strings: [String] { items.compactMap(\.string) }
    var description: String {
        (try? JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys]))
            .map { String(decoding: $0, as: UTF8.self) } ?? "\(value)"
    }
}

extension NaiveGraph {
    /// The same register as the engine holds it.
    func version(number: UInt64 = 7) throws -> GraphVersion {
        let catalog = music.catalog
        var changes = ChangeSet()
        for type in music.types {
            let node = catalog[type.nodeType]
            var cells: [Cell] = []
            for row in rows[type.name] ?? [] {
                for column in node.columns { cells.append(try cell(row[column.name] ?? .null, column.kind)) }
            }
            changes.types.append(TypeChanges(type: type.nodeType, columns: Array(node.columns.indices), cells: cells))
        }
        let published = try #require(Instant(isoText: "2020-01-02T03:04:05Z"))
        return try GraphVersion.empty(catalog: catalog).applying(
            changes, number: number, publishedAt: published, problemLimit: 10)
    }

    private func cell(_ value: Value, _ kind: ColumnKind) throws -> Cell {
        switch (value, kind) {
        case (.null, _): .null
        case (.boolean(let flag), _): .boolean(flag)
        case (.int(let value), _): .int(Int32(value))
        case (.float(let value), _): .float(value)
        case (.decimal(let thousandths), .decimal(let digits)): .decimal(Int64(digits == 2 ? thousandths / 10 : thousandths))
        case (.date(let days), _): .date(Int32(days))
        case (.instant(let microseconds), _): .dateTime(Int64(microseconds))
        case (.string(let text), _): .string(text)
        case (.enumeration(let name), .enumeration(let id)): .enumeration(try #require(music.catalog[id].code(of: name)))
        case (.enumerations(let names), .enumerationList(let id)):
            .enumerationList(try names.map { try #require(music.catalog[id].code(of: $0)) })
        case (.row(let row), .reference(let target)): .reference(key(row, target))
        case (.rows(let rows), .referenceList(let target)): .referenceList(rows.map { key($0, target) })
        default: throw Mismatch()
        }
    }

    private struct Mismatch: Error {}

    private func key(_ row: Int, _ type: NodeTypeID) -> Key {
        let fields = rows[music.catalog[type].name]?[row] ?? [:]
        return Key(
            music.catalog[type].key.compactMap { index -> KeyPart? in
                let column = music.catalog[type].columns[index]
                switch (fields[column.name], column.kind) {
                case (.string(let text)?, _): return .string(text)
                case (.date(let days)?, _): return .date(Int32(days))
                case (.row(let row)?, .reference(let target)): return .reference(key(row, target))
                default: return nil
                }
            })
    }
}
