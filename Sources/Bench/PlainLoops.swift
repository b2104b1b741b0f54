import Foundation
import HTTPService
import Query
import StoreColumns

/// Questions that a scan answers, beside the same over plain arrays of the same columns: `Reference/loops.json` says which.
///
/// A loop knows its columns, has them without nulls' bitmaps and chunks, and does nothing else; the question is read, validated and
/// planned in its time, and nothing is kept of it.
struct PlainLoops {
    private struct Loop: Decodable {
        enum Kind: String, Decodable { case below, between, owners, groups }
        var title: String
        var loop: Kind
        var type: String
        var column: String
        var bound: Int64?
        var least: Int32?
        var greatest: Int32?
        var value: String?
        var reference: String?
        var owner: String?
        var sum: String?
        var document: String
    }
    private let reference: Reference
    private let loops: [Loop]

    init(_ reference: Reference, root: String) throws {
        self.reference = reference
        loops = try JSONDecoder().decode(
            [Loop].self, from: Data(try RegisterFiles.bytes(of: root + "/Sources/Bench/Reference/loops.json")))
    }

    func groups() throws -> [Group] {
        try loops.map { loop in
            let (count, run) = try body(loop)
            let request = try QueryRequest.parse(
                query: loop.document, variables: nil, extensions: nil, operationName: nil, limits: Reference.limits)
            let service = reference.makeService()
            return Group(
                name: "loops", title: "\(loop.title): \(count) rows", comparison: "a plain loop on one core",
                bodies: [
                    Body("a loop over plain arrays", .things(count, "rows")) { run() },
                    Body("the question, nothing kept", .things(count, "rows")) {
                        try reference.answer(request, by: reference.makeService()).count
                    },
                    Body("the question, nothing kept, on one core", .things(count, "rows")) {
                        try reference.answer(request, by: reference.makeService(), threads: nil).count
                    },
                    Body("the question asked again", .things(count, "rows")) { try reference.answer(request, by: service).count },
                ])
        }
    }

    /// Of how many rows, and the loop.
    private func body(_ loop: Loop) throws -> (Int, () -> Int) {
        let table = try table(loop.type)
        switch loop.loop {
        case .below:
            let (values, bound) = (try wide(loop.column, table), loop.bound ?? 0)
            return (
                values.count,
                {
                    var count = 0
                    for value in values { count &+= value < bound ? 1 : 0 }
                    return count
                }
            )
        case .between:
            guard case .date(let column) = try column(loop.column, table) else { throw unusable(loop.column) }
            let values = (0..<column.rowCount).map { column[$0] ?? .max }
            let (least, greatest) = (loop.least ?? 0, loop.greatest ?? 0)
            return (
                values.count,
                {
                    var count = 0
                    for value in values { count &+= value >= least && value <= greatest ? 1 : 0 }
                    return count
                }
            )
        case .owners:
            guard case .enumeration(let column) = try column(loop.column, table),
                case .reference(let references) = try self.column(loop.reference ?? "", table)
            else { throw unusable(loop.column) }
            let code = try code(loop.value ?? "", of: loop.column, table)
            let values = (0..<column.rowCount).map { column[$0] ?? .max }
            let owners = (0..<references.rowCount).map { references[$0] ?? 0 }
            let ownerCount = reference.version[try self.table(loop.owner ?? "").id].rowCount
            return (
                values.count,
                {
                    var bits = [UInt64](repeating: 0, count: (ownerCount + 63) / 64)
                    for index in values.indices where values[index] == code {
                        bits[Int(owners[index]) >> 6] |= 1 << UInt64(owners[index] & 63)
                    }
                    return bits.reduce(0) { $0 + $1.nonzeroBitCount }
                }
            )
        case .groups:
            guard case .enumeration(let column) = try column(loop.column, table) else { throw unusable(loop.column) }
            let codes = (0..<column.rowCount).map { Int(column[$0] ?? 63) & 63 }
            let values = try wide(loop.sum ?? "", table)
            return (
                codes.count,
                {
                    var (counts, sums) = ([Int](repeating: 0, count: 64), [Int64](repeating: 0, count: 64))
                    for index in codes.indices {
                        counts[codes[index]] &+= 1
                        sums[codes[index]] &+= values[index]
                    }
                    return (counts.max() ?? 0) &+ Int(truncatingIfNeeded: sums[0])
                }
            )
        }
    }

    private func table(_ name: String) throws -> (id: NodeTypeID, definition: NodeType) {
        guard let index = reference.version.catalog.nodeTypes.firstIndex(where: { $0.name == name }) else { throw unusable(name) }
        return (NodeTypeID(index), reference.version.catalog.nodeTypes[index])
    }

    private func column(_ name: String, _ table: (id: NodeTypeID, definition: NodeType)) throws -> Column {
        guard let index = table.definition.columns.firstIndex(where: { $0.name == name }) else { throw unusable(name) }
        return reference.version[table.id].column(index)
    }

    /// A column of decimals; the greatest number stands for null.
    private func wide(_ name: String, _ table: (id: NodeTypeID, definition: NodeType)) throws -> [Int64] {
        guard case .decimal(let column, _) = try column(name, table) else { throw unusable(name) }
        return (0..<column.rowCount).map { column[$0] ?? .max }
    }

    private func code(_ name: String, of column: String, _ table: (id: NodeTypeID, definition: NodeType)) throws -> UInt16 {
        let catalog = reference.version.catalog
        guard let definition = table.definition.columns.first(where: { $0.name == column }),
            case .enumeration(let id) = definition.kind, let code = catalog[id].values.firstIndex(of: name)
        else { throw unusable(name) }
        return UInt16(truncatingIfNeeded: code)
    }

    private func unusable(_ name: String) -> Sample.Unusable {
        Sample.Unusable(description: "the register has no '\(name)' for such a loop")
    }
}
