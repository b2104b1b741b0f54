import Bytes
import Synchronization

/// Builds a whole version out of columns, without cells, keys or a version before it: for generating and for bulk loads.
///
///     let builder = GraphBuilder(catalog: catalog)
///     let people = builder.table(person)
///     let names = people.texts(0)            // an appender a column, taken once
///     for … { _ = names.append(bytes) }      // row after row
///     let version = try builder.finish(number: 1, publishedAt: now)
///
/// References are row numbers: whoever appends rows knows where each one stands. Memory is that of the columns, and at the end
/// that of the largest edge once more. Not for sharing while it is filled, except that different tables may be filled by different
/// tasks.
package final class GraphBuilder {
    private let catalog: Catalog
    private let hash: KeyedHash
    private let tables: [TableBuilder]
    private let scratch: Scratch?

    /// - Parameter scratch: where columns, edges and indexes are put, which then need not fit the machine's memory; nil: on the heap. The
    ///   version keeps the room for as long as it is held.
    package init(catalog: Catalog, hash: KeyedHash = .ofProcess, in scratch: Scratch? = nil) {
        self.catalog = catalog
        self.hash = hash
        self.scratch = scratch
        tables = catalog.nodeTypes.enumerated().map { TableBuilder(NodeTypeID($0), $1, hash: hash, in: scratch) }
    }

    package func table(_ type: NodeTypeID) -> TableBuilder { tables[type.index] }

    /// The version of all rows. The builder is empty after, also where it throws.
    ///
    /// - Parameter spreading: who finishes columns, edges and indexes, which do not need one another.
    /// - Throws: `ChangeSetRefused`: values that are missing or out of range, references to rows that are not there, keys and unique
    ///   values that stand twice. A problem's row is the row's number.
    package func finish(
        number: UInt64, publishedAt: Instant, problemLimit: Int = 1_000, by spreading: Spreading = .inOrder
    ) throws(ChangeSetRefused) -> GraphVersion {
        let problems = ProblemList(limit: problemLimit)
        var parts = try filledParts(number, problems, by: spreading)
        // A reference to no row has no edge; what stands twice is still found.
        addEdgesAndIndexes(to: &parts, number, problems, makesEdges: problems.count == 0, by: spreading)
        guard problems.count == 0 else { throw problems.refusal }
        return GraphVersion(number: number, publishedAt: publishedAt, catalog: catalog, parts: parts, hash: hash)
    }

    /// As `finish`, of a version that is only handed on, type by type, and never there as a whole. Indexes are made to find what stands
    /// twice, and let go; edges are made when their type is passed.
    ///
    /// - Parameter tell: told how far the work is, now and while types are passed.
    package func finishForPassing(
        number: UInt64, publishedAt: Instant, problemLimit: Int = 1_000, by spreading: Spreading = .inOrder,
        tell: @escaping @Sendable (PassingGraph.Step) -> Void = { _ in }
    ) throws(ChangeSetRefused) -> PassingGraph {
        let problems = ProblemList(limit: problemLimit)
        let parts = try filledParts(number, problems, by: spreading)
        findRepetitions(in: parts, problems, by: spreading, tell)
        guard problems.count == 0 else { throw problems.refusal }
        return PassingGraph(parts, catalog, number: number, publishedAt: publishedAt, hash: hash, in: scratch, tell)
    }

    private func filledParts(
        _ number: UInt64, _ problems: ProblemList, by spreading: Spreading
    ) throws(ChangeSetRefused) -> [TableParts] {
        let rowCounts = tables.map(\.rowCount)
        for table in tables where table.rowCount > GraphVersion.maximumRowCount {
            problems.report(.tooManyRows, type: table.type, row: GraphVersion.maximumRowCount)
            throw problems.refusal
        }
        return finishColumns(number, rowCounts, problems, by: spreading)
    }

    /// The columns of every type, each checked.
    private func finishColumns(
        _ number: UInt64, _ rowCounts: [Int], _ problems: ProblemList, by spreading: Spreading
    ) -> [TableParts] {
        let filled = tables.flatMap { $0.takeColumns() }
        let finished = spreading.results(weights: filled.map(\.weight)) { [catalog] place in
            let (column, isSelfNumbered) = filled[place].finish()
            return (
                column: column, isSelfNumbered: isSelfNumbered,
                isWhole: column.isWhole(filled[place].definition, in: catalog, rowCounts)
            )
        }
        var parts = rowCounts.map { rowCount in
            var part = TableParts(rowCount: rowCount, columns: [], columnVersions: [], inverses: [])
            part.scratch = scratch
            return part
        }
        for (place, made) in zip(filled, finished) {
            let type = place.type.index
            parts[type].columns.append(made.column)
            parts[type].columnVersions.append(number)
            if made.isSelfNumbered { parts[type].selfNumberedColumns.insert(place.index) }
            if !made.isWhole { check(made.column, place, parts[type].rowCount, rowCounts, problems) }
        }
        return parts
    }

    /// Reports missing values, values of no meaning, and references to no row.
    private func check(
        _ column: Column, _ place: FilledColumn, _ rowCount: Int, _ rowCounts: [Int], _ problems: ProblemList
    ) {
        let (type, index, definition) = (place.type, place.index, place.definition)
        if !definition.isNullable {
            for row in 0..<rowCount where column.isNull(at: row) {
                problems.report(.missingValue, type: type, row: row, column: index)
            }
        }
        if let target = definition.kind.target {
            for row in 0..<rowCount {
                var isDangling = false
                column.forEachReference(at: row) { isDangling = isDangling || Int($0) >= rowCounts[target.index] }
                if isDangling { problems.report(.danglingReference, type: type, row: row, column: index) }
            }
        } else {
            for row in 0..<rowCount where !column.isMeant(at: row, as: definition.kind, in: catalog) {
                problems.report(.wrongKind, type: type, row: row, column: index)
            }
        }
    }

    // MARK: Edges and indexes

    fileprivate enum Piece {
        case inverse(type: Int, Int)
        /// Of the key, or of a unique column.
        case index(type: Int, columns: [Int])
        /// Of texts that were said to be distinct.
        case texts(type: Int, column: Int)
    }

    fileprivate struct Made: Sendable {
        var edge: Adjacency?
        var index: LateIndex?
        var problems: [ChangeProblem] = []
    }

    private func pieces(_ parts: [TableParts], makesEdges: Bool) -> [Piece] {
        var pieces: [Piece] = []
        for (type, (definition, part)) in zip(catalog.nodeTypes, parts).enumerated() {
            if makesEdges { for inverse in definition.inverses.indices { pieces.append(.inverse(type: type, inverse)) } }
            for column in part.columns.indices {
                if case .string(let texts) = part.columns[column], texts.dictionary.hasOwnNumbers {
                    pieces.append(.texts(type: type, column: column))
                }
            }
            let unique = definition.columns.indices.filter { definition.columns[$0].isUnique }.map { [$0] }
            for columns in [definition.key] + unique where !part.isSelfNamed(columns) {
                pieces.append(.index(type: type, columns: columns))
            }
        }
        return pieces
    }

    /// What a piece costs, about.
    private func weight(of piece: Piece, _ parts: [TableParts]) -> Int {
        switch piece {
        case .inverse(let type, let inverse): parts[catalog.nodeTypes[type].inverses[inverse].source.index].rowCount
        case .index(let type, _), .texts(let type, _): 2 * parts[type].rowCount
        }
    }

    /// Reports what stands twice, and keeps none of the indexes by which it is found.
    private func findRepetitions(
        in parts: [TableParts], _ problems: ProblemList, by spreading: Spreading,
        _ tell: @Sendable (PassingGraph.Step) -> Void
    ) {
        let pieces = pieces(parts, makesEdges: false)
        let weights = pieces.map { weight(of: $0, parts) }
        let done = Atomic(0)
        let total = Double(max(1, weights.reduce(0, +)))
        let found = spreading.results(weights: weights) { [catalog, hash, scratch] place in
            defer {
                scratch?.releasePages()
                tell(.checking(share: Double(done.wrappingAdd(weights[place], ordering: .relaxed).newValue) / total))
            }
            switch pieces[place] {
            case .inverse: return [ChangeProblem]()
            case .index(let type, let columns): return parts[type].index(of: NodeTypeID(type), columns, catalog, hash).problems
            case .texts(let type, let column):
                defer { if case .string(let texts) = parts[type].columns[column] { texts.dictionary.forgetIndex() } }
                return parts[type].repeatedTexts(of: NodeTypeID(type), column, catalog).problems
            }
        }
        for problem in found.joined() {
            problems.report(problem.reason, type: problem.type, row: problem.row, column: problem.column)
        }
    }

    private func addEdgesAndIndexes(
        to parts: inout [TableParts], _ number: UInt64, _ problems: ProblemList, makesEdges: Bool, by spreading: Spreading
    ) {
        let (whole, pieces) = (parts, pieces(parts, makesEdges: makesEdges))
        let weights = pieces.map { weight(of: $0, whole) }
        let made = spreading.results(weights: weights) { [catalog, hash, scratch] place in
            switch pieces[place] {
            case .inverse(let type, let inverse):
                let definition = catalog.nodeTypes[type].inverses[inverse]
                let column = whole[definition.source.index].columns[definition.column]
                return Made(
                    edge: .counting(rowCount: whole[type].rowCount, version: number, in: scratch) { column.forEachReference($0) })
            case .index(let type, let columns): return whole[type].index(of: NodeTypeID(type), columns, catalog, hash)
            case .texts(let type, let column): return whole[type].repeatedTexts(of: NodeTypeID(type), column, catalog)
            }
        }
        for (piece, made) in zip(pieces, made) {
            for problem in made.problems {
                problems.report(problem.reason, type: problem.type, row: problem.row, column: problem.column)
            }
            switch piece {
            case .inverse(let type, _): if let edge = made.edge { parts[type].inverses.append(edge) }
            case .index(let type, let columns):
                // A unique column that is the key has an index of its own.
                if columns == catalog.nodeTypes[type].key, parts[type].keyIndex == nil {
                    parts[type].keyIndex = made.index
                } else {
                    parts[type].uniqueIndexes[columns[0]] = made.index
                }
            case .texts: break
            }
        }
    }
}

