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
    /// What is asked of a list, with all that stands before its value. One behind the other, as a loop over an array would count each.
    private final class Part {
        let opening: [UInt8]
        /// Of the rows of a page; nil where their number on all pages is asked.
        let shape: ObjectShape?
        let next: Part?

        init(_ opening: [UInt8], _ shape: ObjectShape?, before next: Part?) {
            self.opening = opening
            self.shape = shape
            self.next = next
        }
    }

    private final class List {
        let binding: ConnectionBinding
        let parts: Part
        let next: List?

        init(_ binding: ConnectionBinding, _ parts: Part, before next: List?) {
            self.binding = binding
            self.parts = parts
            self.next = next
        }
    }

    private let lists: List
    /// More lists, or parts of one, are left to the walk: here each is written from within the one before.
    private static let limit = 64

    /// - Returns: nil where something else is asked, or where something is noted or told on the way.
    init?(_ run: GraphRun) {
        guard run.plan.operation == .query, run.source.trace == nil, run.source.told == nil else { return nil }
        var bindings: [(ConnectionBinding, [(opening: [UInt8], shape: ObjectShape?)])] = []
        for bound in run.nodes[run.plan[run.plan.root].nodes] {
            guard case .rows(let plan) = bound.node.source, case .connection(let binding) = bound.field,
                !plan.needs.wantsCursors, plan.needs.figureCount == 0, case .one(let selection) = bound.node.children
            else { return nil }
            var opening: [UInt8] = bindings.isEmpty ? [0x7B] : [0x7D, 0x2C]
            opening += bound.node.responseKeyBehindComma.dropFirst()
            opening.append(0x7B)
            var parts: [(opening: [UInt8], shape: ObjectShape?)] = []
            for inside in run.nodes[run.plan[selection].nodes] {
                if !parts.isEmpty { opening = [0x2C] }
                opening += inside.node.responseKeyBehindComma.dropFirst()
                switch (inside.node.source, inside.node.children) {
                case (.totalCount, _): parts.append((opening, nil))
                case (.nodes, .one(let object)):
                    guard let shape = run.shape(of: object) else { return nil }
                    parts.append((opening, shape))
                default: return nil
                }
            }
            bindings.append((binding, parts))
            guard parts.count <= Self.limit, bindings.count <= Self.limit else { return nil }
        }
        var lists: List?
        for (binding, parts) in bindings.reversed() {
            guard let first = parts.reversed().reduce(nil, { Part($1.opening, $1.shape, before: $0) }) else { return nil }
            lists = List(binding, first, before: lists)
        }
        guard let lists else { return nil }
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
            guard try Self.write(lists, to: &writer, &rowCount, limits, budget) else {
                writer.truncate(to: start)
                return nil
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

    /// A list, and those behind it.
    private static func write(
        _ list: List, to writer: inout JSONWriter, _ rowCount: inout Int, _ limits: AnswerLimits, _ budget: Budget
    ) throws(EvaluationError) -> Bool {
        guard let page = try list.binding.plainPage() else { return false }
        guard try write(list.parts, page.rows, page.totalCount, to: &writer, &rowCount, limits, budget) else { return false }
        guard let next = list.next else { return true }
        return try write(next, to: &writer, &rowCount, limits, budget)
    }

    /// A part of a list, and those behind it.
    private static func write(
        _ part: Part, _ rows: [RowNumber], _ totalCount: Int, to writer: inout JSONWriter, _ rowCount: inout Int,
        _ limits: AnswerLimits, _ budget: Budget
    ) throws(EvaluationError) -> Bool {
        writer.raw(part.opening)
        // Asked as it stands there: what is taken out of an optional is counted.
        switch try part.shape?.write(rows, to: &writer, &rowCount, limits, budget) {
        case nil: writer.int(totalCount)
        case true?: break
        case false?: return false
        }
        guard let next = part.next else { return true }
        return try write(next, rows, totalCount, to: &writer, &rowCount, limits, budget)
    }
}

extension ObjectShape {
    /// Writes the array of some rows' objects.
    /// - Returns: false where something has to be told of that a batch has no place for, or that is a limit.
    fileprivate func write(
        _ rows: [RowNumber], to writer: inout JSONWriter, _ rowCount: inout Int, _ limits: AnswerLimits, _ budget: Budget
    ) throws(EvaluationError) -> Bool {
        writer.beginArray()
        var written = 0
        var batchCount = firstCount
        while written < rows.count {
            let end = min(written + batchCount, rows.count)
            try budget.poll()
            guard let made = make(rows.span.extracting(written..<end), budget), rowCount + made.rowCount <= limits.rows,
                writer.count <= limits.bytes
            else { return false }
            if made.count < rows.count - written { expect(rows.count - written, in: &writer, limits) }
            if written > 0 { writer.byte(0x2C) }
            write(made, to: &writer)
            rowCount += made.rowCount
            written += made.count
            batchCount = count(after: made)
        }
        writer.endArray()
        return true
    }
}
