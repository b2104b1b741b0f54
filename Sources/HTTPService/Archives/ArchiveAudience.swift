import Exchange
import Expressions
import Model
import Query
import Settings
import StoreColumns

/// For whom an archive is masked: a register as one role sees it, and what the role is answered. `Schema/formats/Archive.md`
package struct ArchiveAudience: Sendable {
    /// The model of what stands in the archive.
    package let masked: MaskedModel
    /// The model as far as the role uses it.
    private let shown: Model
    private let seen: SeenVersions
    private let viewer: QueryService.Viewer
    /// Questions that the role may ask; nil: all that its model has.
    private let questions: Set<String>?
    private let limits: QueryLimits

    /// Cost: about that of reading the model twice.
    ///
    /// - Parameters:
    ///   - whole: The model with everything.
    ///   - files: What it was read from.
    ///   - masking: Of the view's role.
    /// - Throws: `profile` where what the role sees is no model.
    package init(
        of whole: Model, _ files: [ModelSource], _ view: RoleView, _ scopes: RowScopes, _ masking: Masking,
        claims: [(name: String, value: String)], limits: QueryLimits
    ) throws(ArchiveError) {
        do throws(ModelErrors) {
            masked = try MaskedModel(of: whole, files, for: view, masking)
        } catch {
            throw .profile("what the role \(masking.role) sees makes no register of its own: \(error)")
        }
        shown = whole.restricted(to: view)
        seen = SeenVersions(model: whole, scopes: [masking.role: scopes], limits: limits)
        viewer = QueryService.viewer(role: masking.role, claims: claims)
        questions = if case .only(let names) = view.role.questions { Set(names.map(\.value)) } else { nil }
        self.limits = limits
    }

    /// What an archive of a version is made of.
    ///
    /// - Parameter newest: The newest version: what is hidden there is hidden in an older one too; nil: each by itself.
    package func terms(
        of version: GraphVersion, asOf: CivilDate, newest: GraphVersion? = nil, baggingDate: CivilDate? = nil
    ) throws(ArchiveError) -> ArchiveTerms {
        let part: GraphVersion
        do throws(RequestError) {
            // No role of a profile has rights that change with the day.
            part = try seen.archived(version, for: viewer, on: asOf, newest: newest, limits: limits)
        } catch {
            throw .profile(error.errors.map(\.message).joined(separator: " "))
        }
        return ArchiveTerms(
            model: masked.model, modelFiles: masked.sources, version: part, view: ArchiveView(masked, shown: shown),
            baggingDate: baggingDate, asOf: asOf)
    }

    /// What the role is answered to a question.
    ///
    /// - Parameter watch: Called with the budget before anything is asked, so that it can be stopped.
    package func answer(
        to question: ArchivedAnswer, of version: GraphVersion, newest: GraphVersion? = nil, threads: (any ForkJoin)? = nil,
        watching watch: (Budget) -> Void = { _ in }
    ) throws(ArchiveError) -> Result<QueryAnswer, RequestError> {
        if let questions, !questions.contains(question.name ?? "") {
            throw .profile("the role \(masked.masking.role) does not ask '\(question.name ?? "")'")
        }
        do throws(RequestError) {
            return .success(
                try question.asked(
                    of: version, shown, limits: limits, threads: threads,
                    as: ArchivedAnswer.Asker(viewer: viewer, seen: seen, newest: newest), watching: watch))
        } catch {
            return .failure(error)
        }
    }

    /// Holds an answer of the role against what the rows of the archive answer: only one that is the same follows from them.
    package func proof(
        of answer: ArchivedAnswer, _ version: GraphVersion, workers: Int, threads: (any ForkJoin)? = nil,
        watching watch: @escaping @Sendable (Budget) -> Void = { _ in }
    ) -> @Sendable ([SourceFile]) throws(ArchiveError) -> Void {
        { [masked, limits] (files) throws(ArchiveError) in
            let rows: GraphVersion
            do throws(ImportRefused) {
                rows = try RegisterArchive.load(
                    files, masked.model, number: version.number, publishedAt: version.publishedAt, workers: workers)
            } catch {
                throw .profile("the masked rows cannot be read under the model of what is shown: \(error)")
            }
            let found: QueryAnswer
            do throws(RequestError) {
                found = try answer.asked(of: rows, masked.model, limits: limits, threads: threads, watching: watch)
            } catch {
                throw .doesNotFollow(error.errors.map(\.message).joined(separator: " "))
            }
            guard found.outcome == .data else { throw .doesNotFollow(String(decoding: found.body.prefix(1_000), as: UTF8.self)) }
            guard found.body == answer.body else {
                let byte = zip(found.body, answer.body).enumerated().first { $0.element.0 != $0.element.1 }?.offset
                throw .doesNotFollow(
                    "the role \(masked.masking.role) is answered \(answer.body.count) bytes, and the archived rows answer "
                        + "\(found.body.count), which differ at byte \(byte ?? min(found.body.count, answer.body.count)): "
                        + "something is told that is computed from what the archive does not hold")
            }
        }
    }
}
