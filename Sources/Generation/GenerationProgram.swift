/// What values are, known before any is made. Every value is one 64-bit word.
enum ValueKind: Hashable, Sendable {
    case nothing
    case integer
    /// The bits of a `Double`.
    case real
    case boolean
    /// Days since 1970-01-01.
    case date
    /// Where a text stands among the texts of a part.
    case text
    /// A whole number of the last digit's unit.
    case decimal(digits: Int)
    /// A row of these rows, by its position.
    case row(Int)

    var description: String {
        switch self {
        case .nothing: "nothing"
        case .integer: "a whole number"
        case .real: "a number"
        case .boolean: "true or false"
        case .date: "a day"
        case .text: "a text"
        case .decimal: "a decimal number"
        case .row: "a row"
        }
    }
}

/// The word that stands for no value. No number, day or text has it.
let absentWord = Int64.min

/// The place of a text: its first byte and its length, in one word.
struct TextPlace {
    static let lengthBits: Int64 = 20
    var start: Int
    var count: Int

    init(start: Int, count: Int) {
        self.start = start
        self.count = count
    }
    init(word: Int64) {
        start = Int(word >> Self.lengthBits)
        count = Int(word & (1 << Self.lengthBits - 1))
    }
    var word: Int64 { Int64(start) << Self.lengthBits | Int64(count) }
    var range: Range<Int> { start..<(start + count) }
}

/// One step of a calculation: what is done with which nodes, slots or tables.
struct Node: Sendable {
    enum Operation: UInt8, Sendable {
        case constant, slot, stored
        case template, choose, wordAt, match, below, quantile, row
        case add, subtract, multiply, remainder, negate, minimum, maximum
        case addReal, subtractReal, multiplyReal, divideReal, negateReal, minimumReal, maximumReal
        case toReal, floor, round, decimal
        case equal, less, lessOrEqual, equalReal, lessReal, lessOrEqualReal, equalText
        case and, or, not, conditional, has
        case uniform, uniformReal, normal, logNormal, poisson, chance
        case date, year, month, day, addMonths, quarterStart
        case serial, checkCharacter, scramble
    }
    var operation: Operation
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0
    /// A constant's word, or what tells one draw of a row from another.
    var word: Int64 = 0
}

/// Rows of one kind, ready to be made.
struct KindProgram: Sendable {
    var name: String
    /// Of its name and of those above it.
    var key: UInt64
    /// Position among the types of the register; nil where nothing is written.
    var type: Int?
    /// Nodes; nil: one row.
    var count: Int?
    var takes: Int?
    /// Whether it is the scale's own: as many rows as the row above has taken.
    var countsScale = false
    var slots: Range<Int> = 0..<0
    var ordinalSlot = 0
    var shareSlot = 0
    /// Where the share of the row above stands.
    var outerShareSlot = 0
    var values: [(slot: Int, node: Int)] = []
    var fields: [(slot: Int, node: Int, kind: ValueKind, column: Int)] = []
    var children: [Int] = []
    /// Whether rows are kept to be taken by others.
    var isStored = false
    /// Whether nothing of the texts made below a row is needed when it is done.
    var releasesTexts = false
    /// Scopes to be opened when a row begins: where the rows of a stored kind stand by then.
    var scopes: [(stored: Int, slot: Int)] = []
}

/// A recipe, with every name resolved.
final class GenerationProgram: Sendable {
    struct TypeProgram: Sendable {
        var name: String
        var columns: [String]
    }
    struct Choice: Sendable {
        /// Ascending; of 2⁵³.
        var bounds: [UInt64]
        var words: [Int64]
    }
    enum Piece: Sendable {
        case text(Int64)
        case value(node: Int, kind: ValueKind, width: Int)
    }

    let kinds: [KindProgram]
    let types: [TypeProgram]
    let nodes: [Node]
    let operands: [Int32]
    let pieces: [Piece]
    let choices: [Choice]
    let matches: [[(word: Int64, node: Int)]]
    let bands: [[(bound: Double, node: Int)]]
    let quantiles: [[Double]]
    /// The texts that the recipe holds: the beginning of every part's texts.
    let texts: [UInt8]
    let slotCount: Int
    let scopeCount: Int
    let asOfSlot: Int

    init(
        kinds: [KindProgram], types: [TypeProgram], nodes: [Node], operands: [Int32], pieces: [Piece], choices: [Choice],
        matches: [[(word: Int64, node: Int)]], bands: [[(bound: Double, node: Int)]], quantiles: [[Double]], texts: [UInt8],
        slotCount: Int, scopeCount: Int, asOfSlot: Int
    ) {
        self.kinds = kinds
        self.types = types
        self.nodes = nodes
        self.operands = operands
        self.pieces = pieces
        self.choices = choices
        self.matches = matches
        self.bands = bands
        self.quantiles = quantiles
        self.texts = texts
        self.slotCount = slotCount
        self.scopeCount = scopeCount
        self.asOfSlot = asOfSlot
    }
}
