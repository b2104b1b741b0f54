import Expressions
import GraphQLSyntax
import GraphQLTypes
import JSONText
import QueryPlanning
import StoreColumns

/// An operation of which nothing is asked but lists of rows at the root, and of each list nothing but how many rows it has and a page of
/// objects of one shape: what dashboards poll. Its answer is written list by list, without the walk of the `Executor`: no path is kept, and
/// no page is handed from field to field. Used on one thread.
///
/// The bytes are the walk's. Whatever has to be told of, an error or a limit, is left to the walk, which meets it at its place.
final class PlainLists {
    private enum Part {
        case totalCount
        case nodes(ObjectShape)
    }

    private struct List {
        let binding: ConnectionBinding
        /// Each with all that stands before its value.
        var parts: [(opening: [UInt8], part: Part)] = []
    }

    private let lists: [List]

    /// - Returns: nil where something else is asked, or where something is noted or told on the way.
    init?(_ run: GraphRun) {
        guard run.plan.operation == .query, run.source.trace == nil, run.source.told == nil else { return nil }
        var lists: [List] = []
        for bound in run.nodes[run.plan[run.plan.root].nodes] {
            guard case .rows(let plan) = bound.node.source, case .connection(let binding) = bound.field,
                !plan.needs.wantsCursors, plan.needs.figureCount == 0, case .one(let selection) = bound.node.children
            else { return nil }
            var opening: [UInt8] = lists.isEmpty ? [0x7B] : [0x7D, 0x2C]
            opening += bound.node.responseKeyBehindComma.dropFirst()
            opening.append(0x7B)
            var list = List(binding: binding)
            for inside in run.nodes[run.plan[selection].nodes] {
                if !list.parts.isEmpty { opening = [0x2C] }
                opening += inside.node.responseKeyBehindComma.dropFirst()
                switch (inside.node.source, inside.node.children) {
                case (.totalCount, _): list.parts.append((opening, .totalCount))
                case (.nodes, .one(let object)):
                    guard let shape = run.shape(of: object) else { return nil }
                    list.parts.append((opening, .nodes(shape)))
                default: return nil
                }
            }
            guard !list.parts.isEmpty else { return nil }
            lists.append(list)
        }
        guard !lists.isEmpty else { return nil }
        self.lists = lists
    }

    /// Writes the data.
    ///
    /// - Returns: How many rows were written; nil, with nothing written, where something has to be told of.
    func write(to writer: inout JSONWriter, _ limits: AnswerLimits, _ budget: Budget) -> Int? {
        let start = writer.mark
        var rowCount = 0
        do throws(EvaluationError) {
            try budget.poll()
            for list in lists {
                guard try Self.write(list, to: &writer, &rowCount, limits, budget) else {
                    writer.truncate(to: start)
                    return nil
                }
            }
        } catch {
            writer.truncate(to: start)
            return nil
        }
        writer.endObject()
        writer.endObject()
        guard writer.count - start <= limits.bytes else {
            writer.truncate(to: start)
            return nil
        }
        return rowCount
    }

    private static func write(
        _ list: List, to writer: inout JSONWriter, _ rowCount: inout Int, _ limits: AnswerLimits, _ budget: Budget
    ) throws(EvaluationError) -> Bool {
        guard let page = try list.binding.plainPage() else { return false }
        for (opening, part) in list.parts {
            writer.raw(opening)
            switch part {
            case .totalCount: writer.int(page.totalCount)
            case .nodes(let shape):
                writer.beginArray()
                guard try write(page.rows, shape, to: &writer, &rowCount, limits, budget) else { return false }
                writer.endArray()
            }
        }
        return true
    }

    private static func write(
        _ rows: [RowNumber], _ shape: ObjectShape, to writer: inout JSONWriter, _ rowCount: inout Int, _ limits: AnswerLimits,
        _ budget: Budget
    ) throws(EvaluationError) -> Bool {
        var written = 0
        var batchCount = shape.firstCount
        while written < rows.count {
            let end = min(written + batchCount, rows.count)
            try budget.poll()
            guard let made = shape.make(rows.span.extracting(written..<end), budget), rowCount + made.rowCount <= limits.rows,
                writer.count <= limits.bytes
            else { return false }
            if made.count < rows.count - written { shape.expect(rows.count - written, in: &writer, limits) }
            if written > 0 { writer.byte(0x2C) }
            shape.write(made, to: &writer)
            rowCount += made.rowCount
            written += made.count
            batchCount = shape.count(after: made)
        }
        return true
    }
}
