import Expressions
import GraphQLTypes
import StoreColumns

/// A type of rows as the model tells of it: what the catalog, the API, imports and access rules each take from it.
package struct ModelType: Sendable {
    package let name: String
    package let nodeType: NodeTypeID
    package let description: String?
    package let label: Label
    /// Names it had before.
    package let previousNames: [String]
    /// The field of `Query` that gives one row by its key.
    package let singular: String
    /// The field of `Query` that lists rows.
    package let plural: String
    /// In the model's order. `RowTypes` and `ModelType.fields` have the same positions.
    package let fields: [ModelField]
    /// The fields of the business key, in its order; all stored.
    package let key: [Int]
    /// Dated types: the fields that hold the first date, and the first date no longer.
    package let period: ModelPeriod?
    /// Types whose rows make a tree: the fields that say how.
    package let tree: ModelTree?
    /// The rules that its rows keep, in the model's order.
    package let checks: [ModelCheck]
    /// How its rows go from state to state, and what never changes.
    package let procedures: TypeProcedures
    /// The object type in the API's schema; nil where the role that the model is for sees no row of it.
    package let apiType: TypeID?
    private let positions: [String: Int]
    private let headings: HeadingIndex

    init(
        name: String, nodeType: NodeTypeID, description: String?, label: Label, previousNames: [String], singular: String,
        plural: String, fields: [ModelField], key: [Int], period: ModelPeriod?, tree: ModelTree?,
        checks: [ModelCheck], procedures: TypeProcedures, apiType: TypeID?
    ) {
        self.name = name
        self.nodeType = nodeType
        self.description = description
        self.label = label
        self.previousNames = previousNames
        self.singular = singular
        self.plural = plural
        self.fields = fields
        self.key = key
        self.period = period
        self.tree = tree
        self.checks = checks
        self.procedures = procedures
        self.apiType = apiType
        positions = Dictionary(fields.indices.lazy.filter { fields[$0].view != .none }.map { (fields[$0].name, $0) }) {
            first, _ in first
        }
        headings = HeadingIndex(fields.map { [$0.name] + $0.label.all })
    }

    /// As much of it as a role sees.
    func restricted(to view: RoleView, apiType: TypeID?) -> ModelType {
        ModelType(
            name: name, nodeType: nodeType, description: description, label: label, previousNames: previousNames,
            singular: singular, plural: plural,
            fields: fields.indices.map { fields[$0].restricted(to: view.view(of: $0, in: nodeType)) }, key: key, period: period,
            tree: tree, checks: checks, procedures: procedures, apiType: apiType)
    }

    /// The position of the field of exactly that name, or nil.
    package func position(of name: String) -> Int? { positions[name] }
    /// The field of exactly that name, or nil.
    package func field(named name: String) -> ModelField? { positions[name].map { fields[$0] } }

    /// The field that a heading of a file means: by name, label or alias, however spaced or noted.
    ///
    /// Where a stored field and computed ones share a heading, it means the stored one.
    package func field(forHeading heading: some StringProtocol) -> HeadingMatch {
        let found = headings.positions(for: heading)
        let stored = found.filter { fields[$0].column != nil }
        let meant = stored.isEmpty ? found : stored
        return meant.count > 1 ? .several(meant) : meant.first.map(HeadingMatch.one) ?? .none
    }
}

/// The fields that date a row: valid from the first day, up to and not including the second; an absent end is open.
package struct ModelPeriod: Sendable, Hashable {
    package var fromField: Int
    package var toField: Int
    package var fromColumn: Int
    package var toColumn: Int
    package init(fromField: Int, toField: Int, fromColumn: Int, toColumn: Int) {
        self.fromField = fromField
        self.toField = toField
        self.fromColumn = fromColumn
        self.toColumn = toColumn
    }
}

/// The fields that make a type's rows a tree: the reference to the row above, and the enum that names each row's level.
package struct ModelTree: Sendable, Hashable {
    package var parentField: Int
    package var levelField: Int
    package var parentColumn: Int
    package var levelColumn: Int
    package var levels: EnumerationID
    package init(parentField: Int, levelField: Int, parentColumn: Int, levelColumn: Int, levels: EnumerationID) {
        self.parentField = parentField
        self.levelField = levelField
        self.parentColumn = parentColumn
        self.levelColumn = levelColumn
        self.levels = levels
    }
}

