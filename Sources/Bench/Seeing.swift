import StoreColumns

/// What it takes to make a version as somebody sees it, and to read an edge of it for the first time: for who sees a handful of rows, a
/// part of them, and half, beside one pass over the references of the largest type.
struct Seeing {
    private static let placeCount = 4_000
    private static let ownerCount = 200_000
    private static let partCount = 1_000_000
    private static let places = NodeTypeID(0)
    private static let owners = NodeTypeID(1)
    private static let parts = NodeTypeID(2)

    func group() throws -> Group {
        let version = try Self.version()
        guard case .reference(let references) = version[Self.parts].column(1) else { preconditionFailure("parts have owners") }
        func seen(_ count: Int) -> Int {
            var rows = VisibleRows(of: version.catalog)
            let step = Self.ownerCount / count
            if count < 1_000 {
                rows.restrict(Self.owners, to: stride(from: 7, to: Self.ownerCount, by: step).map { RowNumber($0) })
            } else {
                var bits = Bitmap(count: Self.ownerCount)
                for row in stride(from: 7, to: Self.ownerCount, by: step) { bits[row] = true }
                rows.restrict(Self.owners, to: bits)
            }
            let seen = version.seen(rows)
            let (edge, lent) = (seen[Self.owners].inverse(0), seen[Self.owners].inverse(1))
            return seen[Self.parts].liveRowCount + edge.count(of: 7) + lent.count(of: 7)
        }
        return Group(
            name: "seeing",
            title: "A version of \(Self.ownerCount) owners and \(Self.partCount) parts, as somebody sees it who sees some owners",
            comparison: "beside a pass over the references of the parts",
            bodies: [
                Body("a pass over the references", .things(Self.partCount, "rows")) {
                    var sum = 0
                    for index in 0..<references.chunkCount {
                        let chunk = references.chunk(index)
                        let values = chunk.values
                        for place in values.indices { sum &+= Int(values[place]) }
                    }
                    return sum
                },
                Body("five owners", .things(1, "versions")) { seen(5) },
                Body("a hundred owners", .things(1, "versions")) { seen(100) },
                Body("a twentieth of the owners", .things(1, "versions")) { seen(Self.ownerCount / 20) },
                Body("half of the owners", .things(1, "versions")) { seen(Self.ownerCount / 2) },
            ])
    }

    private static func version() throws -> GraphVersion {
        func number(_ name: String) -> ColumnDefinition { ColumnDefinition(name: name, kind: .int, isNullable: false) }
        let catalog = Catalog(
            nodeTypes: [
                NodeType(
                    name: "Place", columns: [number("number")], key: [0],
                    inverses: [InverseDefinition(name: "owners", source: owners, column: 1)]),
                NodeType(
                    name: "Owner",
                    columns: [number("number"), ColumnDefinition(name: "place", kind: .reference(places), isNullable: false)],
                    key: [0],
                    inverses: [
                        InverseDefinition(name: "parts", source: parts, column: 1),
                        InverseDefinition(name: "lent", source: parts, column: 2),
                    ]),
                NodeType(
                    name: "Part",
                    columns: [
                        number("number"), ColumnDefinition(name: "owner", kind: .reference(owners), isNullable: false),
                        ColumnDefinition(name: "borrower", kind: .reference(owners), isNullable: true),
                    ], key: [0]),
            ], enumerations: [])
        func key(_ row: Int, of count: Int) -> Cell { .reference(Key([.int(Int32(row % count))])) }
        var version = GraphVersion.empty(catalog: catalog)
        var first = TypeChanges(type: places, columns: [0])
        for row in 0..<placeCount { first.cells.append(.int(Int32(row))) }
        var second = TypeChanges(type: owners, columns: [0, 1])
        for row in 0..<ownerCount { second.cells += [.int(Int32(row)), key(row / 50, of: placeCount)] }
        version = try version.applying(
            ChangeSet(types: [first, second]), number: 1, publishedAt: Instant(microseconds: 0))
        var third = TypeChanges(type: parts, columns: [0, 1, 2])
        for row in 0..<partCount {
            third.cells += [
                .int(Int32(row)), key(row / 5, of: ownerCount), row % 3 == 0 ? key(row &* 7_919, of: ownerCount) : .null,
            ]
        }
        return try version.applying(ChangeSet(types: [third]), number: 2, publishedAt: Instant(microseconds: 1))
    }
}
