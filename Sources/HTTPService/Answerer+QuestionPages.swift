import HTTPTypes
import Hummingbird
import Query
import StoreColumns

/// Saved questions for whoever comes with a browser: `/q` as a list, `/q/<name>` as a form and a table. `api.md` §7
extension Answerer {
    /// The list as a page; nil for whoever wants it as JSON.
    func questionListPage(_ request: Request, _ caller: Caller?) async throws(Refusal) -> Response? {
        guard let template = content.pages.questions, Self.prefersPage(request.headers[.accept]) else { return nil }
        let page = template.filled(with: try await desk(of: caller).questions.questions.pageValues)
        return self.page(Array(page.utf8), .ok, isHead: request.method == .head)
    }

    /// A question as a page, asked where the address gives all that it needs; nil for whoever wants data.
    func questionPage(_ name: String, _ request: Request, _ caller: Caller?) async throws(Refusal) -> Response? {
        guard let template = content.pages.question, request.method != .post, Self.prefersPage(request.headers[.accept])
        else { return nil }
        let desk = try await desk(of: caller)
        guard let question = desk.questions.questions[name] else { return nil }
        let parameters = try URLParameters(target: request.head.path)
        let isHead = request.method == .head
        var page = QuestionPage(question, parameters)
        guard page.isComplete else {
            let status: HTTPResponse.Status = question.problems.isEmpty ? .ok : .unprocessableContent
            return self.page(Array(template.filled(with: page.values).utf8), status, isHead: isHead)
        }
        let inquiry = try inquiry(name, .nothing, request, desk)
        let moment = try await moment(parameters, request, caller)
        let answer = try await ask(moment, caller, at: inquiry.route, condition(for: inquiry), read: inquiry.read)
        if answer.outcome == .data || answer.outcome == .dataWithErrors {
            page.show(answer, as: shape(of: inquiry, moment))
        }
        if answer.outcome != .data { page.tellErrors(of: answer.body) }
        var response = self.page(
            Array(template.filled(with: page.values).utf8), answer.outcome.status(in: settings.statuses, as: .json),
            isHead: isHead)
        response.headers[.dataVersion] = String(answer.version)
        response.headers[.dataAsOf] = answer.asOf.description
        return response
    }

    /// Nil where its answer is no table.
    private func shape(of inquiry: Inquiry, _ moment: Asking.Moment) -> TableShape? {
        do throws(RequestError) {
            return try moment.desk.queries.tableShape(
                of: try inquiry.read(), viewer: moment.caller.viewer, named: inquiry.table)
        } catch {
            return nil
        }
    }

    private func page(_ bytes: [UInt8], _ status: HTTPResponse.Status, isHead: Bool) -> Response {
        var fields = SecurityFields.form
        fields[.contentType] = "text/html; charset=utf-8"
        fields[.vary] = "Accept"
        return varying(Response(status: status, headers: fields, bytes: bytes, isHead: isHead))
    }
}
