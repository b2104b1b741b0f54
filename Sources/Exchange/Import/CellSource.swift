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

/// Texts and what they become.
struct Translation: Sendable {
    private(set) var table = ByteMap<[UInt8]>()
    /// What it lists, for suggestions.
    let known: [String]

    init(_ values: [String: String]) {
        known = values.keys.sorted()
        for (from, to) in values { _ = table.insert(Array(from.utf8).span, Array(to.utf8)) }
    }
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
