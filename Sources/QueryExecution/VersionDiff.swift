import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

/// Two versions side by side, as `diff` answers them. `api.md` §8
///
/// Rows are listed by type, in the model's order, and by key. What fields that tell about a person hold is told to those only who
/// ask for it with `personal`.
package struct VersionDiff: LazyTreeObject {
    private let difference: GraphDifference
    private let model: Model
    private let transitions: [[DiffTransition]]
    private let seal: CursorSeal
    private let pageSize: Int
    private let defaultPageSize: Int

    private let differing: DiffRows
    private typealias Change = DiffRows.Change

    /// - Parameters:
    ///   - asOf: the date on which dated fields are read, for their transitions.
    ///   - limits: of pages.
    package init(
        _ difference: GraphDifference, in model: Model, asOf: CivilDate, budget: Budget, seal: CursorSeal, limits: AnswerLimits
    ) throws(EvaluationError) {
        self.difference = difference
        differing = DiffRows(difference)
        self.model = model
        self.seal = seal
        pageSize = limits.pageSize
        defaultPageSize = limits.defaultPageSize
        transitions = try DiffTransition.all(in: difference, model, asOf: asOf, budget: budget)
    }

    package func value(of field: String, arguments: InputObject) throws(ArgumentProblem) -> TreeValue {
        switch field {
        case "from": .string(String(difference.old.number))
        case "to": .string(String(difference.new.number))
        case "types":
            .list(try types(arguments).compactMap { typeDiff($0, showsPersonal: arguments["personal"] == .boolean(true)) })
        case "rows": try rows(arguments)
        default: .null
        }
    }

    // MARK: - Types

    /// The types that are asked about; all where nothing is said.
    private func types(_ arguments: InputObject) throws(ArgumentProblem) -> [ModelType] {
        let seen = model.seenTypes
        guard case .list(let names)? = arguments["type"] else { return seen }
        var asked: Set<String> = []
        for case .string(let name) in names {
            guard model.type(named: name) != nil else {
                throw ArgumentProblem(
                    .badUserInput,
                    "There is no type '\(name.prefix(100))'." + suggestion(for: name, among: seen.map(\.name)), at: "type")
            }
            asked.insert(name)
        }
        return seen.filter { asked.contains($0.name) }
    }

    private func typeDiff(_ type: ModelType, showsPersonal: Bool) -> TreeValue? {
        let found = difference.types[type.nodeType.index]
        // Beside the rows that differ, a cell of a small matrix is a person's value.
        let transitions = transitions[type.nodeType.index].filter { showsPersonal || !$0.isPersonal }
        guard !found.isEmpty || !transitions.isEmpty else { return nil }
        return .object(
            .members([
                "type": .string(type.name), "added": .count(found.added.count), "removed": .count(found.removed.count),
                "changed": .count(found.changed.count), "transitions": .list(transitions.map(\.value)),
            ]))
    }

    // MARK: - Rows

    /// Adjacent rows of one type.
    private struct Segment {
        var type: ModelType
        var count: Int
    }

    private func rows(_ arguments: InputObject) throws(ArgumentProblem) -> TreeValue {
        var changes = Set(Change.allCases)
        if case .list(let names)? = arguments["change"] {
            changes = []
            for case .enumeration(let name) in names { if let change = Change(rawValue: name) { changes.insert(change) } }
        }
        let types = try types(arguments)
        let segments = types.map { type in
            Segment(type: type, count: changes.reduce(0) { $0 + differing.count($1, of: type.nodeType) })
        }
        let total = segments.reduce(0) { $0 + $1.count }
        let list = digest(types, changes)
        let start = try start(arguments, list)
        let end = min(total, start + (try first(arguments)))
        var cursor = TreeValue.null
        if end > start {
            var key: [UInt8] = []
            KeyBytes.append(Int64(end), to: &key)
            let sealed = Cursor(version: difference.new.number, list: list, key: key).sealed(seal)
            cursor = .string(String(decoding: sealed, as: UTF8.self))
        }
        return .object(
            .members([
                "nodes": .list(
                    nodes(
                        start..<max(start, end), in: segments, changes, showsPersonal: arguments["personal"] == .boolean(true))),
                "totalCount": .count(total),
                "pageInfo": .object(.members(["hasNextPage": .boolean(end < total), "endCursor": cursor])),
            ]))
    }

    private func first(_ arguments: InputObject) throws(ArgumentProblem) -> Int {
        guard case .int(let first)? = arguments["first"] else { return defaultPageSize }
        guard (0...Int64(pageSize)).contains(first) else {
            throw ArgumentProblem(
                .badUserInput,
                "A page has from 0 to \(pageSize) rows; 'first' is \(first) (limit \(AnswerLimits.pageSizeName)).", at: "first",
                limit: ExceededLimit(name: AnswerLimits.pageSizeName, maximum: pageSize, found: Int(first)))
        }
        return Int(first)
    }

    /// Where the page begins. Versions do not change, so a row's place in the list stands for it.
    private func start(_ arguments: InputObject, _ list: [UInt8]) throws(ArgumentProblem) -> Int {
        guard case .string(let after)? = arguments["after"] else { return 0 }
        guard let cursor = Cursor(after, seal), cursor.list == list else {
            throw ArgumentProblem(
                .badUserInput, "'after' is no cursor of this list: its versions, types or changes are others.", at: "after")
        }
        var reader = KeyBytes.Reader(cursor.key)
        return reader.signed().map { Int(truncatingIfNeeded: max(0, $0)) } ?? 0
    }

    private func digest(_ types: [ModelType], _ changes: Set<Change>) -> [UInt8] {
        var digest = ListDigest()
        digest.add("diff")
        digest.add(Int(truncatingIfNeeded: difference.old.number))
        digest.add(Int(truncatingIfNeeded: difference.new.number))
        for type in types { digest.add(type.name) }
        for change in Change.allCases where changes.contains(change) { digest.add(change.rawValue) }
        return digest.finish()
    }

    private func nodes(
        _ range: Range<Int>, in segments: [Segment], _ changes: Set<Change>, showsPersonal: Bool
    ) -> [TreeValue] {
        var nodes: [TreeValue] = []
        var offset = 0
        for segment in segments {
            let places = range.clamped(to: offset..<offset + segment.count)
            if !places.isEmpty {
                let rows = differing.rows(of: segment.type.nodeType, changes)
                for place in places { nodes.append(row(rows[place - offset], segment.type, showsPersonal: showsPersonal)) }
            }
            offset += segment.count
        }
        return nodes
    }

    private func row(_ row: DiffRows.Row, _ modelType: ModelType, showsPersonal: Bool) -> TreeValue {
        let type = modelType.nodeType
        let key = differing.key(of: row, type)
        let fields = modelType.fields.compactMap { field in
            field.column.flatMap { column in
                field.view.isShown
                    ? self.field(field, column, type, row, isHidden: field.personal != nil && !showsPersonal) : nil
            }
        }
        return .object(
            .members([
                "id": .string(GlobalID(type: type, key: key).text(in: model.catalog)), "type": .string(modelType.name),
                "key": .string(KeyText.text(key, of: type, in: model.catalog)), "change": .string(row.change.rawValue),
                "fields": .list(fields),
            ]))
    }

    /// A stored field on both sides; nil where both are the same, or the only one has no value.
    private func field(
        _ field: ModelField, _ column: Int, _ type: NodeTypeID, _ row: DiffRows.Row, isHidden: Bool
    ) -> TreeValue? {
        let (old, new) = (row.old, row.new)
        if let old, let new, !difference.differs(column, of: type, RowPair(old: old, new: new)) { return nil }
        let before = old.flatMap { model.shownText(of: field, column, at: $0, of: type, in: difference.old) }
        let after = new.flatMap { model.shownText(of: field, column, at: $0, of: type, in: difference.new) }
        if old == nil || new == nil, before == nil, after == nil { return nil }
        return .object(
            .members([
                "field": .string(field.name), "hidden": .boolean(isHidden),
                "old": isHidden ? .null : before.map { .string($0) } ?? .null,
                "new": isHidden ? .null : after.map { .string($0) } ?? .null,
            ]))
    }
}

extension TreeValue {
    package static func count(_ number: Int) -> TreeValue { .number(String(number)) }
}
