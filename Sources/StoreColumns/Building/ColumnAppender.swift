import Bytes

/// The end of a column of any kind, to which rows are appended.
package enum ColumnAppender {
    case boolean(BooleanAppender)
    /// Int and Date.
    case int(FixedWidthAppender<Int32>)
    /// Decimal (unscaled) and DateTime.
    case int64(FixedWidthAppender<Int64>)
    case float(FixedWidthAppender<Double>)
    case code(FixedWidthAppender<UInt16>)
    case text(TextAppender)
    case row(FixedWidthAppender<UInt32>)
    case codes(ListAppender<UInt16>)
    case rows(ListAppender<UInt32>)

    init(_ kind: ColumnKind, _ repetition: TextAppender.Repetition, hash: KeyedHash, in scratch: Scratch?) {
        switch kind {
        case .boolean: self = .boolean(BooleanAppender(in: scratch))
        case .int, .date: self = .int(FixedWidthAppender(in: scratch))
        case .decimal, .dateTime: self = .int64(FixedWidthAppender(in: scratch))
        case .float: self = .float(FixedWidthAppender(in: scratch))
        case .enumeration: self = .code(FixedWidthAppender(in: scratch))
        case .string: self = .text(TextAppender(repetition, hash: hash, in: scratch))
        case .reference: self = .row(FixedWidthAppender(in: scratch))
        case .enumerationList: self = .codes(ListAppender(in: scratch))
        case .referenceList: self = .rows(ListAppender(in: scratch))
        }
    }

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

    /// The column; the appender must not be used after.
    func finish(_ kind: ColumnKind) -> Column {
        switch self {
        case .boolean(let appender): return .boolean(appender.finish())
        case .int(let appender): return kind == .date ? .date(appender.finish()) : .int(appender.finish())
        case .int64(let appender):
            if case .decimal(let digits) = kind { return .decimal(appender.finish(), fractionDigits: digits) }
            return .dateTime(appender.finish())
        case .float(let appender): return .float(appender.finish())
        case .code(let appender): return .enumeration(appender.finish())
        case .text(let appender): return .string(appender.finish())
        case .row(let appender): return .reference(appender.finish())
        case .codes(let appender): return .enumerationList(appender.finish())
        case .rows(let appender): return .referenceList(appender.finish())
        }
    }
}

/// A column that has all its rows and is about to be finished.
// Sendable: nobody fills it any more, and one thread finishes it.
final class FilledColumn: @unchecked Sendable {
    let type: NodeTypeID
    let index: Int
    let definition: ColumnDefinition
    private let appender: ColumnAppender?
    private let rowCount: Int
    private let hash: KeyedHash

    /// - Parameter appender: nil for a column that was never touched.
    init(
        _ type: NodeTypeID, _ index: Int, _ definition: ColumnDefinition, _ appender: ColumnAppender?, rowCount: Int,
        hash: KeyedHash
    ) {
        precondition(appender.map { $0.rowCount == rowCount } ?? true, "every column that is filled has every row")
        (self.type, self.index, self.definition) = (type, index, definition)
        (self.appender, self.rowCount, self.hash) = (appender, rowCount, hash)
    }

    /// What finishing costs, about: texts are looked at again.
    var weight: Int {
        if case .text? = appender { rowCount * 8 } else { rowCount }
    }

    /// The column, and whether its texts have their rows' numbers. To be called once.
    func finish() -> (column: Column, isSelfNumbered: Bool) {
        guard let appender else { return (Column(nullsOf: definition.kind, rowCount: rowCount, hash: hash), false) }
        let column = appender.finish(definition.kind)
        if case .text(let texts) = appender { return (column, texts.isSelfNumbered) }
        return (column, false)
    }
}
