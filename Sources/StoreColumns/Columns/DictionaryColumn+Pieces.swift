import Bytes

extension DictionaryColumn {
    /// Where the texts of rows stand, one piece a row; none where a row has no text.
    ///
    /// Texts lie anywhere. So that the reads of memory overlap, those of where each stands are asked for first, unless they are so few that
    /// they are near already, and the texts themselves are asked for and not read.
    package func append(_ rows: borrowing Span<RowNumber>, to pieces: inout BytePieces) {
        pieces.hold(dictionary)
        pieces.reserve(rows.count)
        if rows.count > Self.fewRows, dictionary.count > StringDictionary.nearCount { placesSoon(of: rows) }
        _ = codes.read(rows) { code in
            if let code { dictionary.append(code, to: &pieces) } else { pieces.appendNone() }
            return true
        }
    }

    /// Asks for where the texts of rows stand.
    package func placesSoon(of rows: borrowing Span<RowNumber>) {
        _ = codes.read(rows) { code in
            if let code { dictionary.placeSoon(of: code) }
            return true
        }
    }

    /// Of so few rows the reads overlap by themselves, or were asked for with those of other columns.
    private static let fewRows = 8
}

extension StringDictionary {
    /// Where so many texts stand is 16 KiB, which stay in the nearest cache while a column is read.
    fileprivate static let nearCount = 4_096

    /// Asks for where a text stands.
    @inline(__always)
    fileprivate func placeSoon(of code: UInt32) { segments[Int(code >> 16)].offsets.readSoon(Int(code & 0xFFFF)) }

    /// The piece of a code, of a dictionary that is held.
    @inline(__always)
    fileprivate func append(_ code: UInt32, to pieces: inout BytePieces) {
        let (index, local) = (Int(code >> 16), Int(code & 0xFFFF))
        // Read in place, as a copy of the segment would be counted text by text.
        let start = Int(segments[index].offsets[local])
        let end = Int(segments[index].offsets[local &+ 1])
        let bytes = segments[index].bytes.span(heldBy: self)
        pieces.append(bytes, from: start, to: end)
    }
}
