import StoreColumns
import Testing

/// Change sets of about as many rows as decide whether lists are patched or counted anew, one after the other, so that patches fill up.
@Suite struct `Change sets of many rows` {
    private static let people = NodeTypeID(0)
    private static let works = NodeTypeID(1)
    private static let authorCount = 1_600

    /// A book's author never changes; its editors do, and it may be gone.
    private struct Shelf {
        var editors: [[Int]?]
        mutating func set(_ book: Int, _ editors: [Int]?) { self.editors[book] = editors }
    }

    private static func key(ofAuthor number: Int) -> Key { Key([.string("a\(number)")]) }
    private static func writer(of book: Int) -> Int { book * 31 % authorCount }
    private static func key(ofBook number: Int) -> Key {
        Key([.reference(key(ofAuthor: writer(of: number))), .int(Int32(number))])
    }

    /// A few, or about as many as are compared one by one; some twice. Half of them are the same two.
    private func editors(_ random: inout SeededGenerator) -> [Int] {
        let count = [0, 1, 2, 3, 7, 8, 9][Int.random(in: 0..<7, using: &random)]
        var list = (0..<count).map { _ in
            Bool.random(using: &random)
                ? Int.random(in: 0..<2, using: &random) : Int.random(in: 0..<Self.authorCount, using: &random)
        }
        if let first = list.first, Bool.random(using: &random) { list[list.count - 1] = first }
        return list
    }

    private func agrees(_ shelf: Shelf, _ version: GraphVersion) -> Bool {
        var edited = Array(repeating: [RowNumber](), count: Self.authorCount)
        var written = edited
        for book in shelf.editors.indices {
            let row = version.row(of: Self.works, forKey: Self.key(ofBook: book))
            guard let editors = shelf.editors[book] else {
                if row != nil { return false }
                continue
            }
            guard let row else { return false }
            for editor in Set(editors) { edited[editor].append(row) }
            written[Self.writer(of: book)].append(row)
        }
        for (inverse, lists) in [(0, written), (1, edited)] {
            let edge = version[Self.people].inverse(inverse)
            for number in 0..<Self.authorCount {
                guard let row = version.row(of: Self.people, forKey: Self.key(ofAuthor: number)) else { return false }
                let targets = edge.targets(of: row)
                let expected = lists[number].sorted()
                guard targets.count == expected.count, edge.count(of: row) == expected.count,
                    targets.indices.allSatisfy({ targets[$0] == expected[$0] })
                else { return false }
            }
        }
        return true
    }

    /// The threshold of the first register is 256 rows; that of the second a sixteenth of them.
    @Test(arguments: [(1, 3_000, 256), (2, 3_000, 256), (3, 6_000, 375)] as [(UInt64, Int, Int)])
    func `leave the lists that the references make, after each of them and in every version before`(
        seed: UInt64, bookCount: Int, threshold: Int
    ) throws {
        var random = SeededGenerator(state: seed &* 104_729 &+ 1)
        var shelf = Shelf(editors: Array(repeating: nil, count: bookCount))
        var authors = TypeChanges(type: Self.people, columns: [0])
        for number in 0..<Self.authorCount { authors.cells.append(.string("a\(number)")) }
        var version = try GraphVersion.empty(catalog: library).applying(
            ChangeSet(types: [authors]), number: 1, publishedAt: Instant(microseconds: 0))
        var history: [(Shelf, GraphVersion)] = []
        let counts = [
            bookCount, 1, 40, 40, 40, threshold - 1, threshold, threshold + 1, 5, 200, 200, threshold, 1_100, 3, threshold + 1,
            30,
        ]
        for (step, count) in counts.enumerated() {
            let chosen = step == 0 ? Array(0..<bookCount) : Array((0..<bookCount).shuffled(using: &random).prefix(count))
            var changes = TypeChanges(type: Self.works, columns: [0, 1, 3])
            for book in chosen {
                if shelf.editors[book] != nil, Int.random(in: 0..<6, using: &random) == 0 {
                    changes.deletedKeys.append(Self.key(ofBook: book))
                    shelf.set(book, nil)
                } else {
                    let editors = editors(&random)
                    changes.cells += [
                        .int(Int32(book)), .reference(Self.key(ofAuthor: Self.writer(of: book))),
                        .referenceList(editors.map { Self.key(ofAuthor: $0) }),
                    ]
                    shelf.set(book, editors)
                }
            }
            version = try version.applying(
                ChangeSet(types: [changes]), number: version.number + 1, publishedAt: Instant(microseconds: Int64(step)))
            #expect(agrees(shelf, version), "seed \(seed), step \(step): \(count) books")
            if step % 5 == 1 { history.append((shelf, version)) }
        }
        for (shelf, old) in history { #expect(agrees(shelf, old), "seed \(seed): version \(old.number) has changed") }
    }
}
