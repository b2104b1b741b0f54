import StoreColumns

/// Something that is known of who asks, which row scopes may name: `claims.name`.
package struct ClaimDefinition: Sendable, Hashable {
    package var name: String
    /// Of its value, or of each where it is a list.
    package var type: ExpressionType
    package var isList: Bool
    package init(name: String, type: ExpressionType, isList: Bool = false) {
        self.name = name
        self.type = type
        self.isList = isList
    }
}

extension CELChecker {
    /// Whether a piece of syntax is `claims`, and no field or row is called so.
    func namesClaims(_ syntax: CELSyntax) -> Bool {
        if case .name("claims") = syntax.kind { !claims.isEmpty && !isRowOrField("claims") } else { false }
    }

    /// The place of a claim among those that may be named.
    func claim(_ name: String, at place: CELPlace) throws(CELError) -> Int {
        guard let index = claims.firstIndex(where: { $0.name == name }) else {
            throw CELError("There is no claim '\(name)'.\(Suggestion.text(for: name, among: claims.map(\.name)))", at: place)
        }
        return index
    }

    /// The place of the claim that a piece of syntax is; nil where it is something else.
    func claim(_ syntax: CELSyntax) throws(CELError) -> Int? {
        guard case .member(let base, let name) = syntax.kind, namesClaims(base) else { return nil }
        return try claim(name, at: syntax.place)
    }

    /// `value in claims.list`
    mutating func membership(of element: CELSyntax, inClaim claim: Int, at place: CELPlace) throws(CELError) -> Expression {
        let operand = try check(element, expecting: claims[claim].type)
        guard operand.type == claims[claim].type else {
            throw CELError(
                "'claims.\(claims[claim].name)' holds \(name(claims[claim].type)), and 'in' looks for \(name(operand.type)).",
                at: place)
        }
        return .compare(.equal, operand, .argument(claim, claims[claim].type))
    }

    /// `within(place, 'K1')`, `within(place, claims.places)`: the row, or one above it in its tree, has that key, or one of those.
    ///
    /// As the filter `within`: a tree has no more levels than the enum that names them has values, so the rows above are followed so
    /// often; where nothing is above, nothing is the named one.
    mutating func within(_ arguments: [CELSyntax]) throws(CELError) -> Expression {
        let row = try check(arguments[0])
        guard case .row(let type) = row.type, let tree = rowTypes[type].tree else {
            throw CELError("'within' takes a row of a tree, found \(name(row.type)).", at: arguments[0].place)
        }
        let key = rowTypes.catalog[type].key
        let keyField = rowTypes[type].fields.compactMap { field -> (Int, ExpressionType)? in
            if case .column(let column, let type) = field.source, key == [column] { (column, type) } else { nil }
        }.first
        guard let (column, keyType) = keyField else {
            throw CELError(
                "The key of \(rowTypes[type].name) is not one value; 'within' cannot name its rows.", at: arguments[0].place)
        }
        let named: Expression
        if let claim = try claim(arguments[1]) {
            named = .argument(claim, claims[claim].type)
        } else {
            named = try check(arguments[1], expecting: keyType)
            guard case .constant = named else {
                throw CELError("'within' takes a key or a claim second.", at: arguments[1].place)
            }
        }
        guard named.type == keyType else {
            throw CELError("'within' looks for \(name(keyType)), found \(name(named.type)).", at: arguments[1].place)
        }
        var current = row
        func isNamed() -> Expression { .compare(.equal, .column(of: current, column: column, keyType), named) }
        var parts = [isNamed()]
        for _ in 1..<max(1, tree.levelCount) {
            current = .follow(current, .reference(column: tree.parentColumn, target: type))
            parts.append(.and([.not(.isNull(current)), isNamed()]))
        }
        return .or(parts)
    }
}

extension Expression {
    /// With the values of claims in their places.
    /// - Parameter values: by claim, in the order in which they were defined: one, or those of a list.
    package func bound(toClaims values: [[Scalar]], of claims: [ClaimDefinition]) -> Expression {
        switch self {
        case .compare(.equal, let operand, .argument(let claim, _)) where claims[claim].isList:
            .isOneOf(operand.bound(toClaims: values, of: claims), values[claim])
        case .argument(let claim, let type): .constant(values[claim].first ?? .null, type)
        default: mappingParts { $0.bound(toClaims: values, of: claims) }
        }
    }
}
