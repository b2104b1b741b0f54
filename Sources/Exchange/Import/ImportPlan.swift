import Model
import StoreColumns

/// What will be read from which file, after files, headings, mapping and model were joined.
struct ImportPlan: Sendable {
    var files: [FilePlan] = []
    /// Columns of other files that texts are looked up in.
    var lookUps: [LookUpPlan] = []
    /// What rows of a type hold, by type, over all files; nil where no file brings any.
    var columns: [[Int]?]

    init(typeCount: Int) { columns = Array(repeating: nil, count: typeCount) }

    /// Lays the slots of every plan beside its type's columns. Once all files are planned.
    mutating func align() {
        for file in files.indices {
            for type in files[file].types.indices {
                let slots = files[file].types[type].slots
                let planned = columns[files[file].types[type].type.index] ?? []
                files[file].types[type].slots = planned.map { column in slots.first { $0?.column == column } ?? nil }
            }
        }
    }
}

struct FilePlan: Sendable {
    var file: SourceFile
    var headings: [String]
    /// What stands in the records that the headings are made of.
    var headingRecords: [[String]] = []
    /// Where the rows begin.
    var bodyStart: Int
    var bodyLine: Int
    var types: [TypePlan]
    var profile = CellProfile.lenient
}

/// The rows of one type that the rows of a file make.
struct TypePlan: Sendable {
    struct Slot: Sendable {
        /// The type's column.
        var column: Int
        var source: CellSource
        /// Without it there is no row.
        var isNeeded: Bool
    }
    var type: NodeTypeID
    var conditions: [RowCondition]
    var isDistinct: Bool
    /// Once the plan is aligned, one for each of the type's planned columns; nil where this file does not give it.
    var slots: [Slot?]
    var profile = CellProfile.lenient

    func source(ofColumn column: Int) -> CellSource? { slots.lazy.compactMap { $0 }.first { $0.column == column }?.source }
}

/// The column `take` by the text of the column `match`.
struct LookUpPlan: Hashable, Sendable {
    var file: String
    var match: String
    var take: String
}
