import StoreColumns
import Testing

@Suite struct `Building a version column by column` {
    /// Authors and books as the library has them.
    private func build(
        authors: [String], books: [(number: Int32, author: UInt32)], passports: [String?] = []
    ) throws(ChangeSetRefused) -> GraphVersion {
        let builder = GraphBuilder(catalog: library)
        let people = builder.table(NodeTypeID(0))
        for code in authors { #expect(people.texts(0).append(code)) }
        for index in authors.indices {
            guard index < passports.count, let text = passports[index] else {
                people.texts(2).appendNull()
                continue
            }
            #expect(people.texts(2).append(text))
        }
        let works = builder.table(NodeTypeID(1))
        for book in books {
            works.ints(0).append(book.number)
            works.references(1).append(book.author)
            works.longs(2).append(Int64(book.number) * 100)
            #expect(works.referenceLists(3).append(book.number % 2 == 0 ? nil : [book.author]))
            works.booleans(4).append(book.number % 3 == 0 ? nil : true)
            works.codes(5).append(1)
        }
        return try builder.finish(number: 7, publishedAt: Instant(microseconds: 7))
    }

    @Test func `amounts to applying a change set of the same rows`() throws {
        let codes = (0..<70_000).map { "a\($0)" }
        let books = (0..<70_000).map { (number: Int32($0 / 4), author: UInt32($0 % 4 * 17_000)) }
        let built = try build(authors: codes, books: books, passports: (0..<70_000).map { $0 % 5 == 0 ? nil : "p\($0)" })
        let people = TypeChanges(
            type: NodeTypeID(0), columns: [0, 2],
            cells: codes.indices.flatMap { [.string(codes[$0]), $0 % 5 == 0 ? Cell.null : .string("p\($0)")] })
        let works = TypeChanges(
            type: NodeTypeID(1), columns: [0, 1, 2, 3, 4, 5],
            cells: books.flatMap { book -> [Cell] in
                let key = author("a\(book.author)")
                return [
                    .int(book.number), .reference(key), .decimal(Int64(book.number) * 100),
                    book.number % 2 == 0 ? .null : .referenceList([key]), book.number % 3 == 0 ? .null : .boolean(true),
                    .enumeration(1),
                ]
            })
        let applied = try GraphVersion.empty(catalog: library).applying(
            ChangeSet(types: [people, works]), number: 7, publishedAt: Instant(microseconds: 7))
        #expect(built.firstInconsistency() == nil)
        for type in [NodeTypeID(0), NodeTypeID(1)] {
            #expect(built[type].rowCount == applied[type].rowCount)
            for row in stride(from: 0, to: built[type].rowCount, by: 61) {
                let key = applied.key(of: RowNumber(row), type: type)
                #expect(built.key(of: RowNumber(row), type: type) == key)
                #expect(built.row(of: type, forKey: key) == RowNumber(row))
                for column in library[type].columns.indices {
                    #expect(built[type].column(column).isNull(at: row) == applied[type].column(column).isNull(at: row))
                }
            }
        }
        for inverse in 0...1 {
            for row in [0, 17_000, 34_000, 51_000, 69_999] as [RowNumber] {
                let (left, right) = (built[NodeTypeID(0)].inverse(inverse), applied[NodeTypeID(0)].inverse(inverse))
                #expect(left.count(of: row) == right.count(of: row))
            }
        }
        #expect(built[NodeTypeID(0)].row(withUnique: "p69999", in: 2) == 69_999)
        #expect(built[NodeTypeID(0)].row(withUnique: "p5", in: 2) == nil)
    }

    @Test func `reports what a change set could not have brought`() {
        func refusal(
            authors: [String], books: [(number: Int32, author: UInt32)], passports: [String?] = []
        ) -> [ChangeProblem] {
            do throws(ChangeSetRefused) {
                _ = try build(authors: authors, books: books, passports: passports)
                return []
            } catch {
                return error.problems
            }
        }
        #expect(
            refusal(authors: ["a", "b", "a"], books: [])
                == [ChangeProblem(type: NodeTypeID(0), row: 2, column: nil, reason: .duplicateKey(firstRow: 0))])
        #expect(
            refusal(authors: ["a", "b", "c"], books: [], passports: ["x", nil, "x"])
                == [ChangeProblem(type: NodeTypeID(0), row: 2, column: 2, reason: .notUnique)])
        #expect(
            refusal(authors: ["a"], books: [(1, 0), (2, 0), (1, 0)])
                == [ChangeProblem(type: NodeTypeID(1), row: 2, column: nil, reason: .duplicateKey(firstRow: 0))])
        #expect(
            refusal(authors: ["a"], books: [(2, 1)])
                == [ChangeProblem(type: NodeTypeID(1), row: 0, column: 1, reason: .danglingReference)])
    }
}
