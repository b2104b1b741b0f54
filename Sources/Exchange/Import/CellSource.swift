/// Where the text of a field comes from, in the columns of one file.
indirect enum CellSource: Sendable {
    enum Part: Sendable {
        case text([UInt8])
        case column(Int)
    }
    enum Otherwise: Sendable {
        case refuse
        case keep
        case nothing
        case constant([UInt8])
    }

    case column(Int)
    case constant([UInt8])
    /// Nothing where one of its columns is empty.
    case template([Part])
    /// The values of a longer key, each from a source of its own; nothing where one is missing.
    case key([CellSource])
    case laterOf([CellSource])
    case firstOf([CellSource])
    case characters(CellSource, from: Int, count: Int)
    /// One of several texts that a separator parts, the first counted as 1.
    case part(CellSource, number: Int, separator: [UInt8])
    case translated(CellSource, Translation, otherwise: Otherwise)
    case conditional([RowCondition], CellSource)
    /// What a table made from another file has for the text.
    case lookUp(table: Int, file: String, CellSource, otherwise: Otherwise)

    /// The column to show where the value is wrong.
    var firstColumn: Int? {
        switch self {
        case .column(let index): index
        case .constant: nil
        case .template(let parts): parts.lazy.compactMap { if case .column(let index) = $0 { index } else { nil } }.first
        case .key(let sources), .laterOf(let sources), .firstOf(let sources): sources.lazy.compactMap(\.firstColumn).first
        case .characters(let source, _, _), .part(let source, _, _), .translated(let source, _, _), .conditional(_, let source),
            .lookUp(_, _, let source, _):
            source.firstColumn
        }
    }
}

extension CellSource {
    /// The columns of the file that decide what is found.
    var columns: [Int] {
        switch self {
        case .column(let index): [index]
        case .constant: []
        case .template(let parts): parts.compactMap { if case .column(let index) = $0 { index } else { nil } }
        case .key(let sources), .laterOf(let sources), .firstOf(let sources): sources.flatMap(\.columns)
        case .characters(let source, _, _), .part(let source, _, _), .translated(let source, _, _),
            .lookUp(_, _, let source, _):
            source.columns
        case .conditional(let conditions, let source): conditions.map(\.column) + source.columns
        }
    }

    /// The same in memory of its own: threads that read one source would wait for each other at its reference counts.
    var copied: CellSource {
        switch self {
        case .column: self
        case .constant(let text): .constant(text.map { $0 })
        case .template(let parts):
            .template(parts.map { part in if case .text(let text) = part { .text(text.map { $0 }) } else { part } })
        case .key(let sources): .key(sources.map(\.copied))
        case .laterOf(let sources): .laterOf(sources.map(\.copied))
        case .firstOf(let sources): .firstOf(sources.map(\.copied))
        case .characters(let source, let from, let count): .characters(source.copied, from: from, count: count)
        case .part(let source, let number, let separator):
            .part(source.copied, number: number, separator: separator.map { $0 })
        case .translated(let source, let translation, let otherwise):
            .translated(source.copied, Translation(copying: translation), otherwise: otherwise.copied)
        case .conditional(let conditions, let source): .conditional(conditions.map(\.copied), source.copied)
        case .lookUp(let table, let file, let source, let otherwise):
            .lookUp(table: table, file: file, source.copied, otherwise: otherwise.copied)
        }
    }
}

extension CellSource.Otherwise {
    fileprivate var copied: CellSource.Otherwise {
        if case .constant(let text) = self { .constant(text.map { $0 }) } else { self }
    }
}

extension RowCondition {
    /// As of a source.
    var copied: RowCondition {
        let test: Test =
            switch test {
            case .isPresent: self.test
            case .isOneOf(let texts): .isOneOf(texts.map { $0.map { $0 } })
            case .isNoneOf(let texts): .isNoneOf(texts.map { $0.map { $0 } })
            }
        return RowCondition(column: column, test: test)
    }
}

/// Texts and what they become.
final class Translation: Sendable {
    let table: TextTable
    /// What it lists, for suggestions.
    let known: [String]

    init(_ values: [String: String]) {
        known = values.keys.sorted()
        var table = TextTable()
        for (from, to) in values { table.insert(Array(from.utf8).span, Array(to.utf8).span) }
        self.table = table
    }

    fileprivate init(copying other: Translation) { (table, known) = (other.table, other.known) }
}

/// A test of one column of a row.
struct RowCondition: Sendable {
    enum Test: Sendable {
        case isPresent(Bool)
        case isOneOf([[UInt8]])
        case isNoneOf([[UInt8]])
    }
    var column: Int
    var test: Test
}
