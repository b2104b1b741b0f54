/// What a graph is made of: node types with their columns, edges and keys. Plain data, derived from a model by others.
///
/// Positions are stable for one catalog: a `NodeTypeID` indexes `nodeTypes`, a `ColumnIndex` the columns of a type.
package struct Catalog: Sendable, Hashable {
    package var nodeTypes: [NodeType]
    package var enumerations: [Enumeration]

    package init(nodeTypes: [NodeType], enumerations: [Enumeration]) {
        self.nodeTypes = nodeTypes
        self.enumerations = enumerations
    }

    package subscript(id: NodeTypeID) -> NodeType { nodeTypes[id.index] }
    package subscript(id: EnumerationID) -> Enumeration { enumerations[id.index] }
    /// The node type of that name, or nil. Linear in the number of types.
    package func nodeType(named name: String) -> NodeTypeID? {
        nodeTypes.firstIndex { $0.name == name }.map(NodeTypeID.init)
    }
}

package struct NodeTypeID: Hashable, Sendable, Comparable {
    package var rawValue: UInt16
    package init(_ index: Int) { rawValue = UInt16(index) }
    package var index: Int { Int(rawValue) }
    package static func < (left: NodeTypeID, right: NodeTypeID) -> Bool { left.rawValue < right.rawValue }
}

package struct EnumerationID: Hashable, Sendable {
    package var rawValue: UInt16
    package init(_ index: Int) { rawValue = UInt16(index) }
    package var index: Int { Int(rawValue) }
}

/// A closed list of names; a value is stored as its position, which is also its order.
package struct Enumeration: Sendable, Hashable {
    package var name: String
    package var values: [String]
    package init(name: String, values: [String]) {
        self.name = name
        self.values = values
    }
    /// The code of a value's name, or nil.
    package func code(of value: String) -> UInt16? { values.firstIndex(of: value).map(UInt16.init) }
}

/// A type of rows.
package struct NodeType: Sendable, Hashable {
    package var name: String
    package var columns: [ColumnDefinition]
    /// The business key: columns whose values together name one row. References count by the row they name. Never empty.
    package var key: [Int]
    /// The other ends of references: to-many edges that hold nothing of their own.
    package var inverses: [InverseDefinition]

    package init(name: String, columns: [ColumnDefinition], key: [Int], inverses: [InverseDefinition] = []) {
        self.name = name
        self.columns = columns
        self.key = key
        self.inverses = inverses
    }
    /// The column of that name, or nil. Linear in the number of columns.
    package func column(named name: String) -> Int? { columns.firstIndex { $0.name == name } }
}

package struct ColumnDefinition: Sendable, Hashable {
    package var name: String
    package var kind: ColumnKind
    package var isNullable: Bool
    /// No two rows have the same non-null value.
    package var isUnique: Bool
    package init(name: String, kind: ColumnKind, isNullable: Bool, isUnique: Bool = false) {
        self.name = name
        self.kind = kind
        self.isNullable = isNullable
        self.isUnique = isUnique
    }
}

/// What a column holds.
package enum ColumnKind: Sendable, Hashable {
    case boolean
    /// 32-bit, as GraphQL's Int.
    case int
    /// Exact, with a fixed number of fraction digits (0…9).
    case decimal(fractionDigits: Int)
    case float
    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    case date
    /// Microseconds since 1970-01-01T00:00:00Z.
    case dateTime
    case enumeration(EnumerationID)
    /// UTF-8, compared byte by byte; one dictionary a column.
    case string
    /// To-one edge.
    case reference(NodeTypeID)
    /// Zero or more enum values, in the order given.
    case enumerationList(EnumerationID)
    /// To-many edge stored with its row, in the order given.
    case referenceList(NodeTypeID)
}

/// The to-many edge that is the other end of a reference (or reference-list) column of `source`.
package struct InverseDefinition: Sendable, Hashable {
    package var name: String
    package var source: NodeTypeID
    package var column: Int
    package init(name: String, source: NodeTypeID, column: Int) {
        self.name = name
        self.source = source
        self.column = column
    }
}
