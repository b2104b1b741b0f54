import OfficeFiles

/// Bounds of an import.
package struct ImportLimits: Sendable {
    package var csv = CSVReader.Limits()
    /// Problems that a report lists; all are counted.
    package var problems = 1000
    /// Characters of a value that a problem shows.
    package var valueCharacters = 80
    /// Text that one thread reads at a time: a row that is cut off by the border of such a block is read whole with the one before.
    /// Small enough to stay in a core's cache with what is made of it.
    package var blockBytes = 1 << 20
    /// Bytes of files that are held row by row to find out what is wrong with them; of larger ones each row is looked at by itself, and
    /// then those that do not go together. A row that is held takes about ten times its text.
    package var heldBytes = 32 << 20
    /// Of XLSX workbooks: what they may unfold to.
    package var workbook = ZipArchive.Limits()
    /// Records at the beginning of a file among which its headings are looked for: titles may stand above them.
    package var headingRows = 20
    package init() {}

    /// Of files that an archive holds: a list that was kept has room in its cell, however long it is.
    static var ofArchives: ImportLimits {
        var limits = ImportLimits()
        limits.csv.cellBytes = 256 << 20
        return limits
    }
}
