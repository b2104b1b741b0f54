import Expressions
import StoreColumns

extension Structure {
    /// `@tree`: the parent is a stored reference to the type itself that may be null, the level a stored enum.
    mutating func tree(of type: Int) -> ModelTree? {
        guard let tree = types[type].tree else { return nil }
        guard let parent = treeField(tree.parent, of: type, directive: "@tree(parent:)"),
            let level = treeField(tree.level, of: type, directive: "@tree(level:)")
        else { return nil }
        let owner = types[type].name
        guard case .toOne(.reference(let parentColumn, let target), _)? = sources[type][parent], target == NodeTypeID(type),
            types[type].fields[parent].type.isNullable
        else {
            problems.report(
                .unsuitableField,
                "@tree(parent:) names \(owner).\(tree.parent.value) of type '\(types[type].fields[parent].type.text)'; a stored "
                    + "'\(owner)' that may be null is needed.",
                at: tree.parent.place)
            return nil
        }
        guard case .column(let levelColumn, .enumeration(let levels))? = sources[type][level] else {
            problems.report(
                .unsuitableField,
                "@tree(level:) names \(owner).\(tree.level.value) of type '\(types[type].fields[level].type.text)'; a stored enum is "
                    + "needed.",
                at: tree.level.place)
            return nil
        }
        return ModelTree(
            parentField: parent, levelField: level, parentColumn: parentColumn, levelColumn: levelColumn, levels: levels)
    }

    private mutating func treeField(_ name: Placed<String>, of type: Int, directive: String) -> Int? {
        let owner = types[type].name
        guard let position = types[type].field(named: name.value) else {
            problems.reportUnknownField(
                name.value, of: owner, among: types[type].fields.map(\.name), in: "\(directive) of \(owner)", at: name.place)
            return nil
        }
        return position
    }
}
