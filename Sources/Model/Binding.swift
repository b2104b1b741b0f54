import GraphQLTypes
import StoreColumns

/// From the API's schema back to the model: what each type, field, argument and input field means.
///
/// Everything is indexed as the schema is: types by `TypeID.index`, the rest by position in `NamedType.fields`,
/// `FieldDefinition.arguments` and `NamedType.inputFields`.
package struct Binding: Sendable {
    package let types: [TypeBinding]
    private let fields: [[FieldBinding]]
    private let arguments: [[[ArgumentBinding]]]
    private let inputFields: [[InputBinding]]

    init(
        types: [TypeBinding], fields: [[FieldBinding]], arguments: [[[ArgumentBinding]]], inputFields: [[InputBinding]]
    ) {
        self.types = types
        self.fields = fields
        self.arguments = arguments
        self.inputFields = inputFields
    }

    package subscript(type: TypeID) -> TypeBinding { types[type.index] }
    /// What a field of an object or interface means. Positions are `NamedType.fieldIndex(named:)`.
    package func field(_ position: Int, of type: TypeID) -> FieldBinding { fields[type.index][position] }
    /// What the arguments of a field mean, in their order.
    package func arguments(ofField position: Int, of type: TypeID) -> [ArgumentBinding] { arguments[type.index][position] }
    /// What an input field means. Positions are `NamedType.inputFieldIndex(named:)`.
    package func inputField(_ position: Int, of type: TypeID) -> InputBinding { inputFields[type.index][position] }
}

package enum TypeBinding: Sendable, Hashable {
    case query
    /// The interface of everything with a global id.
    case nodeInterface
    case row(NodeTypeID)
    case connection(NodeTypeID)
    case edge(NodeTypeID)
    case pageInfo
    /// Rows of several types, found by a text: the union, the enum of its types, the connection and its edge.
    case searchResult, searchType, searchConnection, searchEdge
    case meta
    case rowCount
    case scalar(APIScalar)
    case enumeration(EnumerationID)
    /// A condition on a row.
    case filter(NodeTypeID)
    /// A condition on a set of rows: some, none, every.
    case listFilter(NodeTypeID)
    case scalarFilter(APIScalar)
    case enumerationFilter(EnumerationID)
    case enumerationListFilter(EnumerationID)
    /// The two ends of `between`.
    case range(APIScalar)
    case orderBy(NodeTypeID)
    /// Figures of a set of rows, and one figure for each of some fields.
    case aggregate(NodeTypeID), figures(NodeTypeID, FigureShape)
    /// Conditions on them.
    case aggregateFilter(NodeTypeID), figuresFilter(NodeTypeID, FigureShape), distinctFilter(NodeTypeID)
    /// Sorts by them.
    case aggregateOrderBy(NodeTypeID), figureOrder(NodeTypeID)
    /// Groups of rows, their keys, how they are made and sorted.
    case group(NodeTypeID), groupKey(NodeTypeID), groupBy(NodeTypeID), groupOrderBy(NodeTypeID), groupKeyOrder
    /// Some fields of a row type: an enum of their names.
    case fieldChoice(NodeTypeID)
    case dateBucket, dateGroupKey, numberBuckets, numberGroupKey
    /// The directions of a sort: its values are `SortDirection` by name.
    case order
    case mutation
    /// Changes by type, to one type, a row and a key given in them.
    case changes, typeChanges(NodeTypeID), changedRow(NodeTypeID), rowKey(NodeTypeID)
    /// Data without rows: reports, comparisons, and what they take.
    case plain
    /// Introspection.
    case builtIn
}

/// The leaf types of the API beside enums.
package enum APIScalar: String, Sendable, Hashable, CaseIterable {
    case string = "String"
    case int = "Int"
    case float = "Float"
    case boolean = "Boolean"
    case id = "ID"
    case decimal = "Decimal"
    case ratio = "Ratio"
    case date = "Date"
    case dateTime = "DateTime"
    case period = "Period"
}

package enum FieldBinding: Sendable, Hashable {
    // Query
    /// One row by its business key; the arguments are `.key`.
    case rowByKey(NodeTypeID)
    /// All rows of a type as a connection.
    case rows(NodeTypeID)
    /// Any row by its global id.
    case node
    /// Several rows by their global ids.
    case nodesByID
    /// Rows of several types by a text, as a connection.
    case search
    case meta
    // A row
    case globalID(NodeTypeID)
    /// A field of the model, by position in `ModelType.fields`. To-many fields give a connection.
    case field(NodeTypeID, Int)
    // The interface
    case nodeInterfaceID
    // A connection
    case nodes, edges, pageInfo, totalCount, groups
    /// Of a connection, and of a group.
    case aggregate
    // Figures
    case aggregateCount, aggregateFields(AggregateOperation), suppressed
    /// The figure of a field of the model, by position in `ModelType.fields`.
    case figure(NodeTypeID, Int)
    // A group
    case groupKey, groupNodes
    // A group's key
    case groupKeyID, groupKeyNode, groupKeyField(NodeTypeID, Int)
    case periodText, periodFrom, periodTo
    case bucketValue, bucketFrom, bucketTo
    // An edge
    case edgeNode, edgeCursor
    // Page information
    case hasNextPage, hasPreviousPage, startCursor, endCursor
    // Meta
    case version, publishedAt, modelDigest, asOfDate, rowCounts
    // A row count
    case rowCountType, rowCountValue
    // Mutation
    case applyChanges
    /// Two versions side by side.
    case diff
    /// Why a rule holds or not: for one row, over all rows, and which rules there are.
    case explain, explainFailures, explainRules
    /// A member of plain data, by its name.
    case plain
    /// Introspection.
    case builtIn
}

