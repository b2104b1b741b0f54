import Bytes

extension DictionaryColumn {
    /// Of lists of rows that lie end to end, those in which some row's text does not come behind that of the row before. A row without text
    /// comes behind none.
    ///
    /// - Parameter ends: Where each list ends.
    package func listsNotAscending(_ rows: borrowing Span<RowNumber>, ends: borrowing Span<Int>) -> [Int] {
        let dictionary = dictionary
        var found: [Int] = []
        var list = -1
        var (place, end) = (0, 0)
        var last: UInt32?
        _ = codes.read(rows) { code in
            if place == end {
                // Lists may be empty.
                while end <= place {
                    list += 1
                    end = ends[list]
                }
            } else if !dictionary.isAscending(last, code), found.last != list {
                found.append(list)
            }
            last = code
            place &+= 1
            return true
        }
        return found
    }
}

extension StringDictionary {
    @inline(__always)
    fileprivate func isAscending(_ first: UInt32?, _ second: UInt32?) -> Bool {
        guard let second else { return false }
        guard let first else { return true }
        let local = Int(second & 0xFFFF)
        guard first &+ 1 == second, local > 0 else {
            let later = bytes(of: second)
            return bytes(of: first).order(against: later) < 0
        }
        // Texts that stand side by side, as keys do that came in their order: the first ends where the second begins.
        let segment = Int(second >> 16)
        let middle = Int(segments[segment].offsets[local])
        let bytes = segments[segment].bytes.span(heldBy: self)
        let later = bytes.extracting(middle..<Int(segments[segment].offsets[local &+ 1]))
        return bytes.extracting(Int(segments[segment].offsets[local &- 1])..<middle).order(against: later) < 0
    }
}
