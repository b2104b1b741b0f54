import Bytes
import Synchronization
import Testing

@Suite("A reference set once") struct OnceReferenceTests {
    private final class Value: Sendable {
        static let count = Atomic(0)
        let number: Int
        init(_ number: Int) {
            self.number = number
            Value.count.add(1, ordering: .relaxed)
        }
        deinit { Value.count.subtract(1, ordering: .relaxed) }
    }

    private final class Holder: Sendable {
        let value = OnceReference<Value>()
    }

    @Test func `the first to come sets it for all, and what nobody holds is gone`() async {
        for _ in 0..<200 {
            let holder = Holder()
            #expect(holder.value.load() == nil)
            let found = await withTaskGroup(of: (Int, Int?).self) { group in
                for number in 1...4 {
                    group.addTask {
                        let stored = holder.value.storeIfNil(Value(number)).number
                        return (stored, holder.value.load()?.number)
                    }
                }
                return await group.reduce(into: Set<Int>()) { found, next in
                    found.insert(next.0)
                    if let loaded = next.1 { found.insert(loaded) }
                }
            }
            #expect(found.count == 1)
            #expect(Value.count.load(ordering: .relaxed) == 1)
        }
        #expect(Value.count.load(ordering: .relaxed) == 0)
    }

    @Test func `it is lent where it is there, and held by nobody longer`() {
        let holder = Holder()
        #expect(holder.value.withLoaded { $0.number } == nil)
        _ = holder.value.storeIfNil(Value(7))
        #expect(holder.value.withLoaded { $0.number } == 7)
    }
}