package enum ArgumentBinding: Sendable, Hashable {
    /// A part of the business key, by position in `ModelType.key`.
    case key(Int, KeyArgument)
    case id
    /// Several global ids.
    case ids
    /// What to search for, and which types.
    case text, types
    case `where`, orderBy, first, after, last, before, offset
    /// Of groups.
    case by, having
    /// Fraction digits.
    case scale
    /// The date on which a dated field is read; absent: the as-of date.
    case on
    /// Of plain data, by its name.
    case plain
    /// Introspection.
    case builtIn
}

/// How a part of a business key is given as an argument.
package indirect enum KeyArgument: Sendable, Hashable {
    /// The value of the key column itself.
    case value(APIScalar)
    case enumeration(EnumerationID)
    /// A reference to a type whose key is one column: given as that key is.
    case reference(NodeTypeID, KeyArgument)
    /// A reference to a type with a key of several parts: given as the row's global id.
    case globalID(NodeTypeID)
}

package enum InputBinding: Sendable, Hashable {
    // A filter of rows
    case and, or, not
    /// A condition as a text, in the language of the model's expressions.
    case cel
    case globalID
    /// A condition on a field, or a sort by it. Position in `ModelType.fields`.
    case field(NodeTypeID, Int)
    /// Rows of a tree: the one that is named and all below it.
    case within
    /// Dated rows: only those valid on the date.
    case validOn
    // A filter of sets of rows
    case some, none, every
    /// A condition on their figures; in a sort of groups a sort by them.
    case aggregate
    // A condition on figures, or a sort by one
    case `where`, aggregateCount, aggregated(AggregateOperation), order
    /// A name of a `fieldChoice`.
    case figureField
    // A key of groups
    case level(NodeTypeID)
    case bucketWidth, bucketOrigin, bucketBounds
    case groupKey, groupKeyIndex
    // A filter of values
    case filter(FilterOperator)
    /// No operator: tells the text operators beside it to fold case.
    case caseInsensitive
    // A range; both ends belong to it
    case rangeFrom, rangeTo
    // Changes
    case changedType(NodeTypeID), upsert, delete
    /// Of plain data, by its name.
    case plain
    /// Not of ours.
    case builtIn
}

/// The figures of fields.
package enum AggregateOperation: Sendable, Hashable { case countDistinct, sum, average, minimum, maximum, median }

/// Which fields a type of figures has, and of what type.
package enum FigureShape: Sendable, Hashable { case counts, numbers, ordered, medians }

/// What a filter asks of a value. All but `notEqual`, `notIn` and `isNull` are unknown where the value is null.
package enum FilterOperator: String, Sendable, Hashable, CaseIterable {
    case equal = "eq"
    /// Two-valued: matches null.
    case notEqual = "neq"
    case isIn = "in"
    /// Two-valued: matches null.
    case notIn = "notIn"
    case less = "lt"
    case lessOrEqual = "lte"
    case greater = "gt"
    case greaterOrEqual = "gte"
    case between
    case during
    case startsWith, endsWith, contains, like, regex
    /// Lists of enum values.
    case includes, includesAny, includesAll, isEmpty
    /// Two-valued.
    case isNull
}

/// How a sort puts values, by the names of the API's enum `Order`.
package enum SortDirection: String, Sendable, Hashable, CaseIterable {
    case ascending = "ASC"
    case descending = "DESC"
    case ascendingNullsFirst = "ASC_NULLS_FIRST"
    case descendingNullsLast = "DESC_NULLS_LAST"
    case ascendingNullsLast = "ASC_NULLS_LAST"
    case descendingNullsFirst = "DESC_NULLS_FIRST"

    package var isAscending: Bool {
        switch self {
        case .ascending, .ascendingNullsFirst, .ascendingNullsLast: true
        case .descending, .descendingNullsLast, .descendingNullsFirst: false
        }
    }
    /// Nulls come last unless told otherwise.
    package var putsNullsFirst: Bool { self == .ascendingNullsFirst || self == .descendingNullsFirst }
}
