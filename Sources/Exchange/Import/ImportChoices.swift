/// What whoever imports says of tables whose names and headings do not say it.
package struct ImportChoices: Sendable, Hashable {
    /// The sheets of workbooks that are read, by name; empty: all that can be seen.
    package var sheets: Set<String> = []
    /// What the rows of all tables are, by name, plural or label; nil: what each is called says it.
    package var type: String?
    /// Where the headings stand, in all tables; nil: where most of them are found.
    package var headingRow: Int?
    /// By heading: the field that the column fills, by name or label; empty: the column is not read.
    package var columns: [String: String] = [:]
    package init() {}

    package var isEmpty: Bool { self == ImportChoices() }

    /// The same bytes for the same choices.
    package var bytes: [UInt8] {
        var parts = [type ?? "", headingRow.map { "\($0)" } ?? ""] + sheets.sorted()
        for (heading, field) in columns.sorted(by: { $0.key < $1.key }) { parts += ["", heading, field] }
        return Array(parts.flatMap { Array($0.utf8) + [0] })
    }
}
