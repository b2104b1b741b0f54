import HTTPService
import NIOCore
import Testing

/// T92, as a machine without threads: which question runs, which waits, which gives way.
@Suite struct `Short questions do not wait for long ones` {
    private typealias Lanes = QuestionLanes<String>

    private static func lanes(workers: Int = 3, cores: Int = 2, permits: Int = 1, queue: Int = 4) -> Lanes {
        Lanes(
            .init(
                workerCount: workers, coreCount: cores, queueLength: queue, queueTime: .milliseconds(500),
                longQueueTime: .milliseconds(700), longTime: .milliseconds(50), permitCount: permits))
    }

    private func at(_ milliseconds: Int64) -> NIODeadline { NIODeadline.uptimeNanoseconds(1) + .milliseconds(milliseconds) }

    /// Lets all workers that have nothing to do go to sleep.
    private func asleep(_ lanes: inout Lanes) {
        for worker in lanes.firstWorkers { check(lanes.next(for: worker, now: at(0)), is: .sleep) }
    }

    private func check(
        _ next: Lanes.Next, is expected: Lanes.Next, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect("\(next)" == "\(expected)", sourceLocation: sourceLocation)
    }

    private func check(
        _ entry: Lanes.Entry, is expected: Lanes.Entry, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect("\(entry)" == "\(expected)", sourceLocation: sourceLocation)
    }

    private func check(
        _ looked: (orders: [Lanes.Order], goesOn: Bool), is orders: [Lanes.Order], goesOn: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(looked.orders.map { "\($0)" }.sorted() == orders.map { "\($0)" }.sorted(), sourceLocation: sourceLocation)
        #expect(looked.goesOn == goesOn, sourceLocation: sourceLocation)
    }

    @Test func `as many workers are woken as there are cores, and a further one for who has waited`() {
        var lanes = Self.lanes()
        asleep(&lanes)
        check(lanes.enter("a", deadline: at(9_000), now: at(0)), is: .queued(wakes: 2, watches: true))
        check(lanes.enter("b", deadline: at(9_000), now: at(0)), is: .queued(wakes: 1, watches: false))
        check(lanes.enter("c", deadline: at(9_000), now: at(0)), is: .queued(watches: false))
        check(lanes.next(for: 2, now: at(1)), is: .run("a"))
        check(lanes.next(for: 1, now: at(1)), is: .run("b"))
        check(lanes.look(now: at(4)), is: [])
        check(lanes.look(now: at(5)), is: [.wake(0)])
        check(lanes.next(for: 0, now: at(5)), is: .run("c"))
        check(lanes.next(for: 2, now: at(6)), is: .sleep)
        check(lanes.next(for: 1, now: at(6)), is: .sleep)
        check(lanes.next(for: 0, now: at(6)), is: .sleep)
        check(lanes.look(now: at(7)), is: [], goesOn: false)
    }

    @Test func `a question that has become long takes a permit and leaves its place in the short lane`() {
        var lanes = Self.lanes()
        asleep(&lanes)
        _ = lanes.enter("long", deadline: at(9_000), now: at(0))
        check(lanes.next(for: 2, now: at(0)), is: .run("long"))
        check(lanes.look(now: at(49)), is: [])
        check(lanes.look(now: at(50)), is: [.promote(2, starts: 3)])
        check(lanes.look(now: at(60)), is: [])
        #expect(lanes.longCount == 1 && lanes.workerCount == 4)
        check(lanes.next(for: 3, now: at(60)), is: .sleep)
        // Both cores are there for short questions.
        check(lanes.enter("a", deadline: at(9_000), now: at(60)), is: .queued(wakes: 3, watches: false))
        check(lanes.enter("b", deadline: at(9_000), now: at(60)), is: .queued(wakes: 1, watches: false))
        check(lanes.next(for: 2, now: at(70)), is: .end)
        #expect(lanes.longCount == 0 && lanes.workerCount == 3)
    }

