import Bytes
import Synchronization

/// A version that is only handed on, type by type, and let go as it is: what a type takes of memory and scratch is given back when it was
/// handed on, so that the version and what is made of it are never there at the same time.
///
///     let graph = try builder.finishForPassing(number: 1, publishedAt: now)
///     try graph.pass(person) { version in … }      // the only time that the values of `person` are seen
///
/// Types can be passed in any order and by several threads. Of a type that was passed, those references stay whose other ends belong to
/// types that were not. Everything was checked before.
package final class PassingGraph: Sendable {
    /// How far the work is.
    package enum Step: Sendable {
        /// Keys and values that must be unique are being looked at; what is done, from 0 to 1.
        case checking(share: Double)
        /// The rows of a type were passed.
        case passed(type: String, rowCount: Int, passedRowCount: Int)
    }

    /// The version without any value and edge: its number, its catalog, how many rows each type has.
    package let frame: GraphVersion
    /// Rows of all types.
    package let rowCount: Int
    private let parts: [TableParts]
    private let hash: KeyedHash
    private let scratch: Scratch?
    private let state: Mutex<State>
    private let tell: @Sendable (Step) -> Void

    /// A column of references.
    private struct Source: Hashable {
        var type: NodeTypeID
        var column: Int
    }

    private struct State {
        /// By type; nil for one that was passed.
        var columns: [[Column]?]
        /// Columns of references, with how many edges are still to be made of each.
        var sources: [Source: (column: Column, edgeCount: Int)] = [:]
        var passedRowCount = 0

        mutating func take(_ source: Source) -> Column {
            guard var held = sources[source] else { preconditionFailure("an edge is made once") }
            held.edgeCount -= 1
            sources[source] = held.edgeCount == 0 ? nil : held
            return held.column
        }
    }

    /// - Parameter parts: columns that were checked.
    init(
        _ parts: [TableParts], _ catalog: Catalog, number: UInt64, publishedAt: Instant, hash: KeyedHash, in scratch: Scratch?,
        _ tell: @escaping @Sendable (Step) -> Void
    ) {
        var state = State(columns: parts.map(\.columns))
        for inverse in catalog.nodeTypes.flatMap(\.inverses) {
            let source = Source(type: inverse.source, column: inverse.column)
            let column = parts[inverse.source.index].columns[inverse.column]
            state.sources[source] = (column, (state.sources[source]?.edgeCount ?? 0) + 1)
        }
        self.state = Mutex(state)
        self.parts = zip(catalog.nodeTypes, parts).map { $1.withoutValues($0, number: number, hash) }
        frame = GraphVersion(
            number: number, publishedAt: publishedAt, catalog: catalog, parts: self.parts, hash: hash)
        rowCount = parts.reduce(0) { $0 + $1.rowCount }
        (self.hash, self.scratch, self.tell) = (hash, scratch, tell)
    }

    /// Hands on a type: the version with its columns and edges, and of other types as much as `frame` has. There is no index: rows are not
    /// found by key. To be called once for each type; the version must not be held for longer than the call.
    ///
    /// Cost: the type's edges are made now.
    package func pass<Result, Failure>(
        _ type: NodeTypeID, to body: (GraphVersion) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let result = try body(take(type))
        scratch?.releasePages()
        let rowCount = parts[type.index].rowCount
        let passedRowCount = state.withLock { state in
            state.passedRowCount += rowCount
            return state.passedRowCount
        }
        tell(.passed(type: frame.catalog[type].name, rowCount: rowCount, passedRowCount: passedRowCount))
        return result
    }

    private func take(_ type: NodeTypeID) -> GraphVersion {
        var parts = parts
        parts[type.index].columns = state.withLock { state in
            guard let columns = state.columns[type.index] else { preconditionFailure("a type is passed once") }
            state.columns[type.index] = nil
            return columns
        }
        let rowCount = parts[type.index].rowCount
        parts[type.index].inverses = frame.catalog[type].inverses.map { inverse in
            let source = state.withLock { $0.take(Source(type: inverse.source, column: inverse.column)) }
            return .counting(rowCount: rowCount, version: frame.number, in: scratch) { source.forEachReference($0) }
        }
        return GraphVersion(
            number: frame.number, publishedAt: frame.publishedAt, catalog: frame.catalog, parts: parts, hash: hash)
    }
}

extension TableParts {
    /// The same type with as many rows, of which nothing is known.
    fileprivate func withoutValues(_ type: NodeType, number: UInt64, _ hash: KeyedHash) -> TableParts {
        let nothing = LateIndex(BucketIndex(count: 0) { _ in nil })
        let unique = type.columns.indices.filter { type.columns[$0].isUnique }
        return TableParts(
            rowCount: rowCount, columns: type.columns.map { Column(emptyOf: $0.kind, hash: hash) },
            columnVersions: columnVersions, inverses: type.inverses.map { _ in .empty(version: number) }, keyIndex: nothing,
            uniqueIndexes: Dictionary(uniqueKeysWithValues: unique.map { ($0, nothing) }))
    }
}
