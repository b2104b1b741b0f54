import Access
import Bytes
import Hummingbird
import Query

extension Answerer {
    /// Asks for a caller: within what its key may spend, and told to the audit before anybody reads the answer.
    func ask(
        _ moment: Asking.Moment, _ caller: Caller?, at route: Route, _ condition: Condition? = nil, byteCount: Int? = nil,
        read: @escaping @Sendable () throws(RequestError) -> QueryRequest
    ) async throws(Refusal) -> Asking.Answered {
        try settings.auditor?.check()
        // What is told for a reason only is told where the reason is kept.
        guard settings.auditor != nil || !moment.desk.needsReasons else { throw .auditUnavailable }
        let isOfMany = moment.desk.seesAggregatesOnly
        let day = content.today()
        if isOfMany { try settings.doorkeeper?.checkCells(of: caller, on: day) }
        try settings.doorkeeper?.beginQuestion(of: caller)
        var answer: Asking.Answered
        do throws(Refusal) {
            answer = try await asking.ask(moment, condition, byteCount: byteCount, read: read)
        } catch {
            settings.doorkeeper?.endQuestion(of: caller, rowsVisited: 0)
            throw error
        }
        settings.doorkeeper?.endQuestion(of: caller, rowsVisited: answer.rowsVisited)
        if isOfMany {
            settings.doorkeeper?.spendCells(answer.cellCount, of: caller, on: day)
            // How long it took tells how many rows were looked at.
            answer.ranMilliseconds = 0
        }
        if let document = answer.slowDocument { log.tellSlow(answer, at: route, document: document) }
        if let auditor = settings.auditor { try await auditor.tell(Self.event(answer, auditor.members(of: caller), route)) }
        return answer
    }

    /// As `ask`, of what is told without running anything: that nothing has changed, and that somebody listens.
    func tell(_ answer: Asking.Answered, _ caller: Caller?, at route: Route) async throws(Refusal) {
        try settings.auditor?.check()
        try settings.doorkeeper?.beginQuestion(of: caller)
        settings.doorkeeper?.endQuestion(of: caller, rowsVisited: 0)
        if let auditor = settings.auditor { try await auditor.tell(Self.event(answer, auditor.members(of: caller), route)) }
    }

    private static func event(
        _ answer: Asking.Answered, _ who: [(name: String, value: AuditEvent.Value)], _ route: Route
    ) -> AuditEvent {
        var members = who
        members.append(("route", .text(route.name)))
        if case .question(let name) = route { members.append(("question", .text(name))) }
        if let trail = answer.trail {
            members.append(("document", .text(trail.document)))
            members.append(("variables", .texts(trail.variables)))
        }
        members += [
            ("version", .text(String(answer.version))), ("asOf", .text("\(answer.asOf)")),
            ("outcome", .text(answer.isUnchanged ? "unchanged" : "\(answer.outcome)")),
            ("decision", .text(decision(on: answer))),
        ]
        if let reason = answer.reason { members.append(("statedReason", .text(reason))) }
        if let reads = answer.reads { members += reads.members }
        if let digest = answer.fileDigest { members.append(("file", .text(digest.hexadecimal))) }
        members.append(("rows", .int(answer.rowCount)))
        if answer.cellCount > 0 { members += [("cells", .int(answer.cellCount)), ("withheld", .int(answer.withheldCount))] }
        members += [
            ("visited", .int(answer.rowsVisited)), ("bytes", .int(answer.body.count)),
            ("milliseconds", .int(answer.milliseconds)),
        ]
        return AuditEvent(answer.isChange ? "change" : "answer", members)
    }

    private static func decision(on answer: Asking.Answered) -> String {
        switch answer.outcome {
        case .data, .dataWithErrors, .dataIsNull:
            answer.withheldCount > 0 ? "suppressed" : answer.reads?.isMasked == true ? "masked" : "allowed"
        default: "refused"
        }
    }

    /// Tells the audit of a refusal that says something of who came: a wrong key, or a right one where it is not enough.
    /// Whoever comes without any credential is not told of: that would let anybody fill the disk.
    func tellRefusal(_ refusal: Refusal, _ caller: Caller?, _ request: Request, _ route: Route?) async {
        guard let auditor = settings.auditor else { return }
        let isAttempt = refusal == .unauthenticated && (request.headers[.authorization] != nil || route == .signIn)
        guard isAttempt || caller?.asker != nil else { return }
        let known = caller ?? Caller(asker: nil, address: (try? settings.doorkeeper?.address(of: request)) ?? "")
        let members =
            auditor.members(of: known) + [
                ("route", .text(route?.name ?? "none")), ("reason", .text(refusal.name)),
            ]
        // Nothing was answered, so nothing depends on it.
        try? await auditor.tell(AuditEvent("refusal", members))
    }
}
