import Query
import Store
import StoreColumns

/// What the server has to give, and where it gets it from.
package struct ServiceContent: Sendable {
    package var queries: QueryService
    package var limits: QueryLimits
    /// The saved questions, which may be replaced while the server runs.
    package let shelf: QuestionShelf
    /// The versions that are asked.
    package var store: Store
    /// Who brings changes into the store, or says why not.
    package var writer: any ChangeWriter
    /// The server's day.
    package var today: @Sendable () -> CivilDate
    /// When a day of the server begins.
    package var beginning: @Sendable (CivilDate) -> Instant = { Instant(microseconds: Int64($0.days) * 86_400_000_000) }
    /// The API's schema, as SDL; nil where it is not shown.
    package var schema: FixedContent?
    package var pages: Pages
    /// What people of a role are given in place of all this, by the role's name; roles that are not among them are given everything.
    package var roles: [String: @Sendable () -> RoleContent] = [:]
    /// Who writes archives; nil where the operator named no folder for them.
    package var archivist: Archivist?

    /// What the audit can be asked by name, by those whose role may.
    package var auditQuestions: [AuditQuestion] = []

    /// Whether changes can be taken now.
    var isWritable: Bool { !(writer is ClosedWriter) && store.readOnlyReason == nil }

    package init(
        queries: QueryService, limits: QueryLimits, questions shelf: QuestionShelf, store: Store, writer: any ChangeWriter,
        today: @escaping @Sendable () -> CivilDate, schema: [UInt8]?, pages: Pages
    ) {
        self.queries = queries
        self.limits = limits
        self.shelf = shelf
        self.store = store
        self.writer = writer
        self.today = today
        self.schema = schema.map { FixedContent(contentType: "text/plain; charset=utf-8", bytes: $0) }
        self.pages = pages
    }
}
