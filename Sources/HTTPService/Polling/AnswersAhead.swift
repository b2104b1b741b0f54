import Expressions
import NIOCore
import NIOPosix
import Query
import Settings
import Store
import StoreColumns
import Synchronization

/// Makes answers before they are asked for: of the saved questions that are polled, each with its parameters and for whoever asks it
/// so, whenever a version or a day gives them another name.
///
/// It takes nothing from those who wait: one question at a time, on a thread that yields to all others, for a share of one core, and not
/// while a question waits for a thread. What was begun for a version is given up when there is a newer one. Whatever comes of it, the
/// next request is answered as it would be without: an answer that is there is given, another is made.
final class AnswersAhead: Sendable {
    enum Outcome: String, CaseIterable, Sendable {
        case made
        /// A newer version came, or the time was over.
        case abandoned
        /// It came to no data, or to errors beside it.
        case failed
    }

    /// How soon a newer version is noticed.
    private static let interval = TimeAmount.milliseconds(25)
    /// What a question waits for those who ask.
    private static let patience = Duration.milliseconds(5)
    /// The longest rest between two answers.
    private static let longestRest = Duration.seconds(30)

    private let asking: Asking
    private let content: ServiceContent
    private let ticker: NewsTicker
    private let clock: any EventLoopGroup
    private let questionCount: Int
    private let memory: TimeAmount
    private let percent: Int
    private let deadline: TimeAmount
    private let isStopping: @Sendable () -> Bool
    private let isAwake = Atomic(false)
    private let outcomes = Mutex<[Outcome: Int]>([:])

    /// - Parameter limits: At least those of `ServiceLimits`.
    init(
        _ asking: Asking, _ content: ServiceContent, _ ticker: NewsTicker, limits: LimitValues, clock: any EventLoopGroup,
        isStopping: @escaping @Sendable () -> Bool
    ) {
        self.asking = asking
        self.content = content
        self.ticker = ticker
        self.clock = clock
        self.isStopping = isStopping
        questionCount = limits["max-hot-questions"]
        memory = .milliseconds(Int64(limits["hot-question-time"]))
        percent = limits["ahead-percent"]
        deadline = .milliseconds(Int64(limits["deadline"]))
    }

    var counts: [(outcome: Outcome, count: Int)] {
        let outcomes = outcomes.withLock { $0 }
        return Outcome.allCases.map { ($0, outcomes[$0] ?? 0) }
    }

    var hotCount: Int { hot.count }

    private var hot: [(key: Polls.Key, value: Polls.Poll)] {
        questionCount == 0 ? [] : asking.polls.hot(since: .now() - memory, atMost: questionCount)
    }

    /// Has versions looked out for, as long as there is something hot. Called with every poll, so it must cost nothing.
    func wake() {
        guard questionCount > 0, !isAwake.load(ordering: .relaxed), !isAwake.exchange(true, ordering: .relaxed) else { return }
        Task { await watch() }
    }

    private func watch() async {
        let (news, number) = ticker.listen()
        defer {
            ticker.leave(number)
            isAwake.store(false, ordering: .relaxed)
        }
        for await word in news {
            guard !isStopping() else { return }
            switch word {
            case .change: await makeAll()
            // As often as a connection that stays is told that nothing has changed.
            case .nothing: guard !hot.isEmpty else { return }
            }
        }
    }

    /// What answers are made for.
    private struct Scene: Sendable {
        var version: GraphVersion
        var today: CivilDate
        var generation: Int
    }

    private func makeAll() async {
        let scene = Scene(version: content.store.current, today: content.today(), generation: content.shelf.generation)
        for (key, poll) in hot where key.generation == scene.generation {
            guard let recipe = poll.recipe else { continue }
            await giveWay(scene)
            guard isCurrent(scene) else { return }
            let began = ContinuousClock.now
            let outcome = await make(poll, recipe, scene)
            if let outcome { outcomes.withLock { $0[outcome, default: 0] += 1 } }
            let rest = (ContinuousClock.now - began) * (100 - percent) / percent
            try? await Task.sleep(for: min(rest, Self.longestRest))
        }
    }

    private func isCurrent(_ scene: Scene) -> Bool {
        content.store.current.number == scene.version.number && !isStopping()
    }

    /// Returns when no question waits for a thread.
    private func giveWay(_ scene: Scene) async {
        while asking.counts.waiting > 0, isCurrent(scene) { try? await Task.sleep(for: Self.patience) }
    }

    /// - Returns: Nil where there was nothing to do: the answer has the name that it had, or it is there.
    private func make(_ poll: Polls.Poll, _ given: Polls.Recipe, _ scene: Scene) async -> Outcome? {
        var recipe = given
        let (polls, keptName) = (asking.polls, given.condition.keptName)
        recipe.condition.isKnown = { identity, version, asOf in
            identity.name == poll.name || keptName?(identity, version, asOf).flatMap { polls.answer($0) } != nil
        }
        var terms = VersionTerms(isNamed: false)
        (terms.today, terms.newest) = (scene.today, scene.version)
        let moment = Asking.Moment(
            version: scene.version, asOf: poll.asOf ?? scene.today, terms: terms, caller: recipe.caller,
            desk: recipe.desk)
        let budget = asking.whole.queries.makeBudget()
        let end = NIODeadline.now() + deadline
        let watch = clock.next().scheduleRepeatedTask(initialDelay: Self.interval, delay: Self.interval) { [self] _ in
            if !isCurrent(scene) || NIODeadline.now() > end { budget.stop(.cancelled) }
        }
        defer { watch.cancel() }
        let outcome = await withCheckedContinuation { [asking, recipe] continuation in
            QuestionThread().start(yields: true) { continuation.resume(returning: asking.makeAhead(moment, recipe, budget)) }
        }
        return switch outcome {
        case nil: nil
        case .data: .made
        case .stopped: .abandoned
        default: .failed
        }
    }
}
