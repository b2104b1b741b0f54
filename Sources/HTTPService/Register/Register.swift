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
        /// A folder of CSV files and workbooks, or one of them.
        package var rows: String
        /// How the files map onto the model; `nil`: they have its own shape.
        package var mapping: String?

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

        package var description: String {
            switch self {
            case .files(let problem): "\(problem)"
            case .model(let errors, let folder): "The model in \(folder) cannot be used:\n\(errors)"
            case .mapping(let errors): "The mapping cannot be used:\n\(errors)"
            case .rows(let refused, let folder): "The rows in \(folder) were refused:\n\(refused)"
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
    ///   - overrides: Let rows pass that do not keep a SOFT check of the model.
    ///   - tell: Called with a line for whoever waits, where the files have to be read in another way.
    ///   - progress: Called now and then while the rows are read, from any thread.
    package static func load(
        _ places: Places, publishedAt: Instant, asOf: CivilDate, overrides: [ChangeRequest.Override] = [],
        tell: (String) -> Void = { _ in }, progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) throws(Problem) -> Register {
        let start = ContinuousClock.now
        let model = try model(in: places.model)
        let modelEnd = ContinuousClock.now
        let (importer, files) = try importer(places, model: model)
        let loaded: (version: GraphVersion, report: ImportReport)
        do {
            loaded = try importer.load(
                files, number: 1, publishedAt: publishedAt, overrides: overrides, asOf: asOf,
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
        let (importer, files) = try importer(places, model: model)
        return importer.read(files)
    }

    /// Of the files and of the mapping: tells an import from another one.
    package static func fingerprint(of places: Places) throws(Problem) -> [UInt8] {
        do throws(RegisterFiles.Problem) {
            var hash = SHA256Hasher()
            for file in try RegisterFiles.rows(at: places.rows) {
                let head = Array("\(RegisterFiles.name(of: file.path))\n\(file.byteCount)\n".utf8)
                hash.update(head.span)
                let bytes = file.bytes
                hash.update(bytes.span)
            }
            if let mapping = places.mapping {
                let bytes = try RegisterFiles.bytes(of: mapping)
                hash.update(bytes.span)
            }
            return hash.digest.bytes
        } catch {
            throw .files(error)
        }
    }

    /// The files, and who reads them.
    private static func importer(_ places: Places, model: Model) throws(Problem) -> (Importer, [SourceFile]) {
        let files: [MappedFile]
        let mappingBytes: [UInt8]?
        do {
            // With the list of checksums, where there is one: the importer holds the files against it.
            files = try RegisterFiles.rows(at: places.rows)
            mappingBytes = if let mapping = places.mapping { try RegisterFiles.bytes(of: mapping) } else { nil }
        } catch {
            throw .files(error)
        }
        var mapping: ImportMapping?
        if let mappingBytes, let path = places.mapping {
            do {
                mapping = try ImportMapping(reading: mappingBytes, file: path)
            } catch {
                throw .mapping(error)
            }
        }
        return (
            Importer(model: model, mapping: mapping), files.map { SourceFile(name: RegisterFiles.name(of: $0.path), mapped: $0) }
        )
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
