import Expressions
import JSONText

extension JSONWriter {
    /// The extensions of an answer, and among them how it was found: `explain`, whose shape `Schema/formats/Explain.md` says.
    ///
    /// - Parameter stamp: The extensions without it, as a member behind a comma.
    mutating func extensions(_ stamp: [UInt8], explaining trace: PlanTrace) {
        raw(Array(stamp.dropLast()))
        byte(UInt8(ascii: ","))
        string("explain")
        byte(UInt8(ascii: ":"))
        explanation(trace.steps)
        byte(UInt8(ascii: "}"))
    }

    private mutating func explanation(_ steps: [PlanTrace.Step]) {
        beginObject()
        name("steps")
        beginArray()
        for step in steps {
            separate()
            beginObject()
            name("depth")
            int(step.depth)
            name("mode")
            string(step.mode.rawValue)
            name("name")
            string(step.name)
            for (label, count) in [("estimatedRows", step.estimatedRows), ("actualRows", step.actualRows)] {
                name(label)
                if let count { int(count) } else { null() }
            }
            name("visitedRows")
            int(step.visitedRows)
            name("microseconds")
            int(Int(step.nanoseconds / 1_000))
            endObject()
        }
        endArray()
        name("text")
        string(PlanTrace.text(steps))
        endObject()
    }
}

extension PlanTrace {
    /// The steps as a table for people: a line each, those inside others indented.
    package static func text(_ steps: [Step]) -> String {
        var table = [["step", "mode", "estimated", "actual", "visited", "µs"]]
        for step in steps {
            table.append([
                String(repeating: "  ", count: step.depth) + step.name, step.mode.rawValue,
                step.estimatedRows.map(String.init) ?? "",
                step.actualRows.map(String.init) ?? "", String(step.visitedRows), String(step.nanoseconds / 1_000),
            ])
        }
        // What is long comes last, so that numbers stand under each other.
        let widths = table[0].indices.map { column in table.map { $0[column].unicodeScalars.count }.max() ?? 0 }
        return table.map { cells in
            let numbers = (1..<cells.count).map { column in
                let space = String(repeating: " ", count: widths[column] - cells[column].unicodeScalars.count)
                return column == 1 ? cells[column] + space : space + cells[column]
            }
            return (numbers + [cells[0]]).joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
