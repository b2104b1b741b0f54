import Bytes
import Exchange
import Foundation
import HTTPService
import Model
import Query
import Settings
import StoreColumns
import Testing

/// A sample archived for each masking profile of the shipped rules.
@Suite struct `Archives of a sample for the shipped profiles` {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)

    private struct Shipped: Sendable {
        var register: Register
        var sources: [ModelSource]
        var settings: AccessSettings
        var rules: [UInt8]
    }

    private static let shipped: Result<Shipped, any Error> = Result {
        let path = root + "Schema/access.yaml"
        let rules = try RegisterFiles.bytes(of: path)
        return Shipped(
            register: try Register.load(
                Register.Places(model: root + "Schema/model", rows: root + "Snapshots/edistrict"),
                publishedAt: Instant(microseconds: 1_700_000_000_000_000), asOf: try #require(CivilDate(isoText: "2025-07-31"))),
            sources: try ArchivedRegister.modelFiles(in: root + "Schema/model"),
            settings: try AccessSettings(reading: rules, file: path), rules: rules)
    }

    private let shipped: Shipped
    private let profiles: ArchiveProfiles
    private let files = MemoryFileSystem()

    init() throws {
        let shipped = try Self.shipped.get()
        let rules = SHA256Digest(of: shipped.rules.span).hexadecimal
        profiles = try ArchiveProfiles(shipped.settings, shipped.register.model, shipped.sources, rules: rules)
        self.shipped = shipped
    }

    private var version: GraphVersion { shipped.register.version }

    private func rows(_ type: NodeTypeID) -> [RowNumber] {
        var rows: [RowNumber] = []
        version[type].forEachRow { rows.append($0) }
        return rows
    }

    /// An area in which about half of the register lies.
    private func area() throws -> String {
        let model = shipped.register.model
        let area = try #require(model.type(named: "AdministrativeArea"))
        let towns = rows(area.nodeType).map { version.key(of: $0, type: area.nodeType) }
            .map { KeyText.text($0, of: area.nodeType, in: model.catalog) }.filter { $0.utf8.count == 12 && $0.hasSuffix("000") }
        return try #require(towns.sorted().first)
    }

    private func audience(_ role: String) throws -> ArchiveAudience {
        let profile = try #require(shipped.settings.profiles.first { $0.roles.contains { $0.value == role } })
        let needsArea = shipped.settings[role: role]?.claims.isEmpty == false
        let claims = needsArea ? [(name: "area", value: try area())] : []
        return try profiles.audience(
            try #require(try profiles.masking(profile.name.value, role: role, claims: claims)))
    }

    /// Texts and days of a version that somebody is shown as they are; and those about persons that he is not.
    private func texts(of audience: ArchiveAudience, _ seen: GraphVersion) throws -> (shown: Set<String>, hidden: Set<String>) {
        let model = shipped.register.model
        var (shown, hidden): (Set<String>, Set<String>) = ([], [])
        for type in model.types {
            for field in type.fields {
                guard let column = field.column else { continue }
                let kind = model.catalog[type.nodeType].columns[column].kind
                guard kind == .string || kind == .date else { continue }
                let isWhole = audience.masked.masks(column, of: type.nodeType) == false
                for row in rows(type.nodeType) {
                    guard let text = ValueText.text(ofColumn: column, at: row, of: type.nodeType, in: version) else { continue }
                    if isWhole, seen[type.nodeType].isLive(row) {
                        shown.insert(text)
                    } else if field.personal != nil, text.utf8.count >= 4 {
                        hidden.insert(text)
                    }
                }
            }
        }
        return (shown, hidden)
    }

    @Test(arguments: ["PUBLIC", "ARCHIVIST", "DEPT_HEALTH", "DEPT_CIVIL_AFFAIRS"])
    func `hold in no byte what tells of a person and is not shown, and are archived again as the same bytes`(role: String) throws
    {
        let audience = try audience(role)
        let terms = try audience.terms(of: version, asOf: version.publishedAt.day)
        let report = try RegisterArchive.write(terms, to: "/bag", on: files)
        #expect(report.rowCount > 0)
        let archive = try OpenedArchive(try Bag.examine("/bag", on: files))

        let (shown, hidden) = try texts(of: audience, terms.version)
        // What is shown elsewhere, or is a word of the model, is no secret.
        let known = Set(
            Sweep(Array(hidden)).hits(
                in: Array(shown.joined(separator: "\n").utf8) + shipped.sources.flatMap(\.bytes)))
        let secrets = hidden.subtracting(known)
        try #require(secrets.count > 500, "\(secrets.count)")
        let sweep = Sweep(Array(secrets))
        var looked = 0
        for entry in archive.bag.payload.map(\.path) + ["bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"] {
            let bytes = try files.contents(of: "/bag/" + entry, limit: 1 << 30)
            looked += bytes.count
            #expect(sweep.hits(in: bytes) == [], "\(entry)")
        }
        print(
            "swept: \(looked) bytes of an archive for \(role), \(secrets.count) texts in 13 forms; \(known.count) are shown elsewhere"
        )

        // The sweep finds what there is: everything stands in an archive of everything.
        if role == "PUBLIC" {
            let all = ArchiveTerms(model: shipped.register.model, modelFiles: shipped.sources, version: version)
            _ = try RegisterArchive.write(all, to: "/all", on: files)
            let persons = try files.contents(of: "/all/data/rows/Person.csv", limit: 1 << 30)
            #expect(sweep.hits(in: persons).count > 500)
            #expect(sweep.hits(in: Array("x\(Data(persons.prefix(4_000)).base64EncodedString())".utf8)).count > 10)
        }

        let again = try archive.load(audience.masked.model, workers: 2)
        let restored = ArchiveTerms(
            model: try Model(sources: audience.masked.sources, digest: ""), modelFiles: audience.masked.sources, version: again)
        #expect(try RegisterArchive.write(restored, to: nil, on: files) == report)
    }

    /// There is nobody in it to be counted: no row about a household or a person, and no row that refers to one or is counted by one.
    @Test func `of a public archive no cell of few follows, because it counts nobody`() throws {
        let masked = try audience("PUBLIC").masked
        #expect(masked.model.types.map(\.name).sorted() == ["AdministrativeArea", "PublicNotice"])
        for type in masked.model.types {
            for field in type.fields {
                #expect(field.personal == nil, "\(type.name).\(field.name)")
                if let column = field.column, let target = masked.model.catalog[type.nodeType].columns[column].kind.target {
                    #expect(
                        ["AdministrativeArea", "PublicNotice"].contains(masked.model[target].name), "\(type.name).\(field.name)")
                }
            }
        }
        let numbers = masked.model.types.flatMap { type in
            type.fields.filter { field in
                field.column.map {
                    switch masked.model.catalog[type.nodeType].columns[$0].kind {
                    case .int, .decimal, .float: true
                    default: false
                    }
                } ?? false
            }.map { "\(type.name).\($0.name)" }
        }
        // Which notice of a case it is.
        #expect(numbers == ["PublicNotice.ordinal"])
    }

    @Test func `are for profiles whose roles see rows, on every day the same, for no reason`() throws {
        #expect(shipped.settings.profiles.map(\.name.value) == ["DEPARTMENT", "ARCHIVE", "PUBLIC"])
        for name in shipped.settings.profiles.flatMap(\.roles) {
            let role = try #require(shipped.settings[role: name.value])
            let scopes = try RowScopes(
                role.scopes.map { ($0.type.value, $0.cel.value) }, claims: role.claims.map { ($0.name.value, .strings) },
                in: shipped.register.model)
            #expect(role.seesRows && role.reasonRequired.isEmpty && !scopes.readsDay, "\(name.value)")
        }
        // Who has archives written sees at least as much himself.
        #expect(shipped.settings.roles.filter { !$0.archives.isEmpty }.map(\.name.value) == ["ARCHIVIST"])
    }
}
