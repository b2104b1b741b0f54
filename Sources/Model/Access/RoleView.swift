import Expressions
import Settings
import StoreColumns

/// What one role may see and change of a model, worked out for every field. `Schema/formats/Access.md`
///
/// A field that is computed tells as little as the least of what it reads, through others too, unless the model says
/// itself what it is about.
package struct RoleView: Sendable {
    package let role: RoleSettings
    /// Whether single rows are seen; if not, figures of many only.
    package var seesRows: Bool { role.seesRows }
    /// The classes of data of which anything is told in full for a stated reason only.
    package var reasonRequired: [String] { role.reasonRequired.map(\.value) }
    /// By `NodeTypeID` and position in `ModelType.fields`.
    private let views: [[FieldView]]
    private let isSeen: [Bool]
    private let isWritten: [Bool]
    /// What is asked by where single rows are not seen.
    package let cells: RoleCellFields
    /// How many rows figures need: by type for counts, and by field.
    private let minimums: [(rows: Int, fields: [Int])]
    /// By `DerivedID`: whether everything that it is computed from is seen in full.
    private let isClear: [Bool]

    /// Holds what a role is given against a model.
    ///
    /// - Parameter file: What messages call the file with the role.
    /// - Throws: everything that does not fit.
    package init(_ role: RoleSettings, in model: Model, file: String) throws(SettingsErrors) {
        var maker = RoleViewMaker(role, model, file: file)
        maker.make()
        guard maker.problems.isEmpty else { throw SettingsErrors(maker.problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }) }
        self.role = role
        views = maker.views
        isSeen = maker.isSeen
        isWritten = maker.isWritten
        cells = maker.cells
        isClear = maker.isClear
        minimums = maker.minimums
    }

    /// Whether anything of the type is seen.
    package func sees(_ type: NodeTypeID) -> Bool { isSeen[type.index] }
    /// - Parameter field: The position in `ModelType.fields`.
    package func view(of field: Int, in type: NodeTypeID) -> FieldView { views[type.index][field] }
    /// Whether rows of the type may be added, changed and deleted.
    package func writes(_ type: NodeTypeID) -> Bool { isWritten[type.index] }
    /// Whether the field may be given in changes: where the type is written, and the field seen in full.
    package func writes(_ field: Int, of type: NodeTypeID) -> Bool { writes(type) && view(of: field, in: type).isFull }

    /// Whether sums and the like are made of the field.
    package func makesFigures(of field: Int, of type: NodeTypeID) -> Bool {
        seesRows ? view(of: field, in: type).isFull : cells.figures.contains(FieldPlace(type: type, position: field))
    }

    /// How many rows a figure has at least, whatever it is of.
    package var minimumCell: Int { role.minimumCell }

    /// How many rows a figure has to be made of so that it is shown: without a field, a count of rows. Rows that tell by being there,
    /// because they refer to somebody by a field of a class, need as many as a figure of the class.
    package func minimumCell(of field: Int?, in type: NodeTypeID) -> Int {
        let minimums = minimums[type.index]
        return field.map { max(minimums.rows, minimums.fields[$0]) } ?? minimums.rows
    }

    /// Whether what the field is computed from may be shown too, step by step.
    package func shows(partsOf field: DerivedID) -> Bool { isClear[field.index] }
}

/// A field of a row type, by position.
package struct FieldPlace: Hashable, Sendable {
    package var type: NodeTypeID
    package var position: Int

    package init(type: NodeTypeID, position: Int) {
        self.type = type
        self.position = position
    }
}
