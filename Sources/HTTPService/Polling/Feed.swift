import Hummingbird
import JSONText
import NIOCore
import Query
import Store
import StoreColumns

/// What a connection that stays is told.
protocol Feed: Sendable {
    /// What is to be sent now: nothing where nothing has changed, nil where there will never be more.
    mutating func next() async -> [ByteBuffer]?
}

/// Word of every new version.
struct VersionFeed: Feed {
    /// Versions told of at once to a client that was away; one of them is enough to make it ask again.
    private static let missedVersions = 100

    private let store: Store
    private var last: UInt64

    /// - Parameter id: The last version that the client was told of.
    init(_ store: Store, since id: String?) {
        self.store = store
        let current = store.current.number
        let before = current > 0 ? current - 1 : 0
        // A greater one is of another line of versions.
        last = id.flatMap { UInt64($0) }.flatMap { $0 <= current ? $0 : nil } ?? before
    }

    mutating func next() async -> [ByteBuffer]? {
        let moments = store.moments(after: last, atMost: Self.missedVersions)
        if let newest = moments.last { last = newest.number }
        return moments.map { EventText.event("version", id: String($0.number), Self.json($0)) }
    }

    private static func json(_ moment: VersionMoment) -> [UInt8] {
        var json = JSONWriter(capacity: 96)
        json.beginObject()
        json.name("version")
        json.string(String(moment.number))
        json.name("publishedAt")
        json.string(moment.publishedAt.description)
        json.endObject()
        return json.finish()
    }
}

/// An answer, whenever its name is another.
struct AnswerFeed: Feed {
    private let answerer: Answerer
    private let request: Request
    private let caller: Caller?
    private let make: @Sendable () throws(Refusal) -> Inquiry
    private var inquiry: Inquiry
    private var footing: AnswerFooting?
    /// Of the answer that was sent last, or that the client says it has.
    private var name: String?
    private var waiting: [ByteBuffer] = []
    private var isOver = false

    init(
        _ answerer: Answerer, _ request: Request, _ caller: Caller?, _ inquiry: Inquiry,
        _ make: @escaping @Sendable () throws(Refusal) -> Inquiry
    ) {
        self.answerer = answerer
        self.request = request
        self.caller = caller
        self.inquiry = inquiry
        self.make = make
        name = request.headers[.lastEventID]
    }

    /// Asks for the first time.
    ///
    /// - Returns: The answer where it holds no data: then there is nothing to follow.
    mutating func begin() async throws(Refusal) -> Asking.Answered? {
        guard let answer = try await answerIfOther() else { return nil }
        guard answer.outcome == .data || answer.outcome == .dataWithErrors else { return answer }
        waiting = [event(answer)]
        return nil
    }

    mutating func next() async -> [ByteBuffer]? {
        guard waiting.isEmpty else {
            defer { waiting = [] }
            return waiting
        }
        guard !isOver else { return nil }
        do throws(Refusal) {
            guard let answer = try await answerIfOther() else { return [] }
            return [event(answer)]
        } catch {
            switch error {
            // Later.
            case .overloaded, .rateLimited, .versionTimeout, .stopping: return []
            default:
                isOver = true
                return [EventText.event("refusal", error.body)]
            }
        }
    }

    private func event(_ answer: Asking.Answered) -> ByteBuffer { EventText.event("answer", id: name, answer.body) }

    /// The answer, if it is another than the last.
    private mutating func answerIfOther() async throws(Refusal) -> Asking.Answered? {
        if inquiry.namesChange, inquiry.generation != answerer.content.shelf.generation {
            inquiry = try make()
            footing = nil
        }
        let moment = try await answerer.moment(inquiry.parameters, request, caller)
        if let footing, let identity = footing.identity(in: moment.version, asOf: moment.asOf), identity.name == name {
            return nil
        }
        let known = name
        // What has no name of its own may be another with every version.
        let versionName = "version-\(moment.version.number)"
        if footing == nil, known == versionName { return nil }
        var condition = answerer.condition(for: inquiry)
        condition.isKnown = { identity, _, _ in identity.name == known }
        let answer = try await answerer.ask(moment, caller, at: inquiry.route, condition, read: inquiry.read)
        footing = answer.footing
        // There was no time for it; there may be when the next word comes.
        if answer.outcome == .stopped, known != nil { return nil }
        name = answer.identity?.name ?? versionName
        return answer.isUnchanged ? nil : answer
    }
}
