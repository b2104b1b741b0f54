/// Where the types, columns and keys of a catalog stand in an earlier one that data was brought over from, over all steps
/// between them: for whoever knows something by the present names and looks for it in old data.
package struct CatalogMapping: Sendable {
    package let old: Catalog
    package private(set) var new: Catalog
    /// By type of the new catalog; nil for what was not there.
    private var types: [NodeTypeID?]
    private var columns: [[Int?]]
    /// By type and column of the new catalog: the new code of each old one; nil where they are the same.
    private var codes: [[[UInt16]?]]

    /// A catalog and itself.
    package init(_ catalog: Catalog) {
        (old, new) = (catalog, catalog)
        types = catalog.nodeTypes.indices.map { NodeTypeID($0) }
        columns = catalog.nodeTypes.map { Array($0.columns.indices) }
        codes = catalog.nodeTypes.map { $0.columns.map { _ in nil } }
    }

    /// Goes on by a plan whose stored catalog is this one's new one.
    package mutating func append(_ plan: MigrationPlan) {
        precondition(plan.stored == new, "a plan is made for one catalog")
        let before = self
        new = plan.target
        types = plan.types.map { type in type.stored.flatMap { before.types[$0.index] } }
        columns = []
        codes = []
        for type in plan.types {
            var (places, recodings): ([Int?], [[UInt16]?]) = ([], [])
            for source in type.columns {
                guard let stored = type.stored, let (place, recoding) = source.stored else {
                    places.append(nil)
                    recodings.append(nil)
                    continue
                }
                places.append(before.columns[stored.index][place])
                recodings.append(Self.joined(before.codes[stored.index][place], recoding))
            }
            columns.append(places)
            codes.append(recodings)
        }
    }

    private static func joined(_ first: [UInt16]?, _ second: [UInt16]?) -> [UInt16]? {
        guard let first, let second else { return first ?? second }
        return first.map { Int($0) < second.count ? second[Int($0)] : $0 }
    }

    package func old(_ type: NodeTypeID) -> NodeTypeID? { types[type.index] }

    package func new(_ type: NodeTypeID) -> NodeTypeID? { types.firstIndex(of: type).map { NodeTypeID($0) } }

    /// - Parameter type: of the new catalog, as the column is.
    package func oldColumn(_ column: Int, of type: NodeTypeID) -> Int? { columns[type.index][column] }

    /// Columns of an old type that the new catalog has no more, not even hidden.
    package func lostColumns(of type: NodeTypeID) -> [Int] {
        guard let old = old(type) else { return [] }
        let kept = Set(columns[type.index].compactMap(\.self))
        return self.old[old].columns.indices.filter { !kept.contains($0) }
    }

    // MARK: Keys

    /// The same row's key in the old catalog; nil where it cannot have had one.
    package func oldKey(_ key: Key, of type: NodeTypeID) -> Key? {
        guard let oldType = old(type), key.parts.count == new[type].key.count else { return nil }
        var parts: [KeyPart] = []
        for column in old[oldType].key {
            guard let newColumn = columns[type.index].firstIndex(of: column),
                let place = new[type].key.firstIndex(of: newColumn)
            else { return nil }
            switch (key.parts[place], new[type].columns[newColumn].kind) {
            case (.enumeration(let code), _):
                guard let recoding = codes[type.index][newColumn] else {
                    parts.append(.enumeration(code))
                    continue
                }
                guard let old = recoding.firstIndex(of: code) else { return nil }
                parts.append(.enumeration(UInt16(truncatingIfNeeded: old)))
            case (.reference(let inner), .reference(let target)):
                guard let inner = oldKey(inner, of: target) else { return nil }
                parts.append(.reference(inner))
            case (let part, _): parts.append(part)
            }
        }
        return Key(parts)
    }

    /// The same row's key in the new catalog; nil where it has none.
    /// - Parameter type: of the old catalog, as the key is.
    package func newKey(_ key: Key, of type: NodeTypeID) -> Key? {
        guard let newType = new(type), key.parts.count == old[type].key.count else { return nil }
        var parts: [KeyPart] = []
        for column in new[newType].key {
            guard let oldColumn = columns[newType.index][column], let place = old[type].key.firstIndex(of: oldColumn) else {
                return nil
            }
            switch (key.parts[place], old[type].columns[oldColumn].kind) {
            case (.enumeration(let code), _):
                let recoding = codes[newType.index][column]
                guard let recoding else {
                    parts.append(.enumeration(code))
                    continue
                }
                guard Int(code) < recoding.count else { return nil }
                parts.append(.enumeration(recoding[Int(code)]))
            case (.reference(let inner), .reference(let target)):
                guard let inner = newKey(inner, of: target) else { return nil }
                parts.append(.reference(inner))
            case (let part, _): parts.append(part)
            }
        }
        return Key(parts)
    }
}

extension MigrationPlan.Source {
    /// The stored column that it is, with its new codes.
    fileprivate var stored: (column: Int, codes: [UInt16]?)? {
        switch self {
        case .stored(let column): (column, nil)
        case .recoded(let column, let codes): (column, codes)
        case .nothing, .emptyLists, .constant: nil
        }
    }
}
