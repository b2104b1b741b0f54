import Expressions
import StoreColumns

/// Which rows a role sees: for some types a condition each, which may name what is known of who asks (`claims.name`). Read once for a
/// role; asked of a version as a whole, as filters are.
///
/// A row for which a condition is unknown is not seen. Types without a condition are seen as far as their rows require nothing
/// hidden (`GraphVersion.seen`).
package struct RowScopes: Sendable {
    package let claims: [ClaimDefinition]
    /// One a type at most.
    private let scopes: [Scope]
    private let catalog: Catalog

    private struct Scope: Sendable {
        var type: NodeTypeID
        /// Over variable 0, with parameters and claims in it.
        var expression: Expression
        /// What it reads, the type's rows themselves among it.
        var reads: ReadSet
    }

    /// Reads the conditions of a role.
    ///
    /// - Parameters:
    ///   - texts: several of one type all have to hold.
    ///   - claims: what the conditions may name.
    ///   - model: with everything, whatever the role sees of it.
    /// - Throws: the first thing that is not understood.
    package init(
        _ texts: [(type: String, cel: String)], claims: [(name: String, kind: ClaimKind)], in model: Model
    ) throws(RowScopeProblem) {
        self.claims = claims.map { ClaimDefinition(name: $0.name, type: $0.kind.type, isList: $0.kind.isList) }
        catalog = model.catalog
        let rowTypes = model.parametricTypes
        var conditions: [NodeTypeID: [Expression]] = [:]
        for (place, text) in texts.enumerated() {
            guard let type = model.type(named: text.type)?.nodeType else {
                throw RowScopeProblem(scope: place, message: "The model has no type '\(text.type.prefix(100))'.")
            }
            do throws(CELError) {
                let condition = try parseCEL(text.cel, on: type, in: rowTypes, expecting: .boolean, claims: self.claims)
                conditions[type, default: []].append(condition)
            } catch {
                throw RowScopeProblem(scope: place, message: error.message, line: error.line, column: error.column)
            }
        }
        scopes = conditions.keys.sorted().map { type in
            let parts = conditions[type] ?? []
            let expression = parts.count == 1 ? parts[0] : .and(parts)
            var reads = ReadSet(expression, in: rowTypes)
            reads.addRows(of: type, in: model.catalog)
            return Scope(type: type, expression: expression, reads: reads)
        }
    }

    /// Whether every row is seen.
    package var isEmpty: Bool { scopes.isEmpty }
    /// Whether what is seen depends on the day.
    package var readsDay: Bool { scopes.contains { $0.reads.readsAsOf } }

    // MARK: - Rows

    /// What was seen of an earlier version, to be taken over where nothing has changed since.
    package struct Earlier: Sendable {
        var rows: VisibleRows
        var version: GraphVersion
        var day: CivilDate
        var parameters: ParameterValues
        package init(rows: VisibleRows, version: GraphVersion, day: CivilDate, parameters: ParameterValues) {
            self.rows = rows
            self.version = version
            self.day = day
            self.parameters = parameters
        }
    }

    /// The rows that who asks sees, of the types that have a condition.
    ///
    /// Cost: of one filter a type, unless it reads nothing that has changed since `earlier`.
    /// - Parameters:
    ///   - context: of a whole version, on the day on which rights hold: not the one as of which somebody asks.
    ///   - parameters: the values of the model's parameters there.
    ///   - earlier: of the same line, and for the same claims.
    package func visibleRows(
        in context: EvaluationContext, _ claims: ClaimValues, parameters: ParameterValues, after earlier: Earlier? = nil
    ) throws(EvaluationError) -> VisibleRows {
        precondition(context.version.isWhole, "what is seen is found among all rows")
        var rows = VisibleRows(of: catalog)
        for scope in scopes {
            if let earlier, isSame(scope, since: earlier, in: context, parameters) {
                rows.restrict(scope.type, asIn: earlier.rows)
                continue
            }
            let condition = scope.expression.bound(to: parameters).bound(toClaims: claims.scalars, of: self.claims)
            switch try CompiledPredicate(condition, on: scope.type, context).rows() {
            case .list(let list): rows.restrict(scope.type, to: list)
            case .bitmap(let bitmap): rows.restrict(scope.type, to: bitmap)
            }
        }
        return rows
    }

    private func isSame(
        _ scope: Scope, since earlier: Earlier, in context: EvaluationContext, _ parameters: ParameterValues
    ) -> Bool {
        guard earlier.rows.restricts(scope.type), !scope.reads.readsAsOf || earlier.day == context.asOf else { return false }
        return (scope.reads.parameters.isEmpty || parameters == earlier.parameters)
            && scope.reads.newestVersion(in: context.version) <= earlier.version.number
    }
}

/// What is wrong with a role's conditions.
package struct RowScopeProblem: Error, Sendable, Hashable {
    /// Which of them, from 0.
    package var scope: Int
    package var message: String
    /// In the condition's text, from 1; nil where it is not the text's fault.
    package var line: Int?
    package var column: Int?
}
