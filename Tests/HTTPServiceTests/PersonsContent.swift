import HTTPService
import Model
import Query
import Settings
import Store
import StoreColumns

/// A register of persons with a role of its own, LOCAL, that sees papers for a reason only and telephones masked.
enum PersonsContent {
    static let sdl = """
        type Person @node(key: "number") {
          number: String!
          name: String! @personal(class: PII, mask: NAME, about: "NAME")
          paper: String @personal(class: SPI, mask: ID_NUMBER, about: "ID")
          phone: String @personal(class: PII, mask: PHONE, about: "PHONE")
        }
        """

    static let access = """
        roles:
          LOCAL:
            types: Person
            views: {NAME: full, ID: full, PHONE: masked}
            reason-required: ID
        """

    /// One who sees the log, and no data.
    private static let auditor = """
        subjects: Person
        audit-questions:
          sensitive: {en: Who was shown papers, classes: ID, views: full}
          every: {zh: 全部}
        roles:
          LOCAL: {audit: true}
        """

    static func paper(_ person: Int) -> String { "420602198001\(100_000 + person)" }
    static func phone(_ person: Int) -> String { "138\(10_000_000 + person)" }
    static func name(_ person: Int) -> String { "诸葛\(Character(UnicodeScalar(0x4E00 + UInt32(person % 20_000)) ?? "一"))" }
    static func key(_ person: Int) -> String { "N\(person)" }

    /// - Parameters:
    ///   - needsReason: Whether LOCAL sees papers for a reason only.
    ///   - makes: Called when the role's API is made.
    static func make(
        persons: Int = 5, needsReason: Bool = true, isAuditor: Bool = false, questions: [String: String] = [:],
        makes: @escaping @Sendable () -> Void = {}
    ) -> ServiceContent {
        do {
            let model = try Model(sources: [ModelSource(name: "persons.graphql", bytes: Array(sdl.utf8))], digest: "of the tests")
            let text = isAuditor ? auditor : needsReason ? access : access.replacing("    reason-required: ID", with: "")
            let settings = try AccessSettings(
                reading: Array(text.utf8),
                file: "access.yaml")
            guard let person = model.catalog.nodeType(named: "Person"), let day = CivilDate(isoText: TestContent.today) else {
                preconditionFailure("the model says so")
            }
            let changes = ChangeSet(types: [
                TypeChanges(
                    type: person, columns: [0, 1, 2, 3],
                    cells: (0..<persons).flatMap {
                        [Cell.string(key($0)), .string(name($0)), .string(paper($0)), .string(phone($0))]
                    })
            ])
            let store = Store(
                try GraphVersion.empty(catalog: model.catalog).applying(
                    changes, number: 1, publishedAt: Instant(microseconds: 1_600_000_000_000_000)))
            let limits = QueryLimits()
            func saved(_ model: Model) -> SavedQuestions {
                SavedQuestions(
                    files: questions.map { .init(name: $0.key, bytes: Array($0.value.utf8)) }, model: model, limits: limits)
            }
            let shelf = QuestionShelf(saved(model))
            var content = ServiceContent(
                queries: QueryService(
                    model: model, limits: limits, cursorKey: [UInt8](repeating: 3, count: 32), versions: VersionSource(store)),
                limits: limits, questions: shelf, store: store, writer: StoreWriter(store), today: { day },
                schema: Array(model.schemaText.utf8),
                pages: Pages(
                    start: { Array(($2 ? "<html>counts" : "<html>").utf8) }, assets: [:],
                    signIn: try Template("{{#refused}}refused{{/refused}}")))
            content.auditQuestions = settings.auditQuestions.map {
                AuditQuestion(
                    name: $0.name.value, chinese: $0.chinese, english: $0.english, kinds: Set($0.classes.map(\.value)),
                    views: Set($0.views.map(\.value)))
            }
            for role in settings.roles {
                let view = try RoleView(role, in: model, file: settings.file)
                content.roles[role.name.value] = {
                    makes()
                    let own = model.restricted(to: view)
                    return RoleContent(
                        queries: QueryService(
                            model: own, limits: limits, cursorKey: [UInt8](repeating: 3, count: 32),
                            versions: VersionSource(store)),
                        questions: RoleShelf(shelf, fitting: own, limits: limits, language: QueryLanguage(), only: nil),
                        schema: Array(own.schemaText.utf8), asksAudit: role.asksAudit)
                }
            }
            return content
        } catch {
            preconditionFailure("the tests' register can be made: \(error)")
        }
    }
}
