import Bytes

/// What two versions mean alike: codes of texts and numbers of rows. Where they do, columns are compared by them; else by the
/// texts and keys they stand for.
struct Agreement: Sendable {
    let old: GraphVersion
    let new: GraphVersion
    /// By type and column: whether codes that both dictionaries have stand for the same texts. True for other columns.
    /// Empty where all of them do.
    private var codes: [[Bool]] = []
    /// By type: whether a row number that both tables have names the same row. Empty where all of them do.
    private var rows: [Bool?]

    init(_ old: GraphVersion, _ new: GraphVersion) {
        self.old = old
        self.new = new
        rows = Array(repeating: nil, count: old.tables.count)
        for (left, right) in zip(old.tables, new.tables) {
            codes.append(
                left === right
                    ? left.columns.map { _ in true }
                    : zip(left.columns, right.columns).map { left, right in
                        guard case .string(let left) = left, case .string(let right) = right else { return true }
                        return left.dictionary.agrees(with: right.dictionary)
                    })
        }
        for index in old.tables.indices { _ = settleRows(of: index) }
    }

    /// Of a version and one that was made of it: everything means the same.
    init(inOneLine old: GraphVersion, _ new: GraphVersion) {
        self.old = old
        self.new = new
        rows = []
    }

    /// Whether row numbers of a type mean the same in both versions.
    func rowsAgree(_ type: NodeTypeID) -> Bool { rows.isEmpty || rows[type.index] ?? false }

    func codesAgree(_ column: Int, of type: NodeTypeID) -> Bool { codes.isEmpty || codes[type.index][column] }

    private mutating func settleRows(of index: Int) -> Bool {
        if let known = rows[index] { return known }
        let (left, right) = (old.tables[index], new.tables[index])
        if left === right {
            // Columns that refer to other types were shared with their meaning.
            rows[index] = true
            return true
        }
        // Keys that refer in a circle are compared one by one.
        rows[index] = false
        let type = NodeTypeID(index)
        for column in old.catalog[type].key {
            guard case .reference(let target) = old.catalog[type].columns[column].kind else { continue }
            guard settleRows(of: target.index) else { return false }
        }
        let common = min(left.rowCount, right.rowCount)
        for chunk in 0..<ChunkLayout.chunkCount(common) {
            let count = ChunkLayout.rowCount(ofChunk: chunk, of: common)
            for column in old.catalog[type].key
            where !left.columns[column].sharesChunk(chunk, with: right.columns[column], count: count) {
                for offset in 0..<count {
                    let row = chunk << 16 | offset
                    guard isSame(column, of: type, row, row) else { return false }
                }
            }
        }
        rows[index] = true
        return true
    }

    // MARK: - Values

    /// Whether a column holds the same in a row of the old version as in one of the new.
    func isSame(_ column: Int, of type: NodeTypeID, _ a: Int, _ b: Int, depth: Int = 0) -> Bool {
        switch (old.tables[type.index].column(column), new.tables[type.index].column(column)) {
        case (.boolean(let left), .boolean(let right)): left[a] == right[b]
        case (.int(let left), .int(let right)), (.date(let left), .date(let right)): left[a] == right[b]
        case (.decimal(let left, _), .decimal(let right, _)), (.dateTime(let left), .dateTime(let right)): left[a] == right[b]
        case (.float(let left), .float(let right)): left[a] == right[b]
        case (.enumeration(let left), .enumeration(let right)): left[a] == right[b]
        case (.string(let left), .string(let right)): isSame(left, right, a, b, byCode: codesAgree(column, of: type))
        case (.reference(let left), .reference(let right)):
            isSameRow(left[a], right[b], of: old.catalog[type].columns[column].kind, depth)
        case (.enumerationList(let left), .enumerationList(let right)):
            left.isNull(at: a) == right.isNull(at: b) && Self.isSame(left.list(at: a), right.list(at: b))
        case (.referenceList(let left), .referenceList(let right)):
            left.isNull(at: a) == right.isNull(at: b)
                && isSame(left.list(at: a), right.list(at: b), of: old.catalog[type].columns[column].kind, depth)
        default: false
        }
    }

    private func isSame(_ left: DictionaryColumn, _ right: DictionaryColumn, _ a: Int, _ b: Int, byCode: Bool) -> Bool {
        guard let first = left.codes[a], let second = right.codes[b] else {
            return left.codes.isNull(at: a) == right.codes.isNull(at: b)
        }
        if byCode { return first == second }
        return Self.isSame(left.dictionary.bytes(of: first), right.dictionary.bytes(of: second))
    }

    private func isSameRow(_ a: RowNumber?, _ b: RowNumber?, of kind: ColumnKind, _ depth: Int) -> Bool {
        guard let a, let b else { return a == b }
        guard let target = kind.target else { return false }
        if a == b, rowsAgree(target) { return true }
        // A row that was deleted and came again has another number and is the same.
        return isSameKey(of: target, Int(a), Int(b), depth + 1)
    }

    /// Whether two rows have the same business key.
    func isSameKey(of type: NodeTypeID, _ a: Int, _ b: Int, _ depth: Int = 0) -> Bool {
        guard depth < GraphVersion.maximumKeyDepth else { return false }
        return old.catalog[type].key.allSatisfy { isSame($0, of: type, a, b, depth: depth) }
    }

    private func isSame(_ left: Span<RowNumber>, _ right: Span<RowNumber>, of kind: ColumnKind, _ depth: Int) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where !isSameRow(left[index], right[index], of: kind, depth) { return false }
        return true
    }

    private static func isSame<Element: Equatable>(_ left: Span<Element>, _ right: Span<Element>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}

extension StringDictionary {
    /// Whether every code that both have stands for the same text in both. Segments that both share are not looked at.
    fileprivate func agrees(with other: StringDictionary) -> Bool {
        if self === other { return true }
        for (index, (left, right)) in zip(segments, other.segments).enumerated()
        where !(left.offsets.sharesStorage(with: right.offsets) && left.bytes.sharesStorage(with: right.bytes)) {
            let common = min(left.offsets.count, right.offsets.count) - 1
            for local in 0..<max(0, common) {
                let code = UInt32(truncatingIfNeeded: index << 16 | local)
                guard isText(of: code, other.bytes(of: code)) else { return false }
            }
        }
        return true
    }
}
