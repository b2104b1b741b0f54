import StoreColumns
import Testing

@Suite struct `Refused change sets` {
    let version: GraphVersion

    init() throws {
        let people = TypeChanges(
            type: NodeTypeID(0), columns: [0, 2],
            cells: [.string("ann"), .string("P1"), .string("bo"), .string("P2"), .string("cy"), .null])
        let works = TypeChanges(type: NodeTypeID(1), columns: [0, 1], cells: [.int(1), .reference(author("ann"))])
        version = try GraphVersion.empty(catalog: library).applying(
            ChangeSet(types: [works, people]), number: 1, publishedAt: Instant(microseconds: 0))
    }

    func problems(_ changes: TypeChanges...) -> [ChangeProblem] {
        do {
            _ = try version.applying(ChangeSet(types: changes), number: 2, publishedAt: Instant(microseconds: 0))
            return []
        } catch {
            return error.problems
        }
    }

    @Test func `each reason is told with its row and column`() {
        let (people, works) = (NodeTypeID(0), NodeTypeID(1))
        #expect(
            problems(TypeChanges(type: people, columns: [0], cells: [.string("dee"), .null]))
                == [ChangeProblem(type: people, row: 1, column: 0, reason: .missingKey)])
        #expect(
            problems(TypeChanges(type: people, columns: [0], cells: [.string("dee"), .string("eve"), .string("dee")]))
                == [ChangeProblem(type: people, row: 2, column: nil, reason: .duplicateKey(firstRow: 0))])
        #expect(
            problems(TypeChanges(type: works, columns: [0, 1], cells: [.int(2), .reference(author("nobody"))]))
                == [ChangeProblem(type: works, row: 0, column: 1, reason: .danglingReference)])
        #expect(
            problems(TypeChanges(type: works, columns: [0, 1, 2], cells: [.int(2), .reference(author("bo")), .string("x")]))
                == [ChangeProblem(type: works, row: 0, column: 2, reason: .wrongKind)])
        #expect(
            problems(TypeChanges(type: works, columns: [0, 1, 5], cells: [.int(2), .reference(author("bo")), .enumeration(9)]))
                == [ChangeProblem(type: works, row: 0, column: 5, reason: .wrongKind)])
        #expect(
            problems(TypeChanges(type: people, columns: [0, 2], cells: [.string("cy"), .string("P1")]))
                == [ChangeProblem(type: people, row: 0, column: 2, reason: .notUnique)])
        #expect(
            problems(TypeChanges(type: people, columns: [], deletedKeys: [author("zed")]))
                == [ChangeProblem(type: people, row: 0, column: nil, reason: .noSuchRow)])
        #expect(
            problems(TypeChanges(type: people, columns: [], deletedKeys: [author("bo"), author("ann")]))
                == [ChangeProblem(type: people, row: 1, column: nil, reason: .stillReferenced(byType: works))])
    }

    @Test func `a unique value may move from one row to another within a set`() {
        let moved = TypeChanges(
            type: NodeTypeID(0), columns: [0, 2], cells: [.string("ann"), .string("P2"), .string("bo"), .string("P1")])
        #expect(problems(moved).isEmpty)
    }

    @Test func `all problems are counted, and as many kept as were asked for`() {
        let bad = TypeChanges(type: NodeTypeID(0), columns: [0], cells: Array(repeating: .null, count: 50))
        do {
            _ = try version.applying(
                ChangeSet(types: [bad]), number: 2, publishedAt: Instant(microseconds: 0), problemLimit: 3)
            Issue.record("a set of rows without keys was let through")
        } catch {
            #expect(error.problems.count == 3 && error.problemCount == 50)
        }
    }
}
