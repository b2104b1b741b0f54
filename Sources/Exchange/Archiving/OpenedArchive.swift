import Bytes
import Model
import StoreColumns

/// A bag that is an archive of ours, its files checked and its rows not yet read.
package struct OpenedArchive: Sendable {
    package let bag: Bag
    package let version: UInt64
    package let publishedAt: Instant
    package let asOf: CivilDate
    /// For whom its rows are masked; nil: it holds everything.
    package let masking: Masking?
    package let contentDigest: SHA256Digest
    package let rowCount: Int
    /// Nil where it holds no question.
    package let answer: ArchivedAnswer?

    package var modelFolder: String { "\(bag.path)/\(Bag.payloadFolder)/\(RegisterArchive.modelFolder)" }

    /// - Throws: What keeps the bag from being an archive that can be read.
    package init(_ bag: Bag) throws(BagProblems) {
        self.bag = bag
        var problems = BagProblems()
        func read<Value>(_ label: String, _ expected: String, _ make: (String) -> Value?) -> Value? {
            guard let text = bag.info[label] else {
                problems.add(.info(label: label, reason: "is missing; without it this is no archive of a register"))
                return nil
            }
            if let value = make(text) { return value }
            problems.add(.info(label: label, reason: "is '\(text.prefix(80))'; expected \(expected)"))
            return nil
        }
        let newest = RegisterArchive.maskedFormatNumber
        let format = read(RegisterArchive.Label.format, "a format up to \(newest)") { text in
            Int(text).flatMap { (1...newest).contains($0) ? $0 : nil }
        }
        let version = read(RegisterArchive.Label.version, "a number", UInt64.init)
        let publishedAt = read(RegisterArchive.Label.publishedAt, "an instant as 2026-12-31T08:00:00Z") { Instant(isoText: $0) }
        let asOf = read(RegisterArchive.Label.asOf, "a date as 2026-12-31") { CivilDate(isoText: $0) }
        let rowCount = read(RegisterArchive.Label.rowCount, "a number") { Int($0) }
        let content = read(RegisterArchive.Label.content, "64 hexadecimal digits") { SHA256Digest(hexadecimal: $0) }
        let profile = read(RegisterArchive.Label.profile, "the name of a profile") { Masking.isName($0) ? $0 : nil }
        let isMasked = profile.map { $0 != Masking.unmasked } ?? false
        let role = isMasked ? read(RegisterArchive.Label.role, "the name of a role") { Masking.isName($0) ? $0 : nil } : nil
        let rules =
            isMasked
            ? read(RegisterArchive.Label.rules, "64 hexadecimal digits") { SHA256Digest(hexadecimal: $0)?.hexadecimal } : nil
        if let format, profile != nil, isMasked != (format == newest) {
            problems.add(
                .info(
                    label: RegisterArchive.Label.format,
                    reason:
                        "is \(format), and the profile \(profile ?? ""); masked archives have format \(newest), others have not"))
        }
        let answer = Self.answer(in: bag, &problems)
        guard problems.isEmpty, format != nil, let version, let publishedAt, let asOf, let rowCount, let content, let profile
        else {
            throw problems
        }
        let found = RegisterArchive.contentDigest(of: bag.payload)
        guard found == content else {
            throw BagProblems(
                .info(
                    label: RegisterArchive.Label.content,
                    reason: "is \(content.hexadecimal.prefix(16))…; rows and model have \(found.hexadecimal.prefix(16))…"))
        }
        self.version = version
        self.publishedAt = publishedAt
        self.asOf = asOf
        self.rowCount = rowCount
        if isMasked, let role, let rules {
            let claims = bag.info.values(of: RegisterArchive.Label.claim)
            masking = Masking(profile: profile, role: role, claims: claims, rules: rules)
        } else {
            masking = nil
        }
        self.answer = answer
        contentDigest = content
    }

    private static func answer(in bag: Bag, _ problems: inout BagProblems) -> ArchivedAnswer? {
        guard bag.holds("\(Bag.payloadFolder)/\(AnswerFiles.request)") else { return nil }
        func contents(_ name: String) throws(FileError) -> [UInt8] { try bag.contents(of: "\(Bag.payloadFolder)/\(name)") }
        do throws(FileError) {
            guard var answer = AnswerFiles.read(try contents(AnswerFiles.request)) else {
                problems.add(.info(label: AnswerFiles.request, reason: "is no request of an archive"))
                return nil
            }
            answer.document = try contents(AnswerFiles.document)
            answer.variables = try contents(AnswerFiles.variables)
            answer.body = try contents(AnswerFiles.answer)
            return answer
        } catch {
            problems.add(.unreadable(error))
            return nil
        }
    }

    /// The files of rows, mapped.
    package func rowFiles() throws(FileError) -> [SourceFile] {
        let folder = "\(Bag.payloadFolder)/\(RegisterArchive.rowsFolder)/"
        var files: [SourceFile] = []
        for entry in bag.payload where entry.path.hasPrefix(folder) && entry.path.hasSuffix(".csv") {
            let mapped = try bag.files.map("\(bag.path)/\(entry.path)")
            files.append(SourceFile(name: String(entry.path.dropFirst(folder.utf8.count)), mapped: mapped))
        }
        return files
    }

    /// The version that was archived, under the model that was archived with it.
    ///
    /// Texts are taken exactly, and the model's checks are not asked: rows were accepted once.
    package func load(
        _ model: Model, workers: Int, progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) throws(ArchiveUnreadable) -> GraphVersion {
        let files: [SourceFile]
        do throws(FileError) {
            files = try rowFiles()
        } catch {
            throw .file(error)
        }
        let made: GraphVersion
        do throws(ImportRefused) {
            made = try RegisterArchive.load(
                files, model, number: version, publishedAt: publishedAt, workers: workers, progress: progress)
        } catch {
            throw .rows(error)
        }
        let found = made.catalog.nodeTypes.indices.reduce(0) { $0 + made[NodeTypeID($1)].liveRowCount }
        guard found == rowCount else { throw .rowCount(expected: rowCount, found: found) }
        return made
    }
}

extension Masking {
    /// What an archive's labels say; nil where they say that it holds everything, or say nothing.
    package init?(_ info: BagInfo) {
        guard let profile = info[RegisterArchive.Label.profile], profile != Masking.unmasked,
            let role = info[RegisterArchive.Label.role], let rules = info[RegisterArchive.Label.rules]
        else { return nil }
        self.init(profile: profile, role: role, claims: info.values(of: RegisterArchive.Label.claim), rules: rules)
    }
}

extension RegisterArchive {
    /// What files of an archive's rows hold: texts taken exactly, and no check asked.
    package static func load(
        _ files: [SourceFile], _ model: Model, number: UInt64, publishedAt: Instant, workers: Int,
        progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) throws(ImportRefused) -> GraphVersion {
        try Importer(model: model, limits: .ofArchives, profile: .exact)
            .loadExactly(files, number: number, publishedAt: publishedAt, workers: workers, progress: progress)
    }
}

/// Why the rows of a whole bag could not be read.
package enum ArchiveUnreadable: Error, Sendable, CustomStringConvertible {
    case file(FileError)
    case rows(ImportRefused)
    case rowCount(expected: Int, found: Int)

    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .rows(let refused): "the archived rows cannot be read under the archived model:\n\(refused)"
        case .rowCount(let expected, let found):
            "bag-info.txt: \(RegisterArchive.Label.rowCount) is \(expected), and data/rows has \(found)"
        }
    }
}
