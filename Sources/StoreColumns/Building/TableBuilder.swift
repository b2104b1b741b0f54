import Bytes

/// Takes the rows of one node type column by column, for loads that are too large for a change set.
///
/// Each column has an appender; rows are the places in the order of appending, counted from 0. Columns may be filled in any
/// order and at any pace; at the end all must be equally long, and one that was never touched is null throughout.
package final class TableBuilder {
    let type: NodeTypeID
    let definition: NodeType
    private let hash: KeyedHash
    private let scratch: Scratch?
    private var appenders: [Int: ColumnAppender] = [:]

    init(_ type: NodeTypeID, _ definition: NodeType, hash: KeyedHash, in scratch: Scratch? = nil) {
        self.scratch = scratch
        self.type = type
        self.definition = definition
        self.hash = hash
    }

    // MARK: Appenders

    /// Of a column of any kind.
    /// - Parameter repetition: of texts; heeded by the first call. Nil: none for unique columns and keys of one column, else some.
    package func appender(_ column: Int, _ repetition: TextAppender.Repetition? = nil) -> ColumnAppender {
        if let known = appenders[column] { return known }
        let isDistinct = definition.columns[column].isUnique || definition.key == [column]
        let made = ColumnAppender(
            definition.columns[column].kind, repetition ?? (isDistinct ? .none : .some), hash: hash, in: scratch)
        appenders[column] = made
        return made
    }

    /// Of a Boolean column.
    package func booleans(_ column: Int) -> BooleanAppender {
        guard case .boolean(let appender) = appender(column) else { preconditionFailure("an appender of the column's kind") }
        return appender
    }

    /// Of an Int or Date column.
    package func ints(_ column: Int) -> FixedWidthAppender<Int32> {
        guard case .int(let appender) = appender(column) else { preconditionFailure("an appender of the column's kind") }
        return appender
    }

    /// Of a Decimal (unscaled) or DateTime column.
    package func longs(_ column: Int) -> FixedWidthAppender<Int64> {
        guard case .int64(let appender) = appender(column) else { preconditionFailure("an appender of the column's kind") }
        return appender
    }

    /// Of a Float column.
    package func floats(_ column: Int) -> FixedWidthAppender<Double> {
        guard case .float(let appender) = appender(column) else { preconditionFailure("an appender of the column's kind") }
        return appender
    }

    /// Of an enum column.
    package func codes(_ column: Int) -> FixedWidthAppender<UInt16> {
        guard case .code(let appender) = appender(column) else { preconditionFailure("an appender of the column's kind") }
        return appender
    }

    /// Of a String column.
    /// - Parameter repetition: as of `appender`.
    package func texts(_ column: Int, _ repetition: TextAppender.Repetition? = nil) -> TextAppender {
        guard case .text(let appender) = appender(column, repetition) else {
            preconditionFailure("an appender of the column's kind")
        }
        return appender
    }

    /// Of a to-one edge: row numbers of the target type, which may have been given out before those rows were appended.
    package func references(_ column: Int) -> FixedWidthAppender<UInt32> {
        guard case .row(let appender) = appender(column) else { preconditionFailure("an appender of the column's kind") }
        return appender
    }

    /// Of a column of lists of enum values.
    package func codeLists(_ column: Int) -> ListAppender<UInt16> {
        guard case .codes(let appender) = appender(column) else { preconditionFailure("an appender of the column's kind") }
        return appender
    }

    /// Of a stored to-many edge.
    package func referenceLists(_ column: Int) -> ListAppender<UInt32> {
        guard case .rows(let appender) = appender(column) else { preconditionFailure("an appender of the column's kind") }
        return appender
    }

    // MARK: The end

    /// Rows so far: those of the longest column.
    package var rowCount: Int { appenders.values.map(\.rowCount).max() ?? 0 }

    /// The columns, to be finished. The appenders must not be used after.
    func takeColumns() -> [FilledColumn] {
        let rowCount = rowCount
        defer { appenders = [:] }
        return definition.columns.enumerated().map { index, definition in
            FilledColumn(type, index, definition, appenders[index], rowCount: rowCount, hash: hash)
        }
    }
}
