/// Bounds of an import.
package struct ImportLimits: Sendable {
    package var csv = CSVReader.Limits()
    /// Problems that a report lists; all are counted.
    package var problems = 1000
    /// Characters of a value that a problem shows.
    package var valueCharacters = 80
    package init() {}
}
