import Access
import HTTPTypes
import Hummingbird
import NIOCore
import Query
import Store
import StoreColumns

/// Connections that stay: word of every new version, and answers that come again when they change. `api.md` §6
extension Answerer {
    /// Whether a client asks for events, and not for one answer.
    static func wantsEvents(_ accept: String?) -> Bool {
        guard let accept, AnswerMediaType.plain(accept: accept, preferred: .json) == nil, accept.contains("text/event-stream")
        else { return false }
        return HeaderValue.list(accept).contains { HeaderValue($0)?.value == "text/event-stream" }
    }

    /// `/events`: one event a version, the current one first, or those since `Last-Event-ID`.
    func answerEvents(_ request: Request, _ caller: Caller?) async throws(Refusal) -> Response {
        _ = try await desk(of: caller)
        let place = try places.take(caller?.asker?.id)
        let version = content.store.current.number
        try await tell(Asking.Answered(outcome: .data, body: [], version: version, asOf: content.today()), caller, at: .events)
        return stream(VersionFeed(content.store, since: request.headers[.lastEventID]), request, place)
    }

    /// The answer now, and again whenever its name changes. What cannot be answered now is refused as anywhere.
    ///
    /// - Parameter make: Reads the request; again where the saved questions are others.
    func live(
        _ request: Request, _ caller: Caller?, _ make: @escaping @Sendable () throws(Refusal) -> Inquiry
    ) async throws(Refusal) -> Response {
        let place = try places.take(caller?.asker?.id)
        var feed = AnswerFeed(self, request, caller, try make(), make)
        if let refused = try await feed.begin() {
            return varying(response(refused, as: .graphQLResponse, isHead: request.method == .head))
        }
        return stream(feed, request, place)
    }

    /// - Parameter place: Given back when the connection ends.
    private func stream(_ first: some Feed, _ request: Request, _ place: LivePlaces.Place) -> Response {
        var fields = SecurityFields.data
        fields[.contentType] = "text/event-stream"
        fields[.vary] = "Accept"
        guard request.method != .head else { return varying(Response(status: .ok, headers: fields)) }
        let body = ResponseBody { writer in
            defer { place.release() }
            var feed = first
            let client = Client.current
            let (ticker, listener) = (self.ticker, self.ticker.listen())
            defer {
                ticker.leave(listener.number)
                client?.forgetLeaving()
            }
            try await writer.write(EventText.beginning)
            var news = listener.news.makeAsyncIterator()
            var word = NewsTicker.News.change
            while let events = await feed.next() {
                // Asking forgets what is to be done when the client leaves.
                client?.onLeaving { ticker.leave(listener.number) }
                for event in events { try await writer.write(event) }
                if events.isEmpty, word == .nothing { try await writer.write(EventText.heartbeat) }
                guard let next = await news.next(), !self.state.isStopping, await self.mayStay(request) else { break }
                word = next
            }
            try await writer.finish(nil)
        }
        return varying(Response(status: .ok, headers: fields, body: body))
    }

    /// Whether whoever began to listen might begin now: keys and tokens end, and sessions do.
    private func mayStay(_ request: Request) async -> Bool {
        do throws(Refusal) {
            _ = try await caller(of: request, from: sender(of: request))
            return true
        } catch {
            return false
        }
    }
}
