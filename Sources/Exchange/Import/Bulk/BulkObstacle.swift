import Synchronization

/// Why files were not read in bulk: what was met first, with its place.
package enum BulkObstacle: Sendable, Hashable {
    /// What the headings or the list of checksums say.
    case headings(problemCount: Int)
    /// A column that must have a value is filled by no column of the file.
    case missingColumn(String, file: String)
    /// No UTF-8, or a NUL.
    case notText(file: String)
    /// A row that the bulk readers do not take: something in it is wrong, or of a rare spelling.
    case row(file: String, line: Int)
    /// A block of rows that a column or a table of keys cannot hold.
    case block(file: String, line: Int)
    /// A check that could not be made.
    case check(String)
    /// Rows that do not go together.
    case conflicts(count: Int)
}

extension BulkObstacle: CustomStringConvertible {
    package var description: String {
        switch self {
        case .headings(let count): "there \(count == 1 ? "is 1 problem" : "are \(count) problems") in headings or checksums"
        case .missingColumn(let field, let file): "no column of \(file) fills \(field), which needs a value"
        case .notText(let file): "\(file) is not UTF-8 text"
        case .row(let file, let line): "\(file):\(line) cannot be read in bulk"
        case .block(let file, let line): "the rows from \(file):\(line) on do not fit their columns"
        case .check(let reason): "a check could not be made: \(reason)"
        case .conflicts(let count): "\(count) \(count == 1 ? "row does" : "rows do") not go with others or keep a check"
        }
    }
}

/// Keeps the obstacle that stands first in the files, whichever thread meets it.
final class ObstacleList: Sendable {
    private let plan: ImportPlan
    private let first = Mutex<(file: Int, offset: Int, obstacle: BulkObstacle)?>(nil)

    init(_ plan: ImportPlan) { self.plan = plan }

    var obstacle: BulkObstacle? { first.withLock { $0?.obstacle } }

    /// - Parameters:
    ///   - file: Position in the plan.
    ///   - offset: In the file.
    func add(_ obstacle: BulkObstacle, file: Int, offset: Int) {
        first.withLock { known in
            if let known, (known.file, known.offset) <= (file, offset) { return }
            known = (file, offset, obstacle)
        }
    }

    /// Remembers a row at which reading stopped; false.
    func stop(_ block: TextBlock, at offset: Int) -> Bool {
        let file = plan.files[block.file].file
        add(.row(file: file.name, line: file.lineCount(before: offset) + 1), file: block.file, offset: offset)
        return false
    }

    /// Remembers a block that a lane did not take, or one before it; false.
    func refuse(_ block: TextBlock) -> Bool {
        let file = plan.files[block.file].file
        let offset = block.range.lowerBound
        add(.block(file: file.name, line: file.lineCount(before: offset) + 1), file: block.file, offset: offset)
        return false
    }
}
