import Expressions
import GraphQLSyntax
import GraphQLTypes
import Model
import StoreColumns

/// An operation, worked out against a schema as far as that is possible without data and without variables.
///
/// Field collection, merging and type conditions (GraphQL §6.3) are done; what is left is to walk flat arrays, read, and
/// write. `@skip` and `@include` are decided too: a plan holds for one assignment of the variables that they name
/// (`ConditionVariables`), and a repeated question has one plan for each assignment it was asked with.
///
/// Selections that are the same are shared, so a plan is linear in its document, however often fragments are spread.
package struct Plan: Sendable {
    /// The schema that the operation was planned against.
    package let schema: Schema
    package let operation: OperationKind
    package let rootType: TypeID
    /// The nodes of a selection are adjacent, in response order.
    package internal(set) var nodes: [PlanNode] = []
    /// By `SelectionIndex`.
    package internal(set) var selections: [PlanSelection] = []
    package internal(set) var root = SelectionIndex(0)
    /// The root fields whose values are known before the walk begins, by their places in `nodes`.
    package internal(set) var givenNodes: [Int] = []
    /// What is given for arguments that take cursors.
    package internal(set) var cursors: [InputTemplate] = []
    /// What its runs compile of patterns.
    package let patterns: PatternCache
    /// Where the operation stands.
    package let range: SourceRange

    init(schema: Schema, operation: OperationKind, rootType: TypeID, range: SourceRange) {
        self.schema = schema
        self.operation = operation
        self.rootType = rootType
        self.range = range
        patterns = PatternCache()
    }

    package subscript(index: SelectionIndex) -> PlanSelection { selections[index.rawValue] }
}

