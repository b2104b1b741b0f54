import Access
import Bytes
import Foundation
import HTTPService
import Model
import Query
import QueryExecution
import Settings

/// The roles that are known here: the two that every server has, and those of a file of rules, `Schema/access.yaml` where no other is named.
struct AccessRoles {
    /// Below the folder that holds `Schema`.
    static let path = "Schema/access.yaml"

    private let settings: AccessSettings?
    /// SHA-256 of the file, in hexadecimal digits.
    private let digest: String
    let known: KnownRoles

    /// The two that every server has.
    init() { (settings, digest, known) = (nil, "", KnownRoles()) }

    /// - Parameter isNamed: Whether somebody named the file; the standard one may be absent, and defines no role then.
    /// - Throws: everything that is wrong with the file.
    init(reading path: String, isNamed: Bool) throws(Failure) {
        let isThere = FileManager.default.fileExists(atPath: path)
        guard isThere || !isNamed else {
            throw Failure(code: .configuration, message: "--access: there is no file \(path); 'none' stands for no rules")
        }
        do {
            let bytes = isThere ? try RegisterFiles.bytes(of: path) : nil
            let read = try bytes.map { try AccessSettings(reading: $0, file: path) }
            digest = bytes.map { SHA256Digest(of: $0.span).hexadecimal } ?? ""
            let roles = read?.roles ?? []
            known = KnownRoles(roles.map(\.name.value), changing: roles.filter { !$0.writes.isEmpty }.map(\.name.value))
            settings = read
        } catch {
            throw Failure(code: .configuration, message: "\(error)")
        }
    }

    /// Refuses to give a role away that no server would know.
    func require(_ role: String) throws(Failure) {
        guard known.contains(role) else {
            throw Failure(code: .usage, message: "no role is called '\(role)'; there are \(known.text)")
        }
    }

    /// The types whose rows the audit names, in the model's words.
    ///
    /// - Throws: those that the model does not have.
    func subjects(in model: Model) throws(Failure) -> [String] {
        guard let settings else { return [] }
        for subject in settings.subjects where model.type(named: subject.value) == nil {
            throw Self.unfit(
                "\(settings.file):\(subject.line): subjects name '\(subject.value)', and the model has no such type", settings)
        }
        return settings.subjects.map(\.value)
    }

    /// What the audit can be asked by name.
    ///
    /// - Throws: classes that the model does not have.
    func auditQuestions(in model: Model) throws(Failure) -> [AuditQuestion] {
        guard let settings else { return [] }
        let known = Set(model.types.flatMap { $0.fields.compactMap { $0.personal?.about ?? $0.givenWith } })
        var questions: [AuditQuestion] = []
        for question in settings.auditQuestions {
            for kind in question.classes where !known.contains(kind.value) {
                throw Self.unfit(
                    "\(settings.file):\(kind.line): the question '\(question.name.value)' of the audit names the class "
                        + "'\(kind.value)'; the model has \(known.sorted().joined(separator: ", "))", settings)
            }
            questions.append(
                AuditQuestion(
                    name: question.name.value, chinese: question.chinese, english: question.english,
                    kinds: Set(question.classes.map(\.value)), views: Set(question.views.map(\.value))))
        }
        return questions
    }

    /// For whom archives of a register are masked.
    ///
    /// - Parameter files: What the model was read from.
    /// - Throws: what a profile's role names and the model does not have, and roles whose rows change with the day.
    func profiles(in model: Model, files: [ModelSource], limits: QueryLimits) throws(Failure) -> ArchiveProfiles {
        // Rows that were masked once are seen under rules of their own, or none.
        guard let settings, model.masking == nil else { return ArchiveProfiles(of: model, files: files, limits: limits) }
        var roles: [String: ArchiveProfiles.Role] = [:]
        for name in settings.profiles.flatMap(\.roles) {
            guard roles[name.value] == nil, let role = settings[role: name.value] else { continue }
            let scopes = try Self.scopes(of: role, in: model, settings)
            guard !scopes.readsDay else {
                throw Failure(
                    code: .configuration,
                    message:
                        "\(settings.file):\(name.line): a profile names \(name.value), and what that role sees changes with the "
                        + "day; an archive says what stands")
            }
            do throws(SettingsErrors) {
                roles[name.value] = ArchiveProfiles.Role(view: try RoleView(role, in: model, file: settings.file), scopes: scopes)
            } catch {
                throw Self.unfit("\(error)", settings)
            }
        }
        return ArchiveProfiles(
            settings.profiles.map { ($0.name.value, $0.roles.map(\.value)) }, roles: roles,
            writers: Dictionary(
                settings.roles.map { ($0.name.value, $0.archives.map(\.value)) }, uniquingKeysWith: { first, _ in first }),
            rules: digest, model: model, files: files, limits: limits)
    }

