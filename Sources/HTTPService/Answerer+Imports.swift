import Access
import Bytes
import Exchange
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Query
import Settings
import StoreColumns

/// `POST /imports`: a file of whoever keeps lists, tried or applied, and what is to be put right in it.
extension Answerer {
    private static let fileTypes = [
        "text/csv", TableFormat.xlsx.mediaType, "application/octet-stream",
    ]

    /// The body is the file. `name` says what it is called, `dryRun=false` applies it, `changeId` and `expectVersion` are as those of
    /// `applyChanges`; without a `changeId` the file itself is one, so that it is applied once.
    func answerImport(_ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        // A file brings rows of any type, so it is for whoever may see and change everything.
        if let caller, !caller.mayDoEverything { throw .importForbidden(role: caller.asker?.role ?? "") }
        let parameters = try URLParameters(target: request.head.path)
        let name = try fileName(parameters)
        try requireFile(request)
        let wantsTable = try wantsTable(request)
        let bytes = try await collectedBody(of: request)
        let digest = SHA256Digest(of: bytes.span)
        let terms = try terms(parameters, digest)
        try settings.auditor?.check()
        try settings.doorkeeper?.beginQuestion(of: caller)
        let outcome: ChangeOutcome
        do throws(Refusal) {
            outcome = try await imports.take(.init(name: name, bytes: bytes, terms: terms, asOf: content.today()))
        } catch {
            settings.doorkeeper?.endQuestion(of: caller, rowsVisited: 0)
            throw error
        }
        guard case .report(let report, let version) = outcome else {
            settings.doorkeeper?.endQuestion(of: caller, rowsVisited: 0)
            let failure = outcome.failure
            throw .changesNotTaken(code: failure?.code ?? "", message: failure?.message ?? "")
        }
        settings.doorkeeper?.endQuestion(of: caller, rowsVisited: report.files.reduce(0) { $0 + $1.rowCount })
        if let auditor = settings.auditor { try await auditor.tell(event(report, version, digest, auditor, caller)) }
        return answer(report, version, wantsTable)
    }

    // MARK: What is sent

    /// What the file is called, which says of which type its rows are; not where it lies.
    private func fileName(_ parameters: URLParameters) throws(Refusal) -> String {
        guard let name = try parameters.single("name") else {
            throw .parameterInvalid(name: "name", reason: "is missing: it says what the file is called, as 贫困户.xlsx")
        }
        let isPlain =
            name.utf8.count <= 200 && !name.hasPrefix(".")
            && !name.unicodeScalars.contains { $0.value < 0x20 || $0 == "/" || $0 == "\\" }
        guard isPlain, name.hasSuffix(".csv") || name.hasSuffix(".xlsx") else {
            throw .parameterInvalid(name: "name", reason: "is the name of a file that ends in .csv or .xlsx, without its folder")
        }
        return name
    }

    /// Refuses what a page of another origin could send here without being asked.
    private func requireFile(_ request: Request) throws(Refusal) {
        let found = request.headers[.contentType]
        guard let found, let value = HeaderValue(found), Self.fileTypes.contains(value.value) else {
            throw .mediaTypeUnsupported(found: found, expected: Self.fileTypes.joined(separator: ", "))
        }
        if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw .encodingUnsupported(encoding)
        }
    }

    private func terms(_ parameters: URLParameters, _ digest: SHA256Digest) throws(Refusal) -> ImportTerms {
        var terms = ImportTerms()
        switch try parameters.single("dryRun") {
        case nil, "true"?: terms.isDryRun = true
        case "false"?: terms.isDryRun = false
        default: throw .parameterInvalid(name: "dryRun", reason: "is true or false")
        }
        terms.changeID = try parameters.single("changeId") ?? "file-\(digest.hexadecimal)"
        terms.expectedVersion = try parameters.single("expectVersion")
        terms.reason = try parameters.single("reason")
        return terms
    }

    // MARK: What is told

    /// Whether the report is wanted as the table that a person puts things right by.
    private func wantsTable(_ request: Request) throws(Refusal) -> Bool {
        let offered = [AnswerMediaType.json.name, TableFormat.csv.mediaType]
        guard let accept = request.headers[.accept] else { return false }
        guard let place = MediaRange.best(of: offered, in: accept) else { throw .notAcceptable(found: accept, offered: offered) }
        return place == 1
    }

    private func answer(_ report: ChangeReport, _ version: GraphVersion, _ wantsTable: Bool) -> Response {
        var fields = SecurityFields.data
        fields[.vary] = "Accept"
        fields.append(HTTPField(name: .dataVersion, value: "\(version.number)"))
        fields[.contentType] = wantsTable ? TableFormat.csv.contentType : AnswerMediaType.json.contentType
        if wantsTable { fields[.contentDisposition] = "attachment; filename=\"report.csv\"" }
        let bytes = wantsTable ? imports.clerkReport(report) : report.json()
        return varying(Response(status: .ok, headers: fields, bytes: bytes, isHead: false))
    }

    private func event(
        _ report: ChangeReport, _ version: GraphVersion, _ file: SHA256Digest, _ auditor: Auditor, _ caller: Caller?
    ) -> AuditEvent {
        let outcome = report.isApplied ? "applied" : report.isRepeated ? "repeated" : report.isDryRun ? "tried" : "refused"
        return AuditEvent(
            "change",
            auditor.members(of: caller) + [
                ("route", .text(Route.imports.name)), ("document", .text(auditor.digests.document(file))),
                ("version", .text("\(version.number)")), ("outcome", .text(outcome)),
                ("rows", .int(report.files.reduce(0) { $0 + $1.rowCount })),
                ("bytes", .int(report.files.reduce(0) { $0 + $1.byteCount })),
            ])
    }
}
