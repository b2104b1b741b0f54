import StoreColumns

/// A comparison over a column, chunk by chunk through spans of another room, beside the same loop over a plain array.
struct ColumnScan {
    private static let rowCount = 1 << 20

    func group() -> Group {
        let type = NodeTypeID(0)
        let catalog = Catalog(
            nodeTypes: [
                NodeType(
                    name: "Row", columns: [ColumnDefinition(name: "number", kind: .int, isNullable: false)], key: [0])
            ], enumerations: [])
        let values = (0..<Int32(Self.rowCount)).map { $0 &* 7_919 % 1_000_003 }
        let changes = TypeChanges(type: type, columns: [0], cells: Set(values).sorted().map { .int($0) })
        guard
            let version = try? GraphVersion.empty(catalog: catalog).applying(
                ChangeSet(types: [changes]), number: 1, publishedAt: Instant(microseconds: 0)),
            case .int(let column) = version[type].column(0)
        else { preconditionFailure("distinct numbers make a table") }
        let array = Set(values).sorted()
        return Group(
            name: "scan", title: "A comparison over a column of \(array.count) rows",
            comparison: "beside the same loop over a plain array",
            bodies: [
                Body("plain array", .things(array.count, "rows")) {
                    var count = 0
                    for value in array { count &+= value < 500_000 ? 1 : 0 }
                    return count
                },
                Body("column by spans of its chunks", .things(array.count, "rows")) {
                    var count = 0
                    for index in 0..<column.chunkCount {
                        let chunk = column.chunk(index)
                        let span = chunk.values
                        for place in span.indices { count &+= span[place] < 500_000 ? 1 : 0 }
                    }
                    return count
                },
            ])
    }
}
