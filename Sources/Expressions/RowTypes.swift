import StoreColumns

/// The fields of every node type as expressions see them: stored columns, edges, dated look-ups, derived fields.
///
/// Made once from a model; CEL resolves names against it, and the API's filters are compiled with it.
package struct RowTypes: Sendable {
    package var catalog: Catalog
    /// By `NodeTypeID`.
    package var types: [RowType]
    package var derived: [DerivedField]
    /// What `param` may name.
    package let parameters: ParameterTable
    /// The parameters that each derived field reads, through others too.
    package let derivedParameters: [Set<ParameterID>]

    /// - Parameter derived: each reads only those before it.
    package init(
        catalog: Catalog, types: [RowType], derived: [DerivedField], parameters: ParameterTable = ParameterTable()
    ) {
        self.catalog = catalog
        self.types = types
        self.derived = derived
        self.parameters = parameters
        var reads: [Set<ParameterID>] = []
        if !parameters.definitions.isEmpty {
            for field in derived {
                var ids = field.expression.parameters
                for other in field.expression.derivedFields where other.index < reads.count { ids.formUnion(reads[other.index]) }
                reads.append(ids)
            }
        }
        derivedParameters = reads
    }

    /// Whether any derived field might read a parameter.
    package var readsParameters: Bool { !derivedParameters.isEmpty }

    /// With the values of parameters in the derived fields. What each reads stays known.
    package func bound(to values: ParameterValues) -> RowTypes {
        guard readsParameters else { return self }
        var bound = self
        for index in derived.indices where !derivedParameters[index].isEmpty {
            bound.derived[index].expression = derived[index].expression.bound(to: values)
        }
        return bound
    }

    /// With fewer names to be read: fields by their type and position. What derived fields read themselves stays.
    package func restricted(to isNamed: (NodeTypeID, Int) -> Bool) -> RowTypes {
        var restricted = self
        restricted.types = types.map { type in
            RowType(
                id: type.id, name: type.name,
                fields: type.fields.indices.filter { isNamed(type.id, $0) }.map { type.fields[$0] })
        }
        return restricted
    }

    package subscript(id: NodeTypeID) -> RowType { types[id.index] }
    package subscript(id: DerivedID) -> DerivedField { derived[id.index] }
}

package struct RowType: Sendable {
    package var id: NodeTypeID
    package var name: String
    /// In the model's order.
    package var fields: [RowField]
    private var indexes: [String: Int]
    package init(id: NodeTypeID, name: String, fields: [RowField]) {
        self.id = id
        self.name = name
        self.fields = fields
        self.indexes = Dictionary(fields.indices.map { (fields[$0].name, $0) }) { first, _ in first }
    }
    package func field(named name: String) -> RowField? { indexes[name].map { fields[$0] } }
}

package struct RowField: Sendable {
    package var name: String
    package var source: FieldSource
    package init(name: String, source: FieldSource) {
        self.name = name
        self.source = source
    }
}

/// Where a field's value comes from.
package enum FieldSource: Sendable, Hashable {
    case column(Int, ExpressionType)
    /// A column of the dated row that is valid on the as-of date.
    case validColumn(ValidLookup, column: Int, ExpressionType)
    case toOne(ToOneEdge, target: NodeTypeID)
    case toMany(ToManyEdge, target: NodeTypeID)
    case derived(DerivedID, ExpressionType)
}

/// A field computed from others by an expression over variable 0.
package struct DerivedField: Sendable {
    package var name: String
    package var type: NodeTypeID
    package var resultType: ExpressionType
    /// The CEL text it was written as.
    package var text: String
    package var expression: Expression
    package init(name: String, type: NodeTypeID, resultType: ExpressionType, text: String, expression: Expression) {
        self.name = name
        self.type = type
        self.resultType = resultType
        self.text = text
        self.expression = expression
    }
}
