import Expressions
import StoreColumns

/// What of the API is there for a role. Without one, all of it is.
///
/// A field that a role does not see in full is asked for in no way: not in filters, sorts, groups, figures, keys, changes. A role
/// without rows has lists of which figures and groups are made, chosen and grouped by its dimensions alone (`RoleCellFields`).
extension API {
    /// Whether single rows are seen.
    var seesRows: Bool { view?.seesRows ?? true }

    func sees(_ type: NodeTypeID) -> Bool { view?.sees(type) ?? true }

    /// The row types of which anything is seen, in the model's order.
    var seenTypes: [NodeTypeID] { structure.types.indices.map(NodeTypeID.init).filter(sees) }

    /// Those that the root lists.
    var listedTypes: [NodeTypeID] {
        view.map { view in seenTypes.filter { seesRows || view.cells.has(tableOf: $0) } } ?? seenTypes
    }

    func fieldView(_ position: Int, of type: NodeTypeID) -> FieldView { view?.view(of: position, in: type) ?? .full }

    /// Whether rows are chosen, and sorted, by the field.
    func asks(by position: Int, of type: NodeTypeID) -> Bool {
        guard let view else { return true }
        guard !view.seesRows else { return view.view(of: position, in: type).isFull }
        let place = FieldPlace(type: type, position: position)
        // By another row only as far as that row is asked by something.
        if case .toOne(_, let target)? = structure.sources[type.index][position], !isAsked(target) { return false }
        return view.cells.filters(by: place)
    }

    /// Whether rows are put into groups by the field, or by what lies behind it.
    func groups(by position: Int, of type: NodeTypeID) -> Bool {
        guard let view, !view.seesRows else { return asks(by: position, of: type) }
        return view.cells.groups(by: FieldPlace(type: type, position: position))
    }

    /// Whether keys of groups show the field.
    func showsInKeys(_ position: Int, of type: NodeTypeID) -> Bool {
        guard let view, !view.seesRows else { return asks(by: position, of: type) }
        return view.cells.shows(FieldPlace(type: type, position: position))
    }

    /// Whether groups are made by the very values of the field, or by the rows that it leads to.
    func isChosen(_ position: Int, of type: NodeTypeID) -> Bool {
        guard let view, !view.seesRows else { return asks(by: position, of: type) }
        let place = FieldPlace(type: type, position: position)
        return view.cells.values.contains(place) || view.cells.rows.contains(place)
    }

    /// Whether groups are made by periods or intervals of the field.
    func isCut(_ position: Int, of type: NodeTypeID) -> Bool {
        guard let view, !view.seesRows else { return asks(by: position, of: type) }
        return view.cells.intervals.contains(FieldPlace(type: type, position: position))
    }

    /// Whether groups are made by something behind the field.
    func leadsOn(_ position: Int, of type: NodeTypeID) -> Bool {
        guard let view, !view.seesRows else { return asks(by: position, of: type) }
        return view.cells.steps.contains(FieldPlace(type: type, position: position))
    }

    /// Whether rows are chosen and put into groups by the levels of the tree that the type's rows make.
    func asksByTree(_ tree: ModelTree, of type: NodeTypeID) -> Bool {
        guard let view, !view.seesRows else { return asks(by: tree.parentField, of: type) }
        return view.cells.trees.contains(type)
    }

    func makesFigures(of position: Int, of type: NodeTypeID) -> Bool { view?.makesFigures(of: position, of: type) ?? true }

    /// Whether a condition on rows of the type can be said.
    func isAsked(_ type: NodeTypeID) -> Bool { seesRows || askedTypes.contains(type) }

    /// Whether figures are made of rows of the type.
    func isSummed(_ type: NodeTypeID) -> Bool {
        hasFigures(type) && (view.map { $0.seesRows || $0.cells.has(tableOf: type) } ?? true)
    }

    /// Whether rows of the type are put into groups.
    func isGrouped(_ type: NodeTypeID) -> Bool { seesRows ? hasFigures(type) : groupedTypes.contains(type) }

    /// Whether keys of groups hold something of rows of the type.
    func isKey(_ type: NodeTypeID) -> Bool { seesRows ? hasFigures(type) : keyTypes.contains(type) }

    /// Of a role without rows: the types that have a field of a kind, or lead to one that has.
    ///
    /// - Parameter isTree: Whether a type counts whatever fields it has.
    /// - Parameter leads: Whether a field that leads to a row leads on.
    static func types(
        _ structure: Structure, _ view: RoleView?, with isThere: (RoleCellFields, FieldPlace) -> Bool,
        or isTree: (RoleCellFields, NodeTypeID) -> Bool, leadingOn leads: (RoleCellFields, FieldPlace) -> Bool
    ) -> Set<NodeTypeID> {
        guard let view, !view.seesRows else { return [] }
        let cells = view.cells
        var found: Set<NodeTypeID> = []
        while true {
            let more = structure.types.indices.map(NodeTypeID.init).filter { type in
                guard !found.contains(type), view.sees(type) else { return false }
                if isTree(cells, type) { return true }
                return structure.types[type.index].fields.indices.contains { position in
                    let place = FieldPlace(type: type, position: position)
                    if isThere(cells, place) { return true }
                    guard case .toOne(_, let target)? = structure.sources[type.index][position] else { return false }
                    return leads(cells, place) && found.contains(target)
                }
            }
            if more.isEmpty { return found }
            found.formUnion(more)
        }
    }

    // MARK: - Changes

    func writes(_ type: NodeTypeID) -> Bool { view?.writes(type) ?? true }
    var writesAnything: Bool { structure.types.indices.contains { writes(NodeTypeID($0)) } }

    func writes(_ position: Int, of type: NodeTypeID) -> Bool {
        view?.writes(position, of: type) ?? true || structure.keys[type.index].contains(position)
    }

    /// The types of which rows are named in changes: those that are written, and those that they refer to.
    var namedTypes: Set<NodeTypeID> {
        let all = structure.types.indices.map(NodeTypeID.init)
        guard view != nil else { return Set(all) }
        var named = Set(all.filter(writes))
        var pending = Array(named)
        while let type = pending.popLast() {
            for position in structure.types[type.index].fields.indices
            where writes(type) ? writes(position, of: type) : structure.keys[type.index].contains(position) {
                let target: NodeTypeID
                switch structure.sources[type.index][position] {
                case .toOne(.reference(_, let other), _)?, .toMany(.list(_, let other), _)?: target = other
                default: continue
                }
                if named.insert(target).inserted { pending.append(target) }
            }
        }
        return named
    }

    // MARK: - Masked fields

    /// The type under which the masked values of a field are shown: texts.
    func maskedType(_ field: FieldDeclaration) -> String {
        field.type.isList ? "[String!]" + (field.type.isNullable ? "" : "!") : "String"
    }

    func describeMasked(_ field: FieldDeclaration, _ mask: Personal.Mask) -> String {
        [describe(field.description, field.label), "Masked: \(mask.explanation)"].compactMap(\.self).joined(separator: " ")
    }
}

extension Personal.Mask {
    /// What it leaves, for the schema.
    var explanation: String {
        switch self {
        case .name: "the surname."
        case .idNumber: "the first three and the last four characters."
        case .phone: "the first three and the last four digits."
        case .account: "the last four digits."
        case .year: "the year."
        case .area: "the area, without street and number."
        case .band: "a coarse class."
        case .full: "nothing."
        }
    }
}
