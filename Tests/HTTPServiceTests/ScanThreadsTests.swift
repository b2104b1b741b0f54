import Dispatch
import Expressions
import Foundation
import HTTPService
import Synchronization
import Testing

/// Parts of scans on several threads: which part is done where is left to chance, how often is not.
@Suite struct `Helpers take parts of a scan` {
    /// How often each part was done, and on which threads.
    private final class Tally: Sendable {
        private let done: Mutex<[Int: Int]> = Mutex([:])
        private let threads: Mutex<Set<UInt>> = Mutex([])
        var counts: [Int: Int] { done.withLock { $0 } }
        var threadCount: Int { threads.withLock { $0.count } }
        func note(_ part: Int) {
            done.withLock { $0[part, default: 0] += 1 }
            let thread = UInt(bitPattern: ObjectIdentifier(Thread.current).hashValue)
            threads.withLock { _ = $0.insert(thread) }
        }
    }

    @Test(arguments: [0, 1, 3]) func `each part is done once, whoever does it`(_ helperCount: Int) {
        let threads = ScanThreads(count: helperCount)
        defer { threads.end() }
        for count in [0, 1, 2, 7, 100] {
            for _ in 0..<20 {
                let tally = Tally()
                threads.run(parts: count) { tally.note($0) }
                #expect(tally.counts == Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, 1) }))
            }
        }
    }

    @Test func `scans that come at once all end, each with its own parts`() {
        let threads = ScanThreads(count: 2)
        defer { threads.end() }
        let tallies = (0..<8).map { _ in Tally() }
        DispatchQueue.concurrentPerform(iterations: 8) { scan in
            for _ in 0..<50 { threads.run(parts: 5) { tallies[scan].note($0) } }
        }
        for tally in tallies { #expect(tally.counts == Dictionary(uniqueKeysWithValues: (0..<5).map { ($0, 50) })) }
    }

    @Test func `nobody helps while other questions want the core`() {
        let threads = ScanThreads(count: 3) { false }
        defer { threads.end() }
        let tally = Tally()
        threads.run(parts: 50) { tally.note($0) }
        #expect(tally.threadCount == 1 && tally.counts.count == 50)
    }

    @Test func `a helper leaves a scan after its part once its core is wanted`() {
        let isFree = Mutexed(true)
        let threads = ScanThreads(count: 1) { isFree.value }
        defer { threads.end() }
        let caller = ObjectIdentifier(Thread.current)
        let helped = Mutexed(0)
        let tally = Tally()
        // The caller's first part waits until the helper has begun one; from then on the core is wanted.
        let hasBegun = DispatchSemaphore(value: 0)
        let waited = Mutexed(false)
        threads.run(parts: 40) { part in
            tally.note(part)
            if ObjectIdentifier(Thread.current) != caller {
                helped.value += 1
                isFree.value = false
                hasBegun.signal()
            } else if !waited.value {
                waited.value = true
                _ = hasBegun.wait(timeout: .now() + 5)
            }
        }
        #expect(helped.value == 1)
        #expect(tally.counts.count == 40)
    }

    @Test func `a scan inside a part is done by whoever does the part`() {
        let threads = ScanThreads(count: 1)
        defer { threads.end() }
        let tally = Tally()
        threads.run(parts: 4) { outer in threads.run(parts: 4) { tally.note(outer * 4 + $0) } }
        #expect(tally.counts == Dictionary(uniqueKeysWithValues: (0..<16).map { ($0, 1) }))
    }

    @Test func `after the end all is done by who asks`() {
        let threads = ScanThreads(count: 2)
        threads.end()
        let tally = Tally()
        threads.run(parts: 10) { tally.note($0) }
        #expect(tally.counts.count == 10 && tally.threadCount == 1)
    }
}

/// A value that several threads read and write.
private final class Mutexed<Value: Sendable>: Sendable {
    private let kept: Mutex<Value>
    init(_ value: Value) { kept = Mutex(value) }
    var value: Value {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }
}