    @Test func `without a permit it breaks off, waits, and is begun anew when one is free`() {
        var lanes = Self.lanes()
        asleep(&lanes)
        for name in ["first", "second"] { _ = lanes.enter(name, deadline: at(9_000), now: at(0)) }
        check(lanes.next(for: 2, now: at(0)), is: .run("first"))
        check(lanes.next(for: 1, now: at(10)), is: .run("second"))
        check(lanes.look(now: at(50)), is: [.promote(2, starts: 3)])
        check(lanes.look(now: at(60)), is: [.breakOff("second")])
        // It is asked once.
        check(lanes.look(now: at(65)), is: [])
        check(lanes.enter("second again", deadline: at(9_000), isLong: true, now: at(66)), is: .queued(watches: false))
        check(lanes.next(for: 1, now: at(66)), is: .sleep)
        #expect(lanes.waitingCount == 1)
        // The thread that has a permit keeps it.
        check(lanes.next(for: 2, now: at(100)), is: .run("second again"))
        #expect(lanes.longCount == 1)
        // What runs in the long lane is never asked to break off.
        check(lanes.look(now: at(900)), is: [])
        check(lanes.next(for: 2, now: at(910)), is: .end)
        check(
            lanes.enter("third again", deadline: at(9_000), isLong: true, now: at(920)),
            is: .queued(starts: 4, watches: false))
        check(lanes.next(for: 4, now: at(921)), is: .run("third again"))
    }

    @Test func `who waits too long for a permit is refused by its name, and told when one is free at the latest`() {
        var lanes = Self.lanes()
        asleep(&lanes)
        _ = lanes.enter("first", deadline: at(9_000), now: at(0))
        check(lanes.next(for: 2, now: at(0)), is: .run("first"))
        _ = lanes.look(now: at(50))
        _ = lanes.enter("second", deadline: at(9_000), isLong: true, now: at(60))
        check(lanes.look(now: at(759)), is: [])
        check(
            lanes.look(now: at(760)),
            is: [.refuse("second", .overloaded(name: "max-long-queries", limit: 1, retryAfterSeconds: 9))])
        #expect(lanes.waitingCount == 0)
    }

    @Test func `both lanes wait in one queue, whose length is bounded`() {
        var lanes = Self.lanes(workers: 1, cores: 1, queue: 2)
        asleep(&lanes)
        _ = lanes.enter("first", deadline: at(9_000), now: at(0))
        check(lanes.next(for: 0, now: at(0)), is: .run("first"))
        _ = lanes.look(now: at(50))
        _ = lanes.enter("second", deadline: at(9_000), isLong: true, now: at(50))
        check(lanes.next(for: 1, now: at(50)), is: .sleep)
        _ = lanes.enter("short", deadline: at(9_000), now: at(50))
        _ = lanes.enter("short too", deadline: at(9_000), now: at(50))
        let refusal = Refusal.overloaded(name: "max-queue-length", limit: 2, retryAfterSeconds: 1)
        check(lanes.enter("one more", deadline: at(9_000), now: at(50)), is: .refused(refusal))
        check(lanes.enter("one more", deadline: at(9_000), isLong: true, now: at(50)), is: .refused(refusal))
    }

    @Test func `a question whose time is over is stopped in either lane`() {
        var lanes = Self.lanes()
        asleep(&lanes)
        _ = lanes.enter("long", deadline: at(200), now: at(0))
        check(lanes.next(for: 2, now: at(0)), is: .run("long"))
        _ = lanes.look(now: at(50))
        _ = lanes.enter("short", deadline: at(190), now: at(180))
        check(lanes.next(for: 1, now: at(180)), is: .run("short"))
        check(lanes.look(now: at(190)), is: [.stop("short")])
        check(lanes.look(now: at(200)), is: [.stop("short"), .stop("long")])
    }

    @Test func `after the end nothing is taken, and every worker ends`() {
        var lanes = Self.lanes()
        asleep(&lanes)
        _ = lanes.enter("long", deadline: at(9_000), now: at(0))
        check(lanes.next(for: 2, now: at(0)), is: .run("long"))
        _ = lanes.look(now: at(50))
        _ = lanes.enter("waits", deadline: at(9_000), isLong: true, now: at(60))
        let (waiting, woken) = lanes.stop()
        #expect(waiting == ["waits"] && woken == [0, 1])
        check(lanes.enter("late", deadline: at(9_000), now: at(70)), is: .refused(.stopping))
        for worker in [0, 1, 2, 3] { check(lanes.next(for: worker, now: at(80)), is: .end) }
        #expect(lanes.workerCount == 0)
    }
}
