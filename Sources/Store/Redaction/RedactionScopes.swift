import StoreColumns

/// One erasure under every catalog that a folder's data was made under: what is found under one of them is looked for under all.
///
/// Rows and columns are known by the present catalog, which is the model's with hidden columns behind. An older version or
/// record has them under other names, at other places, with other codes, or not at all.
struct RedactionScopes {
    /// Of the present catalog.
    let redaction: Redaction
    private var parts: [Part] = []
    /// What was found in personal columns, under any catalog.
    private var texts: Set<String> = []

    private struct Part {
        var mapping: CatalogMapping
        /// Nil where the row's type was not there yet.
        var scope: RedactionScope?
    }

    init(_ redaction: Redaction) { self.redaction = redaction }

    var rowCount: Int { parts.reduce(0) { max($0, $1.scope?.rowCount ?? 0) } }
    /// Grows as long as something new is found under any catalog.
    var foundCount: Int { parts.reduce(0) { $0 + ($1.scope?.rowCount ?? 0) } }
    var isFound: Bool { parts.contains { $0.scope?.isFound == true } }

    /// How many rows of which type, under the name that it has latest.
    var rowCounts: [String: Int] {
        var counts: [String: Int] = [:]
        for part in parts {
            for (type, keys) in part.scope?.keys ?? [:] {
                let name = part.mapping.new(type).map { part.mapping.new[$0].name } ?? part.mapping.old[type].name
                counts[name] = max(counts[name] ?? 0, keys.count)
            }
        }
        return counts
    }

    func catalog(_ place: Int) -> Catalog { parts[place].mapping.old }

    /// - Parameter path: for the message, of the data that is under the catalog.
    /// - Returns: the place of the catalog among all.
    mutating func place(of mapping: CatalogMapping, path: String) throws(StoreError) -> Int {
        if let place = parts.firstIndex(where: { $0.mapping.old == mapping.old }) { return place }
        guard mapping.new == redaction.catalog else {
            throw StoreError(
                .otherModel, path: path, "it was made under a model from which no way to the present one is kept")
        }
        let local = try redaction.under(mapping, path: path)
        parts.append(Part(mapping: mapping, scope: local.map { RedactionScope($0, mapping.old) }))
        return parts.count - 1
    }

    // MARK: Looking

    mutating func look(_ place: Int, at version: GraphVersion) { look(place) { $0.look(at: version) } }

    mutating func look(_ place: Int, at changes: ChangeSet) { look(place) { $0.look(at: changes) } }

    private mutating func look(_ place: Int, _ body: (inout RedactionScope) -> Void) {
        guard var scope = parts[place].scope else { return }
        let before = scope.rowCount
        body(&scope)
        parts[place].scope = scope
        texts.formUnion(scope.texts)
        if scope.rowCount > before { share(from: place) }
    }

    /// Tells what was found under one catalog to the others.
    private mutating func share(from place: Int) {
        guard let scope = parts[place].scope else { return }
        let mapping = parts[place].mapping
        for (type, keys) in scope.keys {
            guard let newType = mapping.new(type) else { continue }
            let newKeys = keys.compactMap { mapping.newKey($0, of: type) }
            for other in parts.indices where other != place {
                let there = parts[other].mapping
                guard let oldType = there.old(newType) else { continue }
                parts[other].scope?.add(oldType, newKeys.compactMap { there.oldKey($0, of: newType) })
            }
        }
    }

    /// Whether a text that is not a column's holds something that is erased.
    func isTold(in text: String) -> Bool { texts.contains { text.contains($0) } }

    // MARK: Erasing

    /// What a version has to change.
    func changes(_ place: Int, of version: GraphVersion) -> ChangeSet { parts[place].scope?.changes(of: version) ?? ChangeSet() }

    /// A record's changes without what is erased; nil where nothing of them is.
    func redacted(_ place: Int, _ changes: ChangeSet) -> ChangeSet? { parts[place].scope?.redacted(changes) }
}

extension Redaction {
    /// The same of the present catalog: with its hidden columns, if all that tells about a person is to go.
    func present(_ catalog: Catalog) -> Redaction {
        var present = self
        present.catalog = catalog
        present.personalColumns = catalog.nodeTypes.enumerated().map { index, type in
            let own = index < personalColumns.count ? personalColumns[index] : []
            return own + type.columns.indices.filter { HiddenName.isHidden(type.columns[$0].name) }
        }
        if clearsHidden, case .clear(var columns) = mode {
            for (index, column) in catalog[type].columns.enumerated() where HiddenName.isHidden(column.name) {
                columns[index] = .null
            }
            present.mode = .clear(columns)
        }
        return present
    }

    /// The same of an earlier catalog; nil where the row's type was not there.
    fileprivate func under(_ mapping: CatalogMapping, path: String) throws(StoreError) -> Redaction? {
        guard let oldType = mapping.old(type), let oldKey = mapping.oldKey(key, of: type) else { return nil }
        var local = self
        (local.catalog, local.type, local.key) = (mapping.old, oldType, oldKey)
        local.personalColumns = mapping.old.nodeTypes.indices.map { index in
            guard let newType = mapping.new(NodeTypeID(index)) else { return [] }
            return personalColumns[newType.index].compactMap { mapping.oldColumn($0, of: newType) }
        }
        guard case .clear(let columns) = mode else { return local }
        var cleared: [Int: Cell] = [:]
        for (column, cell) in columns {
            if let old = mapping.oldColumn(column, of: type) { cleared[old] = cell }
        }
        if clearsHidden { for column in mapping.lostColumns(of: type) { cleared[column] = .null } }
        for (column, cell) in cleared where cell == .null && !mapping.old[oldType].columns[column].isNullable {
            let definition = mapping.old[oldType].columns[column]
            switch definition.kind {
            case .string: cleared[column] = .string(placeholder)
            case .enumerationList: cleared[column] = .enumerationList([])
            case .referenceList: cleared[column] = .referenceList([])
            default:
                throw StoreError(
                    .readOnly, path: path,
                    "there every \(mapping.old[oldType].name) has '\(definition.name)', and it is no text; only a deletion erases it"
                )
            }
        }
        local.mode = .clear(cleared)
        return local
    }
}
