import Bytes

/// Compares the rows of one type: chunk by chunk where row numbers mean the same, by key where they do not.
struct TypeComparison {
    let type: NodeTypeID
    let agreement: Agreement
    private let old: Table
    private let new: Table
    private var difference: TypeDifference
    /// Rows whose number names no row, or another one, in the other version; to be found by key.
    private var strayOld: [RowNumber] = []
    private var strayNew: [RowNumber] = []

    init(_ type: NodeTypeID, _ agreement: Agreement) {
        self.type = type
        self.agreement = agreement
        old = agreement.old[type]
        new = agreement.new[type]
        difference = TypeDifference(type: type)
    }

    consuming func compare<Failure>(charge: (Int) throws(Failure) -> Void) throws(Failure) -> TypeDifference {
        if old === new { return difference }
        let numbersAgree = agreement.rowsAgree(type)
        let common = numbersAgree ? min(old.rowCount, new.rowCount) : 0
        for chunk in 0..<ChunkLayout.chunkCount(common) {
            try compare(chunk, count: ChunkLayout.rowCount(ofChunk: chunk, of: common), charge: charge)
        }
        try charge(old.rowCount - common + new.rowCount - common)
        for row in common..<old.rowCount where old.isLive(RowNumber(truncatingIfNeeded: row)) {
            strayOld.append(RowNumber(truncatingIfNeeded: row))
        }
        for row in common..<new.rowCount where new.isLive(RowNumber(truncatingIfNeeded: row)) {
            strayNew.append(RowNumber(truncatingIfNeeded: row))
        }
        try matchStrays(charge: charge)
        return difference
    }

    private mutating func compare<Failure>(
        _ chunk: Int, count: Int, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) {
        let columns = old.columns.indices.filter { !old.columns[$0].sharesChunk(chunk, with: new.columns[$0], count: count) }
        if columns.isEmpty, !old.hasDeadRows, !new.hasDeadRows { return }
        try charge(count)
        for offset in 0..<count {
            let row = chunk << 16 | offset
            let number = RowNumber(truncatingIfNeeded: row)
            switch (old.isLive(number), new.isLive(number)) {
            case (true, true):
                if columns.contains(where: { !agreement.isSame($0, of: type, row, row) }) {
                    difference.changed.append(RowPair(old: number, new: number))
                }
            case (true, false): strayOld.append(number)
            case (false, true): strayNew.append(number)
            case (false, false): break
            }
        }
    }

    /// A row that was deleted and came again has another number.
    private mutating func matchStrays<Failure>(charge: (Int) throws(Failure) -> Void) throws(Failure) {
        var matched: Set<RowNumber> = []
        for row in strayOld {
            try charge(1)
            guard !strayNew.isEmpty, let other = agreement.new.row(of: type, forKey: agreement.old.key(of: row, type: type))
            else {
                difference.removed.append(row)
                continue
            }
            matched.insert(other)
            if old.columns.indices.contains(where: { !agreement.isSame($0, of: type, Int(row), Int(other)) }) {
                difference.changed.append(RowPair(old: row, new: other))
            }
        }
        difference.added = strayNew.filter { !matched.contains($0) }
        difference.changed.sort { $0.old < $1.old }
    }
}

extension Column {
    /// Whether the first rows of a chunk are known to be the same without a look at their values: both columns hold them in
    /// the same memory.
    func sharesChunk(_ index: Int, with other: Column, count: Int) -> Bool {
        switch (self, other) {
        case (.boolean(let left), .boolean(let right)):
            left.chunks[index].values.sharesStorage(with: right.chunks[index].values)
                && left.chunks[index].validity.sharesStorage(with: right.chunks[index].validity)
        case (.int(let left), .int(let right)), (.date(let left), .date(let right)): left.sharesChunk(index, with: right, count)
        case (.decimal(let left, _), .decimal(let right, _)), (.dateTime(let left), .dateTime(let right)):
            left.sharesChunk(index, with: right, count)
        case (.float(let left), .float(let right)): left.sharesChunk(index, with: right, count)
        case (.enumeration(let left), .enumeration(let right)): left.sharesChunk(index, with: right, count)
        case (.string(let left), .string(let right)): left.codes.sharesChunk(index, with: right.codes, count)
        case (.reference(let left), .reference(let right)): left.sharesChunk(index, with: right, count)
        case (.enumerationList(let left), .enumerationList(let right)): left.sharesChunk(index, with: right)
        case (.referenceList(let left), .referenceList(let right)): left.sharesChunk(index, with: right)
        default: false
        }
    }
}

extension Column {
    /// Whether two columns of references are seen to hold the same, without a look at what they hold: they share it, null by null.
    package func isShared(with other: Column) -> Bool {
        guard case .reference(let left) = self, case .reference(let right) = other, left.rowCount == right.rowCount else {
            return false
        }
        return (0..<left.chunkCount).allSatisfy { left.sharesChunk($0, with: right, left.chunk($0).count) }
    }
}

extension FixedWidthColumn {
    fileprivate func sharesChunk(_ index: Int, with other: FixedWidthColumn, _ count: Int) -> Bool {
        let (left, right) = (chunk(index), other.chunk(index))
        guard left.elements.sharesStorage(with: right.elements) else { return false }
        if !left.hasNulls, !right.hasNulls || left.validityWords.sharesStorage(with: right.validityWords) { return true }
        // Bits are copied when rows are added behind them.
        for offset in 0..<count where left.isNull(at: offset) != right.isNull(at: offset) { return false }
        return true
    }
}

extension ListColumn {
    fileprivate func sharesChunk(_ index: Int, with other: ListColumn) -> Bool {
        let (left, right) = (chunks[index], other.chunks[index])
        return left.offsets.sharesStorage(with: right.offsets) && left.elements.sharesStorage(with: right.elements)
            && left.validityWords.sharesStorage(with: right.validityWords)
    }
}
