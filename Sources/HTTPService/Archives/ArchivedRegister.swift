import Bytes
import Exchange
import Expressions
import Foundation
import Model
import Query
import StoreColumns

/// An archive under the model that was archived with it: what it holds, and whether its answer follows from that.
package struct ArchivedRegister: Sendable {
    package let archive: OpenedArchive
    package let model: Model
    /// The model's SDL, as a data folder keeps it.
    package let modelText: [UInt8]

    /// Why an archive cannot be used.
    package enum Problem: Error, Sendable, CustomStringConvertible {
        case bag(BagProblems)
        case model(Register.Problem)
        /// Labels and model say two things of for whom the rows were masked.
        case masking(labels: Masking?, model: Masking?)
        case rows(ArchiveUnreadable)
        /// The rows do not write as the files that they were read from.
        case content(expected: SHA256Digest, found: SHA256Digest)
        case rewriting(ArchiveError)
        /// The question cannot be asked of the archived rows.
        case question(String)
        /// The first byte in which what is answered is another.
        case answer(byte: Int, expectedCount: Int, foundCount: Int)

        package var description: String {
            switch self {
            case .bag(let problems): "\(problems)"
            case .model(let problem): "the archived model cannot be read: \(problem)"
            case .masking(let labels, let model):
                "bag-info.txt says that the rows are \(labels.map { "masked for \($0.text)" } ?? "not masked"), and the archived model that "
                    + "they are \(model.map { "masked for \($0.text)" } ?? "not masked")"
            case .rows(let problem): "\(problem)"
            case .content(let expected, let found):
                "the archived rows are not written as they were read: content \(found.hexadecimal.prefix(16))… in place of "
                    + "\(expected.hexadecimal.prefix(16))…; another program has made the files"
            case .rewriting(let error): "\(error)"
            case .question(let reason): "the archived question cannot be asked of the archived rows: \(reason)"
            case .answer(let byte, let expected, let found):
                "the answer does not follow from the archived rows: it differs from data/question/answer.json at byte \(byte) "
                    + "(\(found) bytes in place of \(expected))"
            }
        }
    }

    /// Reads the model of a bag whose files were examined.
    package init(_ bag: Bag) throws(Problem) {
        do throws(BagProblems) {
            archive = try OpenedArchive(bag)
        } catch {
            throw .bag(error)
        }
        do throws(Register.Problem) {
            model = try Register.model(in: archive.modelFolder)
            modelText = try Register.modelText(in: archive.modelFolder)
        } catch {
            throw .model(error)
        }
        guard archive.masking == model.masking else { throw .masking(labels: archive.masking, model: model.masking) }
    }

    package func load(progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }) throws(Problem) -> GraphVersion {
        do throws(ArchiveUnreadable) {
            return try archive.load(model, workers: ProcessInfo.processInfo.activeProcessorCount, progress: progress)
        } catch {
            throw .rows(error)
        }
    }

    /// Proves that the rows, written again, are the archived files, and that the archived answer is what they answer.
    package func check(
        _ version: GraphVersion, limits: QueryLimits, threads: (any ForkJoin)? = nil,
        step: (_ rowCount: Int, _ total: Int) -> Bool = { _, _ in false }
    ) throws(Problem) {
        let again: ArchiveReport
        do throws(ArchiveError) {
            let terms = ArchiveTerms(
                model: model, modelFiles: try Self.modelFiles(in: archive.modelFolder), version: version)
            again = try RegisterArchive.write(terms, to: nil, on: POSIXFileSystem(), step: step)
        } catch {
            throw .rewriting(error)
        }
        guard again.contentDigest == archive.contentDigest else {
            throw .content(expected: archive.contentDigest, found: again.contentDigest)
        }
        guard let answer = archive.answer else { return }
        let made: QueryAnswer
        do throws(RequestError) {
            made = try answer.asked(of: version, model, limits: limits, threads: threads)
        } catch {
            throw .question(String(decoding: error.body.prefix(400), as: UTF8.self))
        }
        guard made.outcome == .data else { throw .question(String(decoding: made.body.prefix(400), as: UTF8.self)) }
        let found = made.body
        if found != answer.body {
            let byte = zip(found, answer.body).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            throw .answer(
                byte: byte ?? min(found.count, answer.body.count), expectedCount: answer.body.count, foundCount: found.count)
        }
    }

    /// The files of a model as an archive keeps them.
    package static func modelFiles(in folder: String) throws(ArchiveError) -> [ModelSource] {
        do throws(RegisterFiles.Problem) {
            return try RegisterFiles.files(in: folder, extensions: ["graphql"]).map {
                ModelSource(name: $0.name, bytes: $0.bytes)
            }
        } catch {
            throw .file(FileError(.read, folder, .absent, text: "\(error)"))
        }
    }
}

extension ArchivedAnswer {
    /// Who asks, where it is not whoever sees all that there is.
    struct Asker {
        var viewer: QueryService.Viewer
        var seen: SeenVersions
        /// What is hidden in it is hidden in older versions too.
        var newest: GraphVersion?
    }

    /// Asks its question of a version, as it is asked when it is archived and when it is verified. What other versions hold is nothing
    /// to it, and no cursor is taken further.
    ///
    /// - Parameters:
    ///   - model: As far as the asker uses it.
    ///   - watch: Called with the budget before anything is asked, so that it can be stopped.
    package func asked(
        of version: GraphVersion, _ model: Model, limits: QueryLimits, threads: (any ForkJoin)? = nil,
        watching watch: (Budget) -> Void = { _ in }
    ) throws(RequestError) -> QueryAnswer {
        try asked(of: version, model, limits: limits, threads: threads, as: nil, watching: watch)
    }

    func asked(
        of version: GraphVersion, _ model: Model, limits: QueryLimits, threads: (any ForkJoin)?, as asker: Asker?,
        watching watch: (Budget) -> Void
    ) throws(RequestError) -> QueryAnswer {
        let queries = QueryService(
            model: model, limits: limits, cursorKey: [UInt8](repeating: 0, count: 32), parameters: ParameterScope(parameters),
            seen: asker?.seen)
        let request = try QueryRequest.parse(
            query: String(decoding: document, as: UTF8.self), variables: String(decoding: variables, as: UTF8.self),
            extensions: nil, operationName: operationName, limits: limits)
        let budget = queries.makeBudget()
        watch(budget)
        return queries.answer(
            request, version: version, asOf: asOf, newest: asker?.newest, viewer: asker?.viewer ?? QueryService.localViewer,
            budget: budget, threads: threads)
    }
}
