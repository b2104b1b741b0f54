import StoreColumns

/// What a role without rows asks by, as far as types and fields go: its schema is made of this. Which of them may meet in a question is
/// for whoever answers to say. `Schema/formats/Access.md`
package struct RoleCellFields: Sendable {
    /// What is told of the rows of one type, as it is written.
    package struct Table: Sendable {
        package let type: NodeTypeID
        /// Positions of the fields that lead to whom a row is about; empty: each row is about another.
        package let each: [Int]
        /// By dimension: its levels, the coarsest first, with the line that each stands in.
        package let by: [[(text: String, line: Int)]]
        /// What messages call it.
        package let line: Int
    }

    package internal(set) var tables: [Table] = []
    /// Fields whose values are added up.
    var figures: Set<FieldPlace> = []
    /// To-one fields behind which something is asked by.
    var steps: Set<FieldPlace> = []
    /// Those of them behind which rows are chosen by something.
    var filterSteps: Set<FieldPlace> = []
    /// Fields by whose values rows are chosen and put into groups.
    var values: Set<FieldPlace> = []
    /// To-one fields whose rows make groups.
    var rows: Set<FieldPlace> = []
    /// Fields that name such rows: rows are chosen by them, and keys hold them.
    var names: Set<FieldPlace> = []
    /// Fields of such rows that keys hold besides.
    var shown: Set<FieldPlace> = []
    /// Dates and numbers by whose periods and intervals groups are made.
    var intervals: Set<FieldPlace> = []
    /// Trees by whose levels rows are chosen and put into groups.
    var trees: Set<NodeTypeID> = []

    func has(tableOf type: NodeTypeID) -> Bool { tables.contains { $0.type == type } }

    /// Whether the field leads to a row that is asked by, or by what lies behind it.
    func leads(_ place: FieldPlace) -> Bool { steps.contains(place) || rows.contains(place) }

    /// Whether a condition on a row may read the field.
    func filters(by place: FieldPlace) -> Bool {
        values.contains(place) || names.contains(place) || filterSteps.contains(place) || rows.contains(place)
    }

    /// Whether a key of groups is the field, or lies behind it.
    func groups(by place: FieldPlace) -> Bool {
        values.contains(place) || intervals.contains(place) || leads(place)
    }

    /// Whether a key of groups may show the field.
    func shows(_ place: FieldPlace) -> Bool { groups(by: place) || names.contains(place) || shown.contains(place) }
}
