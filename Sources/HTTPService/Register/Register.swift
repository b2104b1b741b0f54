import Bytes
import Exchange
import Foundation
import Model
import Settings
import StoreColumns

/// A model and the rows that files hold under it, as version 1.
package struct Register: Sendable {
    /// Where everything lies.
    package struct Places: Sendable {
        /// The folder of the model's SDL.
        package var model: String
        /// A folder of CSV files and workbooks, one of them, or an archive.
        package var rows: String
        /// How the files map onto the model; `nil`: they have its own shape.
        package var mapping: String?
        /// What somebody says of the files beside it; of those in the model's own shape.
        package var choices = ImportChoices()

        package init(model: String, rows: String, mapping: String? = nil) {
            self.model = model
            self.rows = rows
            self.mapping = mapping
        }
    }

    package var model: Model
    package var version: GraphVersion
    package var report: ImportReport
    /// The share of the model and of the rows in the time it took.
    package var modelSeconds: Double
    package var rowSeconds: Double

    /// Why there is no register: the first stage that failed, with everything it found.
    package enum Problem: Error, CustomStringConvertible {
        case files(RegisterFiles.Problem)
        case model(ModelErrors, folder: String)
        case mapping(SettingsErrors)
        case rows(ImportRefused, folder: String)
        /// The rows are an archive's, and it is not whole.
        case archive(BagProblems, folder: String)
        case mappedArchive(folder: String)
        /// Rows that were masked for one audience, under the model of another, or of rows as they are.
        case otherAudience(rows: Masking?, model: Masking?, folder: String)

        package var description: String {
            switch self {
            case .files(let problem): "\(problem)"
            case .model(let errors, let folder): "The model in \(folder) cannot be used:\n\(errors)"
            case .mapping(let errors): "The mapping cannot be used:\n\(errors)"
            case .rows(let refused, let folder): "The rows in \(folder) were refused:\n\(refused)"
            case .archive(let problems, let folder): "The archive \(folder) is not whole:\n\(problems)"
            case .otherAudience(let rows, let model, let folder):
                "The rows in \(folder) are \(rows.map { "masked for \($0.text)" } ?? "not masked"), and the model is of rows that are "
                    + "\(model.map { "masked for \($0.text)" } ?? "not masked"). Masked rows are read under the model in their archive "
                    + "(--model \(folder)/data/model), and no others are."
            case .mappedArchive(let folder):
                "\(folder) is an archive; its rows have the model's shape, and no mapping goes with it."
            }
        }
    }

    /// Reads the model only.
    package static func model(in folder: String) throws(Problem) -> Model {
        let files: [RegisterFiles.File]
        do {
            files = try RegisterFiles.files(in: folder, extensions: ["graphql"])
        } catch {
            throw .files(error)
        }
        let sources = files.map { ModelSource(name: $0.name, bytes: $0.bytes) }
        do {
            return try Model(sources: sources, digest: digest(of: files))
        } catch {
            throw .model(error, folder: folder)
        }
    }

    /// The SDL of a model, all files in the order of their names.
    package static func modelText(in folder: String) throws(Problem) -> [UInt8] {
        do {
            return Array(try RegisterFiles.files(in: folder, extensions: ["graphql"]).map(\.bytes).joined(separator: [0x0A]))
        } catch {
            throw .files(error)
        }
    }

    /// Reads everything: all of it, or nothing and why.
    ///
    /// - Parameters:
    ///   - asOf: The date on which the model's checks read dated fields.
    ///   - keepsMoment: Whether the version has the number and the time that an archive was made of, in place of 1 and `publishedAt`.
    ///   - overrides: Let rows pass that do not keep a SOFT check of the model.
    ///   - tell: Called with a line for whoever waits, where the files have to be read in another way.
    ///   - progress: Called now and then while the rows are read, from any thread.
    package static func load(
        _ places: Places, publishedAt: Instant, asOf: CivilDate, keepsMoment: Bool = false,
        overrides: [ChangeRequest.Override] = [],
        tell: (String) -> Void = { _ in }, progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) throws(Problem) -> Register {
        let start = ContinuousClock.now
        let model = try model(in: places.model)
        let modelEnd = ContinuousClock.now
        let (importer, files, archive) = try importer(places, model: model)
        let moment = keepsMoment ? archive.map { ($0.version, $0.publishedAt) } : nil
        let loaded: (version: GraphVersion, report: ImportReport)
        do {
            loaded = try importer.load(
                files, number: moment?.0 ?? 1, publishedAt: moment?.1 ?? publishedAt, overrides: overrides, asOf: asOf,
                workers: ProcessInfo.processInfo.activeProcessorCount, tell: tell, progress: progress)
        } catch {
            throw .rows(error, folder: places.rows)
        }
        return Register(
            model: model, version: loaded.version, report: loaded.report, modelSeconds: (modelEnd - start) / .seconds(1),
            rowSeconds: (ContinuousClock.now - modelEnd) / .seconds(1))
    }

    /// Reads the rows and does not load them.
    package static func draft(_ places: Places, model: Model) throws(Problem) -> ImportDraft {
        let (importer, files, _) = try importer(places, model: model)
        return importer.read(files)
    }

    /// Of the files and of the mapping: tells an import from another one.
    package static func fingerprint(of places: Places) throws(Problem) -> [UInt8] {
        var hash = SHA256Hasher()
        for file in try files(places).files {
            let head = Array("\(file.name)\n\(file.byteCount)\n".utf8)
            hash.update(head.span)
            hash.update(file.bytes)
        }
        if !places.choices.isEmpty { hash.update(places.choices.bytes.span) }
        if let mapping = places.mapping {
            do {
                let bytes = try RegisterFiles.bytes(of: mapping)
                hash.update(bytes.span)
            } catch {
                throw .files(error)
            }
        }
        return hash.digest.bytes
    }

    /// The files, and who reads them; and the archive that they are of.
    private static func importer(
        _ places: Places, model: Model
    ) throws(Problem) -> (Importer, [SourceFile], OpenedArchive?) {
        let (files, archive) = try files(places)
        guard archive?.masking == model.masking else {
            throw .otherAudience(rows: archive?.masking, model: model.masking, folder: places.rows)
        }
        guard archive == nil else { return (Importer(model: model, profile: .exact), files, archive) }
        guard let path = places.mapping else { return (Importer(model: model, choices: places.choices), files, nil) }
        let bytes: [UInt8]
        do {
            bytes = try RegisterFiles.bytes(of: path)
        } catch {
            throw .files(error)
        }
        do {
            return (Importer(model: model, mapping: try ImportMapping(reading: bytes, file: path)), files, nil)
        } catch {
            throw .mapping(error)
        }
    }

    /// The files of the rows: of a folder, with the list of checksums, where there is one, against which the importer holds them; or of
    /// an archive, which is examined.
    private static func files(_ places: Places) throws(Problem) -> (files: [SourceFile], OpenedArchive?) {
        let system = POSIXFileSystem()
        guard Bag.isBag(places.rows, on: system) else {
            do throws(RegisterFiles.Problem) {
                return (
                    try RegisterFiles.rows(at: places.rows)
                        .map { SourceFile(name: RegisterFiles.name(of: $0.path), mapped: $0) }, nil
                )
            } catch {
                throw .files(error)
            }
        }
        guard places.mapping == nil else { throw .mappedArchive(folder: places.rows) }
        let archive: OpenedArchive
        do throws(BagProblems) {
            archive = try OpenedArchive(try Bag.examine(places.rows, on: system))
        } catch {
            throw .archive(error, folder: places.rows)
        }
        do throws(FileError) {
            return (try archive.rowFiles(), archive)
        } catch {
            throw .files(.unreadable(error.path, reason: error.text))
        }
    }

    /// Of names and bytes, so that neither can change unseen.
    private static func digest(of files: [RegisterFiles.File]) -> String {
        var all: [UInt8] = []
        for file in files {
            all += Array(file.name.utf8) + [0]
            all += Array(String(file.bytes.count).utf8) + [0]
            all += file.bytes
        }
        return SHA256Digest(of: all.span).hexadecimal
    }
}
