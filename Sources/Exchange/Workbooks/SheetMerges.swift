import OfficeFiles

/// Cells that were merged: what stands in the first of a column holds for those below. Told at the end of a sheet, so read before it.
final class SheetMerges: XMLHandler {
    /// More are in no sheet that a person made.
    private static let limit = 100_000

    struct Merge {
        var first: Int
        var last: Int
    }

    /// By column, in ascending order once `finish` was called.
    private(set) var byColumn: [Int: [Merge]] = [:]
    private var count = 0

    func begin(_ name: String, _ attributes: XMLAttributes) throws(OfficeFileError) {
        guard name == "mergeCell", let text = attributes["ref"] else { return }
        let ends = text.split(separator: ":").compactMap { CellPlace($0) }
        guard ends.count == 2, ends[0].row < ends[1].row else { return }
        count += 1
        guard count <= Self.limit else { throw .limit(name: "max-merged-cells", maximum: Self.limit) }
        byColumn[ends[0].column, default: []].append(Merge(first: ends[0].row, last: ends[1].row))
    }
    func end(_ name: String) throws(OfficeFileError) {}
    func text(_ bytes: Span<UInt8>) throws(OfficeFileError) {}

    func finish() { for column in byColumn.keys { byColumn[column]?.sort { $0.first < $1.first } } }
}

/// `B12`: the second column, the twelfth row.
struct CellPlace {
    /// From 0.
    var column: Int
    /// From 1; 0 where the place names none.
    var row: Int

    init?(_ text: some StringProtocol) {
        var (column, row) = (0, 0)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z") where row == 0 && column < 20_000:
                column = column * 26 + Int(byte - 0x40)
            case 0x30...0x39 where row < 100_000_000: row = row * 10 + Int(byte - 0x30)
            case UInt8(ascii: "$"): break
            default: return nil
            }
        }
        guard column > 0 else { return nil }
        (self.column, self.row) = (column - 1, row)
    }
}
