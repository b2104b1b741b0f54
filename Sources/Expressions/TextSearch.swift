import Patterns
import StoreColumns

/// Looks for one text in string columns, whatever its case.
///
/// Each distinct text of a column is looked at once; then, where any of them has the text, the codes of the rows are read,
/// chunk by chunk, one look-up in a table of bytes each. So a million rows with few names cost as much as the names, and a
/// million names about as much as reading them. Texts and rows both count as rows visited.
///
/// A million rows with a thousand names and a million keys took 10 to 80 ms on one core, a million names of 25 characters
/// beside the keys 40 to 460 ms; the greater figures are for texts with letters that have a case.
package struct TextSearch: Sendable {
    /// Rows by how they have the text, each list ascending; a row stands in the best one only.
    package struct Found: Sendable, Hashable {
        /// The one column that counts as a whole is the text.
        package var whole: [RowNumber] = []
        /// A text begins with it.
        package var beginning: [RowNumber] = []
        /// A text has it somewhere behind its beginning.
        package var inside: [RowNumber] = []

        package var count: Int { whole.count + beginning.count + inside.count }
    }

    /// How a text has another, the better the greater.
    private enum Grade {
        static let none: UInt8 = 0
        static let inside: UInt8 = 1
        static let beginning: UInt8 = 2
        static let whole: UInt8 = 3
    }

    private let contains: TextTest
    private let startsWith: TextTest
    private let equals: TextTest

    /// - Parameter text: Of 1,024 bytes at most; letters match whatever their case, by Unicode's simple folding.
    /// - Throws: `patternLimit`.
    package init(_ text: String) throws(EvaluationError) {
        do throws(PatternError) {
            contains = try TextTest(.contains, text, caseInsensitive: true)
            startsWith = try TextTest(.startsWith, text, caseInsensitive: true)
            equals = try TextTest(.equals, text, caseInsensitive: true)
        } catch {
            throw EvaluationError(error, pattern: text)
        }
    }

    /// The live rows of a table that have the text in one of the columns.
    ///
    /// - Parameters:
    ///   - columns: Of strings.
    ///   - wholeColumn: The one of them in which being the text counts more than beginning with it.
    /// - Throws: `overBudget`, `stopped`.
    package func rows(
        of table: Table, columns: [Int], wholeColumn: Int?, _ budget: Budget
    ) throws(EvaluationError) -> Found {
        var searched: [(codes: FixedWidthColumn<UInt32>, grades: [UInt8])] = []
        for index in columns {
            guard case .string(let column) = table.column(index) else { preconditionFailure("Texts are searched.") }
            if let grades = try grades(of: column.dictionary, whole: index == wholeColumn, budget) {
                searched.append((column.codes, grades))
            }
        }
        var found = Found()
        guard !searched.isEmpty else { return found }
        var best: [UInt8] = []
        for chunk in 0..<searched[0].codes.chunkCount {
            let count = searched[0].codes.chunk(chunk).count
            best = Array(repeating: Grade.none, count: count)
            for column in searched {
                try Self.raise(&best, column.codes.chunk(chunk), column.grades, budget)
            }
            for offset in best.indices where best[offset] != Grade.none {
                let row = RowNumber(truncatingIfNeeded: chunk << 16 + offset)
                guard table.isLive(row) else { continue }
                switch best[offset] {
                case Grade.whole: found.whole.append(row)
                case Grade.beginning: found.beginning.append(row)
                default: found.inside.append(row)
                }
            }
        }
        return found
    }

    /// By code; nil where no text of the dictionary has the text.
    private func grades(of dictionary: StringDictionary, whole: Bool, _ budget: Budget) throws(EvaluationError) -> [UInt8]? {
        var grades = Array(repeating: Grade.none, count: dictionary.count)
        var isFound = false
        for code in 0..<dictionary.count {
            if code & 1_023 == 0 { try budget.charge(rows: min(1_024, dictionary.count - code)) }
            let text = dictionary.bytes(of: UInt32(truncatingIfNeeded: code))
            guard contains.matches(text) else { continue }
            isFound = true
            if !startsWith.matches(text) {
                grades[code] = Grade.inside
            } else {
                grades[code] = whole && equals.matches(text) ? Grade.whole : Grade.beginning
            }
        }
        return isFound ? grades : nil
    }

    /// Raises the grades of a chunk's rows to those of a column's texts.
    private static func raise(
        _ best: inout [UInt8], _ chunk: Chunk<UInt32>, _ grades: [UInt8], _ budget: Budget
    ) throws(EvaluationError) {
        let codes = chunk.values
        for start in stride(from: 0, to: codes.count, by: 1_024) {
            let end = min(start + 1_024, codes.count)
            try budget.charge(rows: end - start)
            for offset in start..<end {
                // A null has the place of a code too, so it is looked at where that code is found.
                let grade = grades[Int(codes[offset])]
                if grade > best[offset], !chunk.isNull(at: offset) { best[offset] = grade }
            }
        }
    }
}
