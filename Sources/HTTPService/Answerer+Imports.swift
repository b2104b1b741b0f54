import Access
import Bytes
import Exchange
import HTTPTypes
import Hummingbird
import JSONText
import Model
import Query
import Settings
import StoreColumns

/// `POST /imports`: a file of whoever keeps lists, tried or applied, and what is to be put right in it.
extension Answerer {
    private static let fileTypes = [
        "text/csv", TableFormat.xlsx.mediaType, "application/octet-stream",
    ]

    /// The body is the file. `name` says what it is called, `dryRun=false` applies it, `changeId` and `expectVersion` are as those of
    /// `applyChanges`; without a `changeId` the file itself is one, so that it is applied once. What the file does not say itself:
    /// `sheet`, `type`, `headingRow`, `column=heading=field`; what may be wrong: `override=check=reason`, `skipBadRows=1%`.
    func answerImports(_ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        try requireMayImport(caller)
        guard request.method == .post else { return Response(json: imports.shapes(), isHead: request.method == .head) }
        let parameters = try URLParameters(target: request.head.path)
        let name = try fileName(parameters)
        try requireFile(request)
        let wantsTable = try wantsTable(request)
        let (terms, choices) = (try terms(parameters), try choices(parameters))
        let wait = Self.wait(request.headers[.prefer], limit: settings.limits["import-wait-time"])
        try settings.auditor?.check()
        try imports.claim()
        let job: ImportJob
        do throws(Refusal) {
            let limit = settings.limits["max-import-bytes"]
            let announced = request.headers[.contentLength].flatMap { Int($0) }
            let file = try await imports.collect(request.body, byteCount: announced, limit: limit)
            try settings.doorkeeper?.beginQuestion(of: caller)
            let order = ImportDesk.Order(name: name, file: file, terms: terms, choices: choices, asOf: content.today())
            job = await begin(order, caller)
        } catch {
            imports.giveBack()
            throw error
        }
        let state = await job.wait(milliseconds: wait)
        return try importAnswer(job, state, wantsTable: wantsTable, isHead: false)
    }

    /// How far an import is, or what came of it.
    func answerImport(_ name: String, _ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        try requireMayImport(caller)
        let wantsTable = try wantsTable(request)
        guard let job = imports.job(name) else { throw .notFound }
        return try importAnswer(job, job.state, wantsTable: wantsTable, isHead: request.method == .head)
    }

    /// A file brings rows of any type, so it is for whoever may see and change everything.
    private func requireMayImport(_ caller: Caller?) throws(Refusal) {
        if let caller, !caller.mayDoEverything { throw .importForbidden(role: caller.asker?.role ?? "") }
    }