    /// What roles see of a register, and how people of each ask.
    struct Rights {
        /// Nil where no role sees less than all rows.
        var seen: SeenVersions?
        var contents: [String: @Sendable () -> RoleContent] = [:]
    }

    /// Holds the roles against a model.
    ///
    /// - Parameters:
    ///   - shelf: the saved questions of all.
    ///   - service: makes the service of a role's model.
    /// - Throws: what a role names and the model does not have.
    func rights(
        in model: Model, _ shelf: QuestionShelf, limits: QueryLimits, language: QueryLanguage,
        service: @escaping @Sendable (Model, SeenVersions, RoleShelf, SmallCellPolicy?) -> QueryService
    ) throws(Failure) -> Rights {
        guard let settings else { return Rights() }
        var scopes: [String: RowScopes] = [:]
        var views: [(role: RoleSettings, view: RoleView, cells: SmallCellPolicy?)] = []
        for role in settings.roles {
            do {
                let view = try RoleView(role, in: model, file: settings.file)
                views.append((role, view, view.seesRows ? nil : try SmallCellPolicy(view, in: model)))
            } catch let problem as SmallCellProblem {
                throw Self.unfit(
                    "\(settings.file):\(problem.line ?? role.name.line): the cells of \(role.name.value): \(problem.message)",
                    settings)
            } catch {
                throw Self.unfit("\(error)", settings)
            }
            scopes[role.name.value] = try Self.scopes(of: role, in: model, settings)
        }
        let seen = SeenVersions(model: model, scopes: scopes, limits: limits)
        var rights = Rights(seen: seen)
        for (role, view, cells) in views {
            var names: Set<String>?
            if case .only(let list) = role.questions { names = Set(list.map(\.value)) }
            let shows = role.introspects && language.introspects
            rights.contents[role.name.value] = { [names] in
                let own = model.restricted(to: view)
                let questions = RoleShelf(shelf, fitting: own, limits: limits, language: language, only: names)
                return RoleContent(
                    queries: service(own, seen, questions, cells), questions: questions,
                    schema: shows ? Array(own.schemaText.utf8) : nil, asksSavedOnly: names != nil, asksAudit: role.asksAudit)
            }
        }
        return rights
    }

    private static func scopes(
        of role: RoleSettings, in model: Model, _ settings: AccessSettings
    ) throws(Failure) -> RowScopes {
        let claims = role.claims.map { (name: $0.name.value, kind: ClaimKind($0.kind)) }
        do throws(RowScopeProblem) {
            return try RowScopes(
                role.scopes.map { (type: $0.type.value, cel: $0.cel.value) }, claims: claims, in: model)
        } catch {
            let scope = role.scopes[error.scope]
            throw unfit(
                "\(settings.file):\(scope.cel.line): the rows of \(scope.type.value) that \(role.name.value) sees: "
                    + error.message, settings)
        }
    }

    /// What rules name and the model does not have: they are another model's, or have mistakes. Nobody is served by half of them.
    private static func unfit(_ problems: String, _ settings: AccessSettings) -> Failure {
        Failure(
            code: .configuration,
            message: problems + "\n\(settings.file) holds rules for another model, or mistakes. --access FILE names other rules; "
                + "--access none starts without any, and then there are the roles reader and editor alone.")
    }
}

extension ClaimKind {
    fileprivate init(_ kind: RoleClaim.Kind) {
        self =
            switch kind {
            case .string: .string
            case .int: .int
            case .strings: .strings
            case .ints: .ints
            case .date: .date
            case .boolean: .boolean
            }
    }
}
