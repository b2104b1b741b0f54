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
        let later = bytes(of: second)
        return bytes(of: first).order(against: later) < 0
    }
}