/// A field of a row type.
package struct ModelField: Sendable {
    package let name: String
    package let source: FieldSource
    package let description: String?
    package let label: Label
    /// Whether a row may have no value. Lists: whether there may be none, as opposed to an empty one.
    package let isNullable: Bool
    package let isUnique: Bool
    package let isIndexed: Bool
    /// Nil where it tells nothing about a person.
    package let personal: Personal?
    /// Whether the model says that it tells about nobody, whatever it is computed from. `@personal(class: NONE)`
    package let tellsOfNobody: Bool
    /// The class of data with which roles are given a field that tells about nobody; nil: every role sees it.
    package let givenWith: String?
    /// Whether the API's search looks at its texts.
    package private(set) var isSearchable: Bool
    /// Why it should no longer be used; nil where it should.
    package let deprecationReason: String?
    /// Names it had before.
    package let previousNames: [String]
    /// What is seen of it by the role that the model is for.
    package private(set) var view = FieldView.full

    func restricted(to view: FieldView) -> ModelField {
        var field = self
        field.view = view
        field.isSearchable = isSearchable && view.isFull
        return field
    }

    /// The column that holds it; nil where nothing of its own is stored.
    package var column: Int? {
        switch source {
        case .column(let column, _), .toOne(.reference(let column, _), _), .toMany(.list(let column, _), _): column
        case .validColumn, .toOne, .toMany, .derived: nil
        }
    }

    /// Whether it reads a dated row, so that a query may ask for another date than the as-of date.
    package var isDated: Bool {
        switch source {
        case .validColumn, .toOne(.valid, _), .toMany(.valid, _): true
        case .column, .toOne, .toMany, .derived: false
        }
    }
}

/// What a field tells about a person, and what stays of it for those who may not see it.
package struct Personal: Sendable, Hashable {
    package enum Class: String, Sendable { case personal = "PII", sensitive = "SPI" }
    package enum Mask: String, Sendable, CaseIterable {
        case name = "NAME"
        case idNumber = "ID_NUMBER"
        case phone = "PHONE"
        case account = "ACCOUNT"
        case year = "YEAR"
        case area = "AREA"
        case band = "BAND"
        case full = "FULL"
    }
    package var `class`: Class
    package var mask: Mask
    /// The class of data that roles are given or not; a word of the model's own.
    package var about: String

    /// What a field is about that does not say.
    package static let otherData = "OTHER"
}

/// A closed list of names, with what each is called in files.
package struct ModelEnumeration: Sendable {
    package let id: EnumerationID
    package let name: String
    package let description: String?
    package let label: Label
    /// By code.
    package let values: [ModelEnumerationValue]
    /// The names of the values in quotes, by code: as JSON has them.
    package let quotedNames: [[UInt8]]
    private let headings: HeadingIndex

    init(id: EnumerationID, name: String, description: String?, label: Label, values: [ModelEnumerationValue]) {
        self.id = id
        self.name = name
        self.description = description
        self.label = label
        self.values = values
        // Names are letters, digits and `_`, so nothing needs an escape.
        quotedNames = values.map { Array("\"\($0.name)\"".utf8) }
        headings = HeadingIndex(values.map { [$0.name] + $0.label.all })
    }

    /// The code of the value that a text of a file means: by name, label or alias.
    package func value(forText text: some StringProtocol) -> HeadingMatch {
        let found = headings.positions(for: text)
        return found.count > 1 ? .several(found) : found.first.map(HeadingMatch.one) ?? .none
    }
}

package struct ModelEnumerationValue: Sendable, Hashable {
    package let name: String
    package let description: String?
    package let label: Label
    package let previousNames: [String]
    /// Why it should no longer be used; nil where it should.
    package let deprecationReason: String?
    /// What is told in its place where a field is masked; nil: nothing. `@masked(as:)`
    package let maskedName: String?
}
