import Bytes
import StoreJournal
import Testing

@Suite struct `Group commit` {
    func take(_ machine: inout GroupCommit, _ byteCount: Int) -> Bool { machine.enqueue(byteCount: byteCount) }

    @Test func `many waiting records share one write, one synchronization and one mark`() {
        var machine = GroupCommit(after: 7)
        for _ in 0..<5 { #expect(take(&machine, 100)) }
        var actions: [GroupCommit.Action] = []
        while machine.next() != .wait {
            actions.append(machine.next())
            machine.finished(machine.next())
        }
        #expect(actions == [.write(recordCount: 5), .synchronize, .acknowledge(12), .answer(12)])
    }

    @Test func `a record that comes while others are synchronized waits for the next batch`() {
        var machine = GroupCommit(after: 0)
        #expect(take(&machine, 1))
        machine.finished(.write(recordCount: 1))
        #expect(take(&machine, 1))
        #expect(machine.next() == .synchronize)
        machine.finished(.synchronize)
        #expect(machine.next() == .acknowledge(1))
        machine.finished(.acknowledge(1))
        #expect(machine.next() == .answer(1))
        machine.finished(.answer(1))
        #expect(machine.next() == .write(recordCount: 1))
    }

    @Test func `a batch keeps to its bounds, but a record larger than them goes alone`() {
        var limits = GroupCommit.Limits()
        limits.batchRecordCount = 3
        limits.batchByteCount = 100
        var machine = GroupCommit(after: 0, limits: limits)
        for size in [40, 40, 40, 500, 1, 1, 1, 1] { #expect(take(&machine, size)) }
        var writes: [Int] = []
        while machine.next() != .wait {
            if case .write(let count) = machine.next() { writes.append(count) }
            machine.finished(machine.next())
        }
        #expect(writes == [2, 1, 1, 3, 1])
    }

    @Test func `what may wait is bounded by number and by bytes`() {
        var limits = GroupCommit.Limits()
        limits.waitingRecordCount = 3
        limits.waitingByteCount = 100
        var machine = GroupCommit(after: 0, limits: limits)
        #expect(take(&machine, 60) && !take(&machine, 60))
        #expect(take(&machine, 1) && take(&machine, 1) && !take(&machine, 1))
        #expect(machine.enqueued == 3)
        machine.finished(machine.next())
        #expect(take(&machine, 60))
    }

    @Test func `after a failure nothing is written, and a restart forgets what waited`() {
        var machine = GroupCommit(after: 0)
        #expect(take(&machine, 1))
        machine.finished(machine.next())
        machine.fail()
        #expect(machine.next() == .wait && !take(&machine, 1))
        machine.restart()
        #expect(machine.next() == .wait && machine.enqueued == 0)
        #expect(take(&machine, 1) && machine.next() == .write(recordCount: 1))
    }

    @Test func `never is answered what is not marked, marked what is not durable, durable what is not written`() {
        var random = Chance(seed: 4)
        for _ in 0..<200 {
            var machine = GroupCommit(after: random.next(1_000))
            for _ in 0..<100 {
                switch random.next(6) {
                case 0, 1: _ = take(&machine, Int(random.next(1 << 20)))
                case 2 where random.next(20) == 0: machine.fail()
                case 3 where machine.hasFailed: machine.restart()
                default: machine.finished(machine.next())
                }
                let order = [machine.answered, machine.acknowledged, machine.durable, machine.written, machine.enqueued]
                #expect(order == order.sorted())
            }
        }
    }
}

/// Chance with a seed.
struct Chance {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 2 &+ 1 }
    mutating func next(_ bound: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % bound
    }
}
