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
    private var appenders: [Int: Appender] = [:]

    private enum Appender {
        case boolean(BooleanAppender)
        case int(FixedWidthAppender<Int32>)
        case int64(FixedWidthAppender<Int64>)
        case float(FixedWidthAppender<Double>)
        case code(FixedWidthAppender<UInt16>)
        case text(TextAppender)
        case row(FixedWidthAppender<UInt32>)
        case codes(ListAppender<UInt16>)
        case rows(ListAppender<UInt32>)

        var rowCount: Int {
            switch self {
            case .boolean(let appender): appender.rowCount
            case .int(let appender): appender.rowCount
            case .int64(let appender): appender.rowCount
            case .float(let appender): appender.rowCount
            case .code(let appender): appender.rowCount
            case .text(let appender): appender.rowCount
            case .row(let appender): appender.rowCount
            case .codes(let appender): appender.rowCount
            case .rows(let appender): appender.rowCount
            }
        }
    }

    init(_ type: NodeTypeID, _ definition: NodeType, hash: KeyedHash, in scratch: Scratch? = nil) {
        self.scratch = scratch
        self.type = type
        self.definition = definition
        self.hash = hash
    }

    // MARK: Appenders

    /// Of a Boolean column.
    package func booleans(_ column: Int) -> BooleanAppender {
        if case .boolean(let known)? = appenders[column] { return known }
        precondition(definition.columns[column].kind == .boolean, "an appender of the column's kind")
        let made = BooleanAppender(in: scratch)
        appenders[column] = .boolean(made)
        return made
    }

    /// Of an Int or Date column.
    package func ints(_ column: Int) -> FixedWidthAppender<Int32> {
        if case .int(let known)? = appenders[column] { return known }
        let kind = definition.columns[column].kind
        precondition(kind == .int || kind == .date, "an appender of the column's kind")
        let made = FixedWidthAppender<Int32>(in: scratch)
        appenders[column] = .int(made)
        return made
    }

    /// Of a Decimal (unscaled) or DateTime column.
    package func longs(_ column: Int) -> FixedWidthAppender<Int64> {
        if case .int64(let known)? = appenders[column] { return known }
        switch definition.columns[column].kind {
        case .decimal, .dateTime: break
        default: preconditionFailure("an appender of the column's kind")
        }
        let made = FixedWidthAppender<Int64>(in: scratch)
        appenders[column] = .int64(made)
        return made
    }

    /// Of a Float column.
    package func floats(_ column: Int) -> FixedWidthAppender<Double> {
        if case .float(let known)? = appenders[column] { return known }
        precondition(definition.columns[column].kind == .float, "an appender of the column's kind")
        let made = FixedWidthAppender<Double>(in: scratch)
        appenders[column] = .float(made)
        return made
    }

    /// Of an enum column.
    package func codes(_ column: Int) -> FixedWidthAppender<UInt16> {
        if case .code(let known)? = appenders[column] { return known }
        guard case .enumeration = definition.columns[column].kind else {
            preconditionFailure("an appender of the column's kind")
        }
        let made = FixedWidthAppender<UInt16>(in: scratch)
        appenders[column] = .code(made)
        return made
    }

    /// Of a String column.
    /// - Parameter repetition: heeded by the first call. Nil: none for unique columns and keys of one column, else some.
    package func texts(_ column: Int, _ repetition: TextAppender.Repetition? = nil) -> TextAppender {
        if case .text(let known)? = appenders[column] { return known }
        precondition(definition.columns[column].kind == .string, "an appender of the column's kind")
        let isDistinct = definition.columns[column].isUnique || definition.key == [column]
        let made = TextAppender(repetition ?? (isDistinct ? .none : .some), hash: hash, in: scratch)
        appenders[column] = .text(made)
        return made
    }

    /// Of a to-one edge: row numbers of the target type, which may have been given out before those rows were appended.
    package func references(_ column: Int) -> FixedWidthAppender<UInt32> {
        if case .row(let known)? = appenders[column] { return known }
        guard case .reference = definition.columns[column].kind else {
            preconditionFailure("an appender of the column's kind")
        }
        let made = FixedWidthAppender<UInt32>(in: scratch)
        appenders[column] = .row(made)
        return made
    }

    /// Of a column of lists of enum values.
    package func codeLists(_ column: Int) -> ListAppender<UInt16> {
        if case .codes(let known)? = appenders[column] { return known }
        guard case .enumerationList = definition.columns[column].kind else {
            preconditionFailure("an appender of the column's kind")
        }
        let made = ListAppender<UInt16>(in: scratch)
        appenders[column] = .codes(made)
        return made
    }

    /// Of a stored to-many edge.
    package func referenceLists(_ column: Int) -> ListAppender<UInt32> {
        if case .rows(let known)? = appenders[column] { return known }
        guard case .referenceList = definition.columns[column].kind else {
            preconditionFailure("an appender of the column's kind")
        }
        let made = ListAppender<UInt32>(in: scratch)
        appenders[column] = .rows(made)
        return made
    }

    // MARK: The end

    /// Rows so far: those of the longest column.
    package var rowCount: Int { appenders.values.map(\.rowCount).max() ?? 0 }

    /// The columns, and those whose texts have their rows' numbers. The appenders must not be used after.
    func finish() -> (columns: [Column], selfNumbered: Set<Int>) {
        let rowCount = rowCount
        var columns: [Column] = []
        var selfNumbered: Set<Int> = []
        for (index, definition) in definition.columns.enumerated() {
            guard let appender = appenders.removeValue(forKey: index) else {
                columns.append(Column(nullsOf: definition.kind, rowCount: rowCount, hash: hash))
                continue
            }
            precondition(appender.rowCount == rowCount, "every column that is filled has every row")
            switch appender {
            case .boolean(let appender): columns.append(.boolean(appender.finish()))
            case .int(let appender):
                columns.append(definition.kind == .date ? .date(appender.finish()) : .int(appender.finish()))
            case .int64(let appender):
                if case .decimal(let digits) = definition.kind {
                    columns.append(.decimal(appender.finish(), fractionDigits: digits))
                } else {
                    columns.append(.dateTime(appender.finish()))
                }
            case .float(let appender): columns.append(.float(appender.finish()))
            case .code(let appender): columns.append(.enumeration(appender.finish()))
            case .text(let appender):
                columns.append(.string(appender.finish()))
                if appender.isSelfNumbered { selfNumbered.insert(index) }
            case .row(let appender): columns.append(.reference(appender.finish()))
            case .codes(let appender): columns.append(.enumerationList(appender.finish()))
            case .rows(let appender): columns.append(.referenceList(appender.finish()))
            }
        }
        return (columns, selfNumbered)
    }
}