/// The place of a selection in its plan.
package struct SelectionIndex: Hashable, Sendable {
    package var rawValue: Int
    package init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// What is selected on one concrete type: adjacent nodes.
package struct PlanSelection: Sendable {
    package var type: TypeID
    package var nodes: Range<Int>
}

/// One field of one response object. A class, so that a loop over nodes costs one retain a node.
package final class PlanNode: Sendable {
    /// The place in `Plan.nodes`.
    package let index: Int
    /// `,"key":`, escaped, ready to be written; the first field of an object leaves the comma out.
    package let responseKeyBehindComma: [UInt8]
    package let responseName: String
    package let fieldName: String
    /// The concrete type that the field is selected on.
    package let parentType: TypeID
    package let type: TypeReference
    package let source: PlanSource
    package let children: PlanChildren
    /// Nil where the field takes no arguments.
    package let arguments: ArgumentsTemplate?
    /// Why the arguments cannot be bound at all; only in a document that was not validated.
    package let argumentProblems: [InputProblem]
    /// The first field of the document that it is.
    private let range: SourceRange
    /// Those that were merged into it.
    private let otherRanges: [SourceRange]
    /// Every field of the document that was merged into this one, the first first.
    package var ranges: [SourceRange] { [range] + otherRanges }

    /// - Parameter names: Of the document.
    init(_ draft: PlanNodeDraft, index: Int, _ names: borrowing NameTable) {
        self.index = index
        let (field, name) = (draft.field, draft.fieldName)
        responseKeyBehindComma = Self.keyBehindComma(names.utf8(of: field.responseName))
        responseName = field.first.alias == nil ? name : names[field.responseName]
        fieldName = name
        parentType = draft.parentType
        type = draft.type
        source = draft.source
        children = draft.children
        arguments = draft.arguments
        argumentProblems = draft.argumentProblems
        range = field.first.range
        otherRanges = field.others.isEmpty ? [] : field.others.map(\.range)
    }

    /// Names are letters, digits and `_`, so nothing needs an escape.
    private static func keyBehindComma(_ name: Span<UInt8>) -> [UInt8] {
        var key: [UInt8] = []
        key.append(addingCapacity: name.count + 4) { room in
            room.append(UInt8(ascii: ","))
            room.append(UInt8(ascii: "\""))
            for index in name.indices { room.append(name[index]) }
            room.append(UInt8(ascii: "\""))
            room.append(UInt8(ascii: ":"))
        }
        return key
    }
}

/// A node while its plan is being made.
struct PlanNodeDraft {
    let field: CollectedField
    let fieldName: String
    let parentType: TypeID
    let type: TypeReference
    var source: PlanSource
    var children = PlanChildren.none
    let arguments: ArgumentsTemplate?
    let argumentProblems: [InputProblem]
}

/// What is selected below a field.
package enum PlanChildren: Sendable {
    /// A leaf.
    case none
    case one(SelectionIndex)
    /// Below an interface or union: a selection for each possible type, in the schema's order.
    case byType([(type: TypeID, selection: SelectionIndex)])

    /// The selection for a concrete type; nil where the type is not possible.
    package func selection(for type: TypeID) -> SelectionIndex? {
        switch self {
        case .none: nil
        case .one(let selection): selection
        case .byType(let selections): selections.first { $0.type == type }?.selection
        }
    }
}

/// What a node reads from its parent.
package enum PlanSource: Sendable {
    /// `__typename`: the quoted name.
    case typeName([UInt8])
    /// `__schema` and `__type(name:)`.
    case introspectionSchema, introspectionType
    /// A field of a tree of values, introspection among them, by the node's `fieldName`.
    case treeField

    // The query root
    case rowByKey(RowByKey)
    /// What is known before the walk begins: a report of changes, two versions side by side.
    case applyChanges, diff
    /// Why a rule holds or not: for one row, over all rows, and which rules there are.
    case explain, explainFailures, explainRules
    case rows(ConnectionPlan)
    case node
    case nodesByID
    case search(SearchPlan)
    case meta

    // A row
    case globalID(NodeTypeID)
    /// A leaf; `on` may move the date that it is read on.
    case value(FieldSource, LeafKind)
    case toOne(ToOneEdge, target: NodeTypeID)
    /// The edge leads to the rows of a connection.
    case toMany(ToManyEdge, ConnectionPlan)

    // A connection, an edge, page information
    case nodes, edges, pageInfo, totalCount
    case groups(GroupsPlan)
    /// Of a connection or of a group.
    case aggregate
    case edgeNode, edgeCursor
    case hasNextPage, hasPreviousPage, startCursor, endCursor

    // Figures
    case aggregateCount, aggregateFields(AggregateOperation), suppressed
    case figure(FigureOfField)

    // A group and its key
    case groupKey, groupNodes
    case groupKeyID, groupKeyNode
    /// By position of the field in `ModelType.fields`: a value, a related row's key, a period, a number.
    case groupKeyValue(Int, FieldSource, LeafKind), groupKeyEdge(Int), groupKeyPeriod(Int), groupKeyNumber(Int)
    case periodText, periodFrom, periodTo
    case bucketValue, bucketFrom, bucketTo

    // Meta
    case version, publishedAt, modelDigest, asOfDate, rowCounts
    case rowCountType, rowCountValue
}

extension PlanSource {
    /// Whether the value is known before the walk begins.
    package var isGiven: Bool {
        switch self {
        case .applyChanges, .diff, .explain, .explainFailures, .explainRules: true
        default: false
        }
    }
}

/// A root field that gives one row by its key: the arguments' names, one a key part, in the key's order.
package struct RowByKey: Sendable {
    package var type: NodeTypeID
    package var parts: [Part]

    package struct Part: Sendable {
        package var argument: String
        package var key: PlanKeyPart
    }
}

/// How a part of a business key is given.
package indirect enum PlanKeyPart: Sendable {
    case value(ColumnKind)
    case reference(NodeTypeID, PlanKeyPart)
    case globalID(NodeTypeID)
}

/// A connection over the rows of one type.
package struct ConnectionPlan: Sendable {
    package var type: NodeTypeID
    /// The type of its `where` argument.
    package var filterType: TypeID?
    package var needs = PageNeeds()
}

/// Groups of the rows of one type, with the types of the arguments.
package struct GroupsPlan: Sendable {
    package var type: NodeTypeID
    package var by: TypeID
    /// Nil where groups are not chosen by their figures.
    package var having: TypeID?
    package var orderBy: TypeID
}

/// A field of which a figure is made.
package struct FigureOfField: Sendable, Hashable {
    package var type: NodeTypeID
    /// In `ModelType.fields`.
    package var position: Int
    package var source: FieldSource

    /// What the figure is made of, over variable 0: a value, or the row that an edge leads to.
    package var element: Expression {
        guard let element = source.element(of: .variable(0, type)) else {
            preconditionFailure("Figures are made of single values.")
        }
        return element
    }
}

/// A connection over the rows, of several types, that have a text in one of their columns.
package struct SearchPlan: Sendable {
    /// In the model's order.
    package var types: [SearchedType]
    package var needs = PageNeeds()
}

package struct SearchedType: Sendable {
    package var type: NodeTypeID
    /// The columns that are looked at, all of texts.
    package var columns: [Int]
    /// The one of them that is the whole business key; nil where none is.
    package var keyColumn: Int?
}

/// What a connection must come up with.
package struct PageNeeds: Sendable {
    package var wantsTotalCount = false
    /// Whether any row of the page is looked at, or whether there are more.
    package var wantsPage = false
    /// Whether any cursor is asked for.
    package var wantsCursors = false
    /// How many fields look at the whole set beside the page: figures, groups.
    package var figureCount = 0
}

/// How a leaf is printed.
package enum LeafKind: Sendable {
    case boolean, int, float, date, dateTime, string
    case decimal(fractionDigits: Int)
    case ratio(displayDigits: Int)
    /// What a mask leaves: a text, or a list of texts.
    case masked(FieldMask)
    /// The quoted names by code.
    case enumeration([[UInt8]])
    case enumerationList([[UInt8]])
}
