import Store
import StoreColumns
import Testing

@Suite struct `A store` {
    let catalog = Catalog(
        nodeTypes: [
            NodeType(name: "Book", columns: [ColumnDefinition(name: "number", kind: .int, isNullable: false)], key: [0])
        ], enumerations: [])

    func adding(_ numbers: Int32...) -> ChangeSet {
        ChangeSet(types: [TypeChanges(type: NodeTypeID(0), columns: [0], cells: numbers.map { .int($0) })])
    }

    @Test func `a commit is visible when it is acknowledged, and a reader keeps what it took`() throws {
        let store = Store(.empty(catalog: catalog))
        let before = store.current
        let made = try store.commit(adding(1, 2), publishedAt: Instant(microseconds: 5))
        #expect(store.current === made)
        #expect(made.number == 1 && made.publishedAt == Instant(microseconds: 5))
        #expect(made[NodeTypeID(0)].liveRowCount == 2)
        #expect(before[NodeTypeID(0)].liveRowCount == 0)
    }

    @Test func `a refused change set leaves the current version in place`() throws {
        let store = Store(.empty(catalog: catalog))
        let before = store.current
        #expect(throws: CommitError.self) { try store.commit(adding(1, 1), publishedAt: Instant(microseconds: 1)) }
        #expect(store.current === before)
    }

    @Test func `a writer that saw another version is refused`() throws {
        let store = Store(.empty(catalog: catalog))
        _ = try store.commit(adding(1), publishedAt: Instant(microseconds: 1), expecting: 0)
        do {
            _ = try store.commit(adding(2), publishedAt: Instant(microseconds: 2), expecting: 0)
            Issue.record("a lost update was let through")
        } catch .otherVersion(let expected, let current) {
            #expect((expected, current) == (0, 1))
        } catch {
            Issue.record("refused for another reason: \(error)")
        }
        #expect(store.current.number == 1)
    }

    @Test func `the last versions stay readable, and a lost one names the nearest`() throws {
        let store = Store(.empty(catalog: catalog), keptVersionCount: 3)
        for number in 1...5 { _ = try store.commit(adding(Int32(number)), publishedAt: Instant(microseconds: 0)) }
        #expect(try store.version(3)[NodeTypeID(0)].liveRowCount == 3)
        #expect(throws: VersionUnavailable.gone(VersionGone(asked: 1, nearest: [3]))) { try store.version(1) }
        #expect(throws: VersionUnavailable.notReached(asked: 9, current: 5)) { try store.version(9) }
    }

    @Test func `writers from many threads lose no commit`() async throws {
        let store = Store(.empty(catalog: catalog))
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for step in 0..<20 {
                        let changes = ChangeSet(types: [
                            TypeChanges(type: NodeTypeID(0), columns: [0], cells: [.int(Int32(writer * 100 + step))])
                        ])
                        _ = try? store.commit(changes, publishedAt: Instant(microseconds: 0))
                    }
                }
            }
        }
        #expect(store.current.number == 160)
        #expect(store.current[NodeTypeID(0)].liveRowCount == 160)
    }
}
