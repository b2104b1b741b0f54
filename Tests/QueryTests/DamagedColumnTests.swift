import Bytes
import Model
import Query
import StoreColumns
import Testing

@Suite struct `A version with a damaged column` {
    /// The same rows, of which one column or edge of a type cannot be lent.
    private func version(_ whole: GraphVersion, damaged part: Int, of damagedType: NodeTypeID) -> GraphVersion {
        let parts = whole.catalog.nodeTypes.enumerated().map { index, type in
            let id = NodeTypeID(index)
            let table = whole[id]
            let columnCount = type.columns.count
            var parts = TableParts(
                rowCount: table.rowCount, columns: type.columns.map { Column(emptyOf: $0.kind, hash: .ofProcess) },
                columnVersions: type.columns.indices.map { table.columnVersion($0) },
                inverses: type.inverses.indices.map { Adjacency(chunks: [], version: table.inverseVersion($0)) })
            let late = LateColumns(partCount: columnCount + type.inverses.count) { (asked) throws(Damage) in
                if id == damagedType, asked == part { throw Damage("file: byte 12: it is damaged") }
                return asked < columnCount ? .column(table.column(asked)) : .edge(table.inverse(asked - columnCount))
            }
            parts.late = late
            func rows(over columns: [Int]) -> LateIndex {
                LateIndex {
                    let stored = columns.compactMap(late.column)
                    return stored.count == columns.count
                        ? BucketIndex(count: table.rowCount, columns: stored, .ofProcess) : BucketIndex(count: 0) { _ in nil }
                }
            }
            parts.keyIndex = rows(over: type.key)
            for column in type.columns.indices where type.columns[column].isUnique {
                parts.uniqueIndexes[column] = rows(over: [column])
            }
            return parts
        }
        return GraphVersion(
            number: whole.number, publishedAt: whole.publishedAt, catalog: whole.catalog, parts: parts, hash: .ofProcess)
    }

    private let documents = [
        "{ players { totalCount nodes { number name rank born height fee skills seenAt retired teacher { name } } } }",
        "{ players(where: {rank: {eq: MASTER}}, orderBy: [{name: ASC}]) { totalCount nodes { number } } }",
        "{ players(where: {teacher: {name: {contains: \"A\"}}}) { nodes { number } } }",
        "{ bands { nodes { code name members { name } } } }",
        "{ bands(where: {members: {some: {height: {gt: 1}}}}) { nodes { code } } }",
        "{ player(number: \"P1\") { name } }", "{ __typename }",
    ]

    @Test func `answers as if it were whole, or not at all`() throws {
        let whole = try Desk(SmallRegister.make())
        var (same, refused) = (0, 0)
        for (index, type) in whole.version.catalog.nodeTypes.enumerated() {
            for part in 0..<type.columns.count + type.inverses.count {
                // The cache of derived columns must not hand on what came of nulls, so one service answers all.
                var desk = whole
                desk.version = version(whole.version, damaged: part, of: NodeTypeID(index))
                for document in documents {
                    let answer = desk.answer(document)
                    if answer.outcome == .damaged {
                        refused += 1
                        let body = String(decoding: answer.body, as: UTF8.self)
                        #expect(body.contains("INTERNAL_SERVER_ERROR") && !body.contains("byte 12"), "no path reaches a client")
                        #expect(!body.contains("\"data\""))
                    } else {
                        same += 1
                        #expect(answer.body == whole.answer(document).body, "\(type.name), part \(part): \(document)")
                    }
                }
            }
        }
        #expect(same > 50 && refused > 10, "\(same) the same, \(refused) refused")
    }

    @Test func `takes no change that would last`() throws {
        let whole = try Desk(SmallRegister.make()).version
        let player = try #require(whole.catalog.nodeType(named: "Player"))
        let number = try #require(whole.catalog[player].column(named: "number"))
        let damaged = version(whole, damaged: try #require(whole.catalog[player].column(named: "name")), of: player)
        _ = try? damaged.applying(
            ChangeSet(types: [TypeChanges(type: player, columns: [number], cells: [.string("P1")])]), number: damaged.number + 1,
            publishedAt: damaged.publishedAt)
        #expect(damaged.damage != nil, "whoever commits sees it, and throws the next version away")
    }
}
