import Bytes
import Exchange
import Foundation
import Generation
import Model
import StoreColumns
import Testing

@Suite struct `Rows that go straight into columns` {
    /// Every value of every row, with rows named by their numbers.
    private func told(_ version: GraphVersion) -> [String] {
        var lines: [String] = []
        for (index, type) in version.catalog.nodeTypes.enumerated() {
            let table = version[NodeTypeID(index)]
            lines.append("\(type.name): \(table.rowCount)")
            for row in 0..<table.rowCount {
                var line = "\(type.name) \(row)"
                for column in type.columns.indices { line += " | \(cell(table.column(column), row))" }
                for inverse in type.inverses.indices {
                    let edge = table.inverse(inverse)
                    let targets = edge.targets(of: RowNumber(row))
                    line += " < \(targets.indices.map { targets[$0] })"
                }
                let key = version.key(of: RowNumber(row), type: NodeTypeID(index))
                if version.row(of: NodeTypeID(index), forKey: key) != RowNumber(row) { line += " NOT FOUND" }
                lines.append(line)
            }
        }
        return lines
    }

    private func cell(_ column: Column, _ row: Int) -> String {
        switch column {
        case .boolean(let values): return "\(String(describing: values[row]))"
        case .int(let values), .date(let values): return "\(String(describing: values[row]))"
        case .decimal(let values, _), .dateTime(let values): return "\(String(describing: values[row]))"
        case .float(let values): return "\(String(describing: values[row]))"
        case .enumeration(let values): return "\(String(describing: values[row]))"
        case .string(let texts): return "\(String(describing: texts.text(at: row)))"
        case .reference(let values): return "\(String(describing: values[row]))"
        case .enumerationList(let lists):
            let list = lists.list(at: row)
            return lists.isNull(at: row) ? "nil" : "\(list.indices.map { list[$0] })"
        case .referenceList(let lists):
            let list = lists.list(at: row)
            return lists.isNull(at: row) ? "nil" : "\(list.indices.map { list[$0] })"
        }
    }

    private func loaded(_ generator: RegisterGenerator, _ model: Model, in scratch: Scratch?) throws -> GraphVersion {
        let builder = GraphBuilder(catalog: model.catalog, in: scratch)
        let loader = try RowLoader(generator, catalog: model.catalog, into: builder)
        for part in 0..<generator.partCount { try loader.append(try generator.rows(ofPart: part)) }
        return try builder.finish(number: 1, publishedAt: Instant(microseconds: 0))
    }

    /// Scales below and above one part.
    @Test(arguments: [(count: 40, seed: 1), (count: 300, seed: 2), (count: 1, seed: 3)])
    func `hold what an import of the same register's files holds`(count: Int, seed: Int) throws {
        let model = try shippedModel()
        let generator = try RegisterGenerator(try shippedRecipe(), scale: count, seed: UInt64(seed))
        let draft = Importer(model: model).read(try MadeRegister(generator).sources)
        let imported = try draft.apply(to: .empty(catalog: model.catalog), number: 1, publishedAt: Instant(microseconds: 0))
        let lines = told(imported)
        #expect(told(try loaded(generator, model, in: nil)) == lines)
        let folder = FileManager.default.temporaryDirectory.appending(path: "scratch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let scratch = Scratch(folder: folder.path(percentEncoded: false), slabByteCount: 1 << 20)
        #expect(told(try loaded(generator, model, in: scratch)) == lines)
        #expect(scratch.failure == nil && scratch.byteCount > 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).isEmpty)
    }
}
