import StoreColumns

/// Why rows cannot be made although the recipe is well formed.
package struct GenerationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
}

/// The rows of one part: CSV lines of each type.
package struct GeneratedPart: Sendable {
    /// By the position of the type; lines without the heading.
    package var lines: [[UInt8]]
    package var rowCounts: [Int]
}

/// Makes the rows of one part, from the outermost to the innermost, each before those below it.
struct PartMaker {
    let program: GenerationProgram
    let nodes: [Node]
    /// The values of the rows at hand: one row of each kind.
    var slots: [Int64]
    /// What text words point into.
    var texts: [UInt8]
    /// Values of the rows that others take, by kind.
    var stored: [[Int64]]
    var storedCounts: [Int]
    var scopes: [Int]
    var serials: [UInt64: Int64] = [:]
    /// The key of the row whose values are being drawn.
    var rowKey: UInt64 = 0
    var problem: GenerationProblem?
    private var lines: [[UInt8]]
    private var rowCounts: [Int]
    /// Where rows go that shall not become text; nil where they shall.
    private var collected: GeneratedRows?

    /// More rows than this below one are a mistake in the recipe.
    static let maximumCount = 10_000_000

    init(_ program: GenerationProgram, asOf: CivilDate) {
        self.program = program
        nodes = program.nodes
        slots = [Int64](repeating: absentWord, count: program.slotCount)
        slots[program.asOfSlot] = Int64(asOf.days)
        texts = program.texts
        stored = [[Int64]](repeating: [], count: program.kinds.count)
        storedCounts = [Int](repeating: 0, count: program.kinds.count)
        scopes = [Int](repeating: 0, count: program.scopeCount)
        lines = [[UInt8]](repeating: [], count: program.types.count)
        rowCounts = [Int](repeating: 0, count: program.types.count)
    }

    /// How many of the scale's rows a part would take if there were no end to them.
    mutating func wantedShare(ofPart ordinal: Int, seed: UInt64) -> Int {
        rowKey = CounterRandom.key(CounterRandom.key(seed, program.kinds[0].key), UInt64(ordinal))
        slots[program.kinds[0].ordinalSlot] = Int64(ordinal)
        computeValues(of: 0)
        return share(of: 0)
    }

    mutating func make(part ordinal: Int, share: Int, seed: UInt64) throws(GenerationProblem) -> GeneratedPart {
        row(0, ordinal: ordinal, limit: share, below: seed)
        if let problem { throw problem }
        return GeneratedPart(lines: lines, rowCounts: rowCounts)
    }

    /// As `make`, without text.
    mutating func makeRows(part ordinal: Int, share: Int, seed: UInt64) throws(GenerationProblem) -> GeneratedRows {
        collected = GeneratedRows(types: program.types.map { _ in GeneratedRows.Rows() })
        row(0, ordinal: ordinal, limit: share, below: seed)
        if let problem { throw problem }
        return collected ?? GeneratedRows(types: [])
    }

    mutating func fail(_ message: String) {
        if problem == nil { problem = GenerationProblem(description: message) }
    }

    // MARK: Rows

    private mutating func rows(of kind: Int, below key: UInt64) {
        guard problem == nil else { return }
        if program.kinds[kind].takes != nil {
            var rest = Int(slots[program.kinds[kind].outerShareSlot])
            var ordinal = 0
            while rest > 0, problem == nil {
                row(kind, ordinal: ordinal, limit: rest, below: key)
                rest -= Int(slots[program.kinds[kind].shareSlot])
                ordinal += 1
            }
            return
        }
        var count: Int64 = 1
        if program.kinds[kind].countsScale {
            count = slots[program.kinds[kind].outerShareSlot]
        } else if let node = program.kinds[kind].count {
            rowKey = key
            count = max(0, evaluate(node))
        }
        guard count <= Self.maximumCount else {
            fail("one row has \(count) rows '\(program.kinds[kind].name)' below it; at most \(Self.maximumCount) can be made")
            return
        }
        for ordinal in 0..<Int(count) { row(kind, ordinal: ordinal, limit: 0, below: key) }
    }

    /// - Parameter limit: How many of the scale's rows are left to take.
    private mutating func row(_ kind: Int, ordinal: Int, limit: Int, below outer: UInt64) {
        let key = CounterRandom.key(CounterRandom.key(outer, program.kinds[kind].key), UInt64(ordinal))
        let textMark = texts.count
        rowKey = key
        for scope in program.kinds[kind].scopes { scopes[scope.slot] = storedCounts[scope.stored] }
        slots[program.kinds[kind].ordinalSlot] = Int64(ordinal)
        computeValues(of: kind)
        if program.kinds[kind].takes != nil {
            slots[program.kinds[kind].shareSlot] = Int64(min(limit, share(of: kind)))
        }
        if program.kinds[kind].type != nil { write(kind) }
        if program.kinds[kind].isStored {
            stored[kind].append(contentsOf: slots[program.kinds[kind].slots])
            storedCounts[kind] += 1
        }
        for child in program.kinds[kind].children { rows(of: child, below: key) }
        if program.kinds[kind].releasesTexts { texts.removeSubrange(textMark...) }
    }

    private mutating func computeValues(of kind: Int) {
        for value in program.kinds[kind].values { slots[value.slot] = evaluate(value.node) }
    }

    private mutating func share(of kind: Int) -> Int {
        guard let node = program.kinds[kind].takes else { return 1 }
        return max(1, Int(clamping: evaluate(node)))
    }

    // MARK: Lines

    private mutating func write(_ kind: Int) {
        guard let type = program.kinds[kind].type else { return }
        // Values first: while they are made, texts may move.
        for field in program.kinds[kind].fields { slots[field.slot] = evaluate(field.node) }
        if collected != nil { return collect(kind, type) }
        // Taken out, so that the line is written into memory that only we hold.
        var line = lines[type]
        lines[type] = []
        var column = 0
        for field in program.kinds[kind].fields {
            while column < field.column {
                line.append(UInt8(ascii: ","))
                column += 1
            }
            CellWriter.append(slots[field.slot], field.kind, texts: texts, to: &line)
        }
        while column < program.types[type].columns.count - 1 {
            line.append(UInt8(ascii: ","))
            column += 1
        }
        line.append(0x0A)
        lines[type] = line
        rowCounts[type] += 1
    }

    /// Keeps the values of a row, and the texts that they name.
    private mutating func collect(_ kind: Int, _ type: Int) {
        guard var rows = collected?.types[type] else { return }
        // Taken out, so that nothing is copied.
        collected?.types[type] = GeneratedRows.Rows()
        rows.kinds.append(UInt16(truncatingIfNeeded: kind))
        for field in program.kinds[kind].fields {
            var word = slots[field.slot]
            if case .text = field.kind, word != absentWord {
                let place = TextPlace(word: word)
                word = TextPlace(start: rows.texts.count, count: place.count).word
                rows.texts.append(contentsOf: texts[place.range])
            }
            rows.words.append(word)
        }
        collected?.types[type] = rows
    }
}
