import Expressions
import StoreColumns

/// What of the API is there for a role. Without one, all of it is.
///
/// A field that a role does not see in full is asked for in no way: not in filters, sorts, groups, figures, keys, changes. A role
/// without rows has lists of which figures and groups are made, chosen and grouped by its dimensions alone.
extension API {
    /// Whether single rows are seen.
    var seesRows: Bool { view?.seesRows ?? true }

    func sees(_ type: NodeTypeID) -> Bool { view?.sees(type) ?? true }

    /// The row types of which anything is seen, in the model's order.
    var seenTypes: [NodeTypeID] { structure.types.indices.map(NodeTypeID.init).filter(sees) }

    /// Those that the root lists.
    var listedTypes: [NodeTypeID] { seesRows ? seenTypes : seenTypes.filter(hasFigures) }

    func fieldView(_ position: Int, of type: NodeTypeID) -> FieldView { view?.view(of: position, in: type) ?? .full }

    /// Whether rows are chosen, sorted, grouped and counted by the field.
    func asks(by position: Int, of type: NodeTypeID) -> Bool {
        guard let view else { return true }
        guard view.asks(by: position, of: type) else { return false }
        // By another row only as far as that row is asked by something.
        guard !view.seesRows, case .toOne(_, let target)? = structure.sources[type.index][position] else { return true }
        return askedTypes.contains(target)
    }

    func makesFigures(of position: Int, of type: NodeTypeID) -> Bool { view?.makesFigures(of: position, of: type) ?? true }

    /// Whether a condition on rows of the type can be said.
    func isAsked(_ type: NodeTypeID) -> Bool { seesRows || askedTypes.contains(type) }

    /// Whether rows of the type are put into groups.
    func isGrouped(_ type: NodeTypeID) -> Bool { seesRows ? hasFigures(type) : groupedTypes.contains(type) }

    /// Of a role without rows: the types that have a value among the dimensions, or lead to one that has.
    /// - Parameter isMeant: Others are left out, and do not lead on.
    static func typesWithDimensions(
        _ structure: Structure, _ view: RoleView?, where isMeant: (TypeDeclaration) -> Bool
    ) -> Set<NodeTypeID> {
        guard let view, !view.seesRows else { return [] }
        var asked: Set<NodeTypeID> = []
        while true {
            let found = structure.types.indices.map(NodeTypeID.init).filter { type in
                guard !asked.contains(type), view.sees(type), isMeant(structure.types[type.index]) else { return false }
                return structure.types[type.index].fields.indices.contains { position in
                    guard view.asks(by: position, of: type) else { return false }
                    if case .toOne(_, let target)? = structure.sources[type.index][position] { return asked.contains(target) }
                    return true
                }
            }
            if found.isEmpty { return asked }
            asked.formUnion(found)
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
