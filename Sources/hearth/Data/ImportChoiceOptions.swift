import ArgumentParser
import Exchange

/// What whoever imports says of tables whose names and headings do not say it.
struct ImportChoiceOptions: ParsableArguments {
    @Option(
        name: .customLong("sheet"),
        help: ArgumentHelp("Reads this sheet of a workbook, and none else; once for each.", valueName: "name"))
    var sheets: [String] = []

    @Option(
        help: ArgumentHelp("What the rows are, where the files' names do not say it: a type, or its label.", valueName: "type"))
    var type: String?

    @Option(
        name: .customLong("heading-row"),
        help: ArgumentHelp("The row that holds the headings, where it is not found.", valueName: "number"))
    var headingRow: Int?

    @Option(
        name: .customLong("column"),
        help: ArgumentHelp(
            "Which field a column fills; heading= for one that is not read. Once for each.", valueName: "heading=field"))
    var columns: [String] = []

    func validate() throws {
        for text in columns where !text.contains("=") {
            throw ValidationError("--column is a heading and a field, as heading=field; found '\(text)'.")
        }
    }

    var choices: ImportChoices {
        var choices = ImportChoices()
        (choices.sheets, choices.type, choices.headingRow) = (Set(sheets), type, headingRow)
        for text in columns {
            // A heading may hold the sign too, a field does not.
            guard let place = text.lastIndex(of: "=") else { continue }
            choices.columns[String(text[..<place])] = String(text[text.index(after: place)...])
        }
        return choices
    }
}