    /// Has it taken; what comes of it is told to the audit, and charged to whoever sent it, whether they wait or not.
    private func begin(_ order: ImportDesk.Order, _ caller: Caller?) async -> ImportJob {
        let (settings, log) = (self.settings, self.log)
        return await imports.begin(order) { (outcome, digest) async throws(Refusal) in
            guard case .report(let report, let version) = outcome else {
                settings.doorkeeper?.endQuestion(of: caller, rowsVisited: 0)
                let failure = outcome.failure
                throw .changesNotTaken(code: failure?.code ?? "", message: failure?.message ?? "")
            }
            settings.doorkeeper?.endQuestion(of: caller, rowsVisited: report.files.reduce(0) { $0 + $1.rowCount })
            if let auditor = settings.auditor {
                do throws(Refusal) {
                    try await auditor.tell(Self.event(report, version, digest, auditor, caller))
                } catch {
                    log.tell("import not told to the audit", [("version", .text("\(version.number)"))])
                    throw error
                }
            }
            return report
        }
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

    private func terms(_ parameters: URLParameters) throws(Refusal) -> ImportTerms {
        var terms = ImportTerms()
        switch try parameters.single("dryRun") {
        case nil, "true"?: terms.isDryRun = true
        case "false"?: terms.isDryRun = false
        default: throw .parameterInvalid(name: "dryRun", reason: "is true or false")
        }
        terms.changeID = try parameters.single("changeId")
        terms.expectedVersion = try parameters.single("expectVersion")
        terms.reason = try parameters.single("reason")
        if let text = try parameters.single("skipBadRows") {
            let isPercent = text.hasSuffix("%")
            guard let number = Double(isPercent ? String(text.dropLast()) : text), (0...(isPercent ? 100 : 1)).contains(number)
            else { throw .parameterInvalid(name: "skipBadRows", reason: "is a share of all rows, as 0.01 or 1%") }
            terms.badRowShare = isPercent ? number / 100 : number
        }
        for text in try Self.texts("override", parameters) {
            let (check, reason) = try Self.pair(text, "override", "a check and a reason, as check=reason")
            guard !check.isEmpty, !reason.isEmpty else {
                throw .parameterInvalid(name: "override", reason: "is a check and a reason, as check=reason")
            }
            terms.overrides.append(ChangeRequest.Override(check: check, reason: reason))
        }
        return terms
    }

    /// What the file does not say itself.
    private func choices(_ parameters: URLParameters) throws(Refusal) -> ImportChoices {
        var choices = ImportChoices()
        choices.sheets = Set(try Self.texts("sheet", parameters))
        choices.type = try parameters.single("type")
        if let text = try parameters.single("headingRow") {
            guard let row = Int(text), row > 0 else {
                throw .parameterInvalid(name: "headingRow", reason: "is the number of a row, from 1")
            }
            choices.headingRow = row
        }
        for text in try Self.texts("column", parameters) {
            let (heading, field) = try Self.pair(text, "column", "a heading and a field, as heading=field, or heading= for none")
            choices.columns[heading] = field
        }
        return choices
    }

    /// A parameter that may be given more than once, and how often.
    private static let repetitionLimit = 1_000

    private static func texts(_ name: String, _ parameters: URLParameters) throws(Refusal) -> [String] {
        let texts = parameters.pairs.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
        guard texts.count <= repetitionLimit else {
            throw .parameterInvalid(name: name, reason: "is given more than \(repetitionLimit) times")
        }
        return texts
    }

    /// What stands on both sides of the last sign of equality: a heading may hold one, a name none.
    private static func pair(_ text: String, _ name: String, _ shape: String) throws(Refusal) -> (String, String) {
        let place = name == "column" ? text.lastIndex(of: "=") : text.firstIndex(of: "=")
        guard let place else { throw .parameterInvalid(name: name, reason: "is \(shape)") }
        return (String(text[..<place]), String(text[text.index(after: place)...]))
    }

    // MARK: What is told

    /// Whether the report is wanted as the table that a person puts things right by.
    private func wantsTable(_ request: Request) throws(Refusal) -> Bool {
        let offered = [AnswerMediaType.json.name, TableFormat.csv.mediaType]
        guard let accept = request.headers[.accept] else { return false }
        guard let place = MediaRange.best(of: offered, in: accept) else { throw .notAcceptable(found: accept, offered: offered) }
        return place == 1
    }

    private func importAnswer(
        _ job: ImportJob, _ state: ImportJob.State, wantsTable: Bool, isHead: Bool
    ) throws(Refusal) -> Response {
        var fields = SecurityFields.data
        fields[.location] = "/imports/\(job.name)"
        switch state {
        case .reading(let count), .checking(let count):
            fields[.retryAfter] = "1"
            var json = JSONWriter(capacity: 128)
            json.beginObject()
            json.member("import", job.name)
            if case .reading = state { json.member("state", "reading") } else { json.member("state", "checking") }
            json.member("rows", count)
            json.endObject()
            return Response(json: json.finish(), .accepted, fields, isHead: isHead)
        case .ended(let refusal): throw refusal
        case .told(let report, let version):
            fields[.vary] = "Accept"
            fields.append(HTTPField(name: .dataVersion, value: "\(version)"))
            fields[.contentType] = wantsTable ? TableFormat.csv.contentType : AnswerMediaType.json.contentType
            if wantsTable { fields[.contentDisposition] = "attachment; filename=\"report.csv\"" }
            let bytes = wantsTable ? imports.clerkReport(report) : report.json()
            return varying(Response(status: .ok, headers: fields, bytes: bytes, isHead: isHead))
        }
    }

    private static func event(
        _ report: ChangeReport, _ version: GraphVersion, _ file: SHA256Digest, _ auditor: Auditor, _ caller: Caller?
    ) -> AuditEvent {
        // What was applied before says of itself that it was.
        let outcome = report.isRepeated ? "repeated" : report.isApplied ? "applied" : report.isDryRun ? "tried" : "refused"
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
