import StoreColumns
import Testing

@Suite struct `Columns of more than a chunk` {
    static let rowCount = 65_536 + 70
    let version: GraphVersion
    let items = NodeTypeID(0)

    init() throws {
        let catalog = Catalog(
            nodeTypes: [
                NodeType(
                    name: "Item",
                    columns: [
                        ColumnDefinition(name: "number", kind: .int, isNullable: false),
                        ColumnDefinition(name: "label", kind: .string, isNullable: true),
                        ColumnDefinition(name: "marks", kind: .enumerationList(EnumerationID(0)), isNullable: true),
                        ColumnDefinition(name: "flag", kind: .boolean, isNullable: true),
                        ColumnDefinition(name: "next", kind: .reference(items), isNullable: true),
                    ],
                    key: [0], inverses: [InverseDefinition(name: "previous", source: items, column: 4)])
            ], enumerations: [Enumeration(name: "Mark", values: ["A", "B", "C"])])
        var changes = TypeChanges(type: items, columns: [0, 1, 2, 3, 4])
        for row in 0..<Self.rowCount {
            changes.cells += [
                .int(Int32(row)), row % 3 == 0 ? .null : .string("label \(row % 1_000)"),
                row % 5 == 0 ? .null : .enumerationList([UInt16](repeating: 1, count: row % 4)),
                row % 7 == 0 ? .null : .boolean(row % 2 == 0),
                .reference(Key([.int(Int32((row + 1) % Self.rowCount))])),
            ]
        }
        version = try GraphVersion.empty(catalog: catalog).applying(
            ChangeSet(types: [changes]), number: 1, publishedAt: Instant(microseconds: 0))
    }

    @Test func `every row reads as it was given, on both sides of a chunk's border`() throws {
        let table = version[items]
        guard case .int(let numbers) = table.column(0), case .string(let labels) = table.column(1),
            case .enumerationList(let marks) = table.column(2), case .boolean(let flags) = table.column(3)
        else { throw Kind() }
        #expect(numbers.chunkCount == 2 && numbers.chunk(1).count == 70 && !numbers.chunk(0).hasNulls)
        #expect(labels.codes.nullCount == (Self.rowCount + 2) / 3)
        for row in 0..<Self.rowCount {
            guard numbers[row] == Int32(row), labels.text(at: row) == (row % 3 == 0 ? nil : "label \(row % 1_000)"),
                marks.isNull(at: row) == (row % 5 == 0), marks.list(at: row).count == (row % 5 == 0 ? 0 : row % 4),
                flags[row] == (row % 7 == 0 ? nil : row % 2 == 0)
            else {
                Issue.record("row \(row) reads otherwise than it was given")
                return
            }
        }
        #expect(labels.dictionary.count == 1_000)
    }

    @Test func `an update leaves the chunks and dictionaries that it does not touch in place`() throws {
        let changes = TypeChanges(type: items, columns: [0, 1], cells: [.int(65_540), .string("new")])
        let next = try version.applying(ChangeSet(types: [changes]), number: 2, publishedAt: Instant(microseconds: 0))
        guard case .string(let before) = version[items].column(1), case .string(let after) = next[items].column(1),
            case .int(let oldNumbers) = version[items].column(0), case .int(let newNumbers) = next[items].column(0)
        else { throw Kind() }
        #expect(isSame(before.codes.chunk(0), after.codes.chunk(0)))
        #expect(!isSame(before.codes.chunk(1), after.codes.chunk(1)))
        #expect(isSame(oldNumbers.chunk(0), newNumbers.chunk(0)))
        #expect(after.text(at: 65_540) == "new" && before.text(at: 65_540) == "label 540")
        #expect(
            before.dictionary.code(of: "new") == nil
                && after.dictionary.code(of: "label 540") == before.dictionary.code(of: "label 540"))
        #expect(next[items].columnVersion(1) == 2 && next[items].columnVersion(2) == 1)
    }

    @Test func `ranks order the texts of a dictionary by their bytes`() throws {
        guard case .string(let labels) = version[items].column(1) else { throw Kind() }
        let ranks = labels.dictionary.ranks
        let sorted = (0..<UInt32(labels.dictionary.count)).sorted { ranks[Int($0)] < ranks[Int($1)] }
            .map(labels.dictionary.text(of:))
        #expect(sorted == sorted.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
    }

    @Test func `canonically equivalent texts are two texts`() throws {
        let changes = TypeChanges(
            type: items, columns: [0, 1],
            cells: [
                .int(-1), .string("\u{E9}"), .int(-2), .string("e\u{301}"), .int(-3), .string("\u{F900}"), .int(-4),
                .string("\u{8C48}"),
            ])
        let next = try version.applying(ChangeSet(types: [changes]), number: 2, publishedAt: Instant(microseconds: 0))
        guard case .string(let labels) = next[items].column(1) else { throw Kind() }
        #expect(labels.dictionary.count == 1_004)
    }

    @Test func `a row that refers to a row of the same set is its neighbour`() {
        let targets = version[items].inverse(0).targets(of: 65_536)
        #expect(targets.count == 1 && targets[0] == 65_535)
        #expect(version[items].inverse(0).targets(of: 0)[0] == UInt32(Self.rowCount - 1))
    }

    struct Kind: Error {}

    func isSame<Element>(_ left: Chunk<Element>, _ right: Chunk<Element>) -> Bool { left.values.isIdentical(to: right.values) }
}

@Suite struct `Bitmaps` {
    @Test(arguments: [0, 1, 63, 64, 65, 1_000]) func `bits past the last row are never in`(count: Int) {
        var bitmap = Bitmap(count: count, all: true)
        var rows: [Int] = []
        bitmap.forEachSet { rows.append($0) }
        #expect(rows == Array(0..<count))
        bitmap.invert()
        #expect(bitmap.isEmpty)
        #expect(Bitmap(words: Array(repeating: ~0, count: 40), count: count) == Bitmap(count: count, all: true))
    }

    @Test func `union, intersection and difference are those of sets`() {
        var random = SeededGenerator(state: 4)
        let left = Set((0..<90).map { _ in Int.random(in: 0..<300, using: &random) })
        let right = Set((0..<90).map { _ in Int.random(in: 0..<300, using: &random) })
        func bitmap(_ rows: Set<Int>) -> Bitmap {
            var bitmap = Bitmap(count: 300)
            for row in rows { bitmap[row] = true }
            return bitmap
        }
        var (union, both, rest) = (bitmap(left), bitmap(left), bitmap(left))
        union.formUnion(bitmap(right))
        both.formIntersection(bitmap(right))
        rest.subtract(bitmap(right))
        #expect(union == bitmap(left.union(right)) && both == bitmap(left.intersection(right)))
        #expect(rest == bitmap(left.subtracting(right)))
    }
}