extension TableParts {
    /// An index over some columns, and the rows of which a value stands in an earlier one.
    fileprivate func index(of type: NodeTypeID, _ columns: [Int], _ catalog: Catalog, _ hash: KeyedHash) -> GraphBuilder.Made {
        let index = makeIndex(over: columns, hash)
        let stored = columns.map { self.columns[$0] }
        let repetitions = index.repetitions(limit: .max) { left, right in
            Lanes(of: Int(left), in: stored) == Lanes(of: Int(right), in: stored)
        }
        let isKey = columns == catalog[type].key
        return GraphBuilder.Made(
            index: LateIndex(index), problems: repetitions.map { Self.problem($0.code, $0.first, type, isKey ? nil : columns[0]) }
        )
    }

    /// Rows of which the text stands in an earlier one; what is made for it stays with the dictionary.
    fileprivate func repeatedTexts(of type: NodeTypeID, _ column: Int, _ catalog: Catalog) -> GraphBuilder.Made {
        guard case .string(let texts) = columns[column] else { return GraphBuilder.Made() }
        let isKey = catalog[type].key == [column]
        return GraphBuilder.Made(
            problems: texts.dictionary.firstRepetitions(limit: .max)
                .map { Self.problem($0.code, $0.first, type, isKey ? nil : column) })
    }

    private static func problem(_ row: RowNumber, _ first: RowNumber, _ type: NodeTypeID, _ column: Int?) -> ChangeProblem {
        ChangeProblem(
            type: type, row: Int(row), column: column, reason: column == nil ? .duplicateKey(firstRow: Int(first)) : .notUnique)
    }
}
