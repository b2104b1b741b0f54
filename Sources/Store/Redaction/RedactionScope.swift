import StoreColumns

/// All that an erasure reaches, as the kept versions and the journal were found to hold it, under one catalog.
struct RedactionScope {
    let redaction: Redaction
    let catalog: Catalog
    /// Rows that are erased, or the one of which columns are.
    private(set) var keys: [NodeTypeID: Set<Key>]
    /// What was found in their columns.
    private(set) var texts: Set<String> = []
    /// Whether any version or record has the row.
    private(set) var isFound = false

    init(_ redaction: Redaction, _ catalog: Catalog) {
        self.redaction = redaction
        self.catalog = catalog
        keys = [redaction.type: [redaction.key]]
    }

    var rowCount: Int { keys.values.reduce(0) { $0 + $1.count } }

    private var deletes: Bool { if case .delete = redaction.mode { true } else { false } }

    // MARK: - Looking

    /// Takes in what a version holds. Rows that have to refer to an erased one are erased too, and so on.
    mutating func look(at version: GraphVersion) {
        if deletes {
            var before = 0
            repeat {
                before = rowCount
                for index in catalog.nodeTypes.indices { addReferring(NodeTypeID(index), in: version) }
            } while rowCount > before
        }
        for (type, keys) in keys {
            for key in keys {
                guard let row = version.row(of: type, forKey: key) else { continue }
                isFound = true
                for column in redaction.personalColumns[type.index] {
                    if case .string(let texts) = version[type].column(column), let text = texts.text(at: Int(row)) { add(text) }
                }
            }
        }
    }

    private mutating func addReferring(_ type: NodeTypeID, in version: GraphVersion) {
        for (index, column) in catalog[type].columns.enumerated() where !column.isNullable {
            guard case .reference(let target) = column.kind, let erased = keys[target],
                case .reference(let references) = version[type].column(index)
            else { continue }
            let rows = Set(erased.compactMap { version.row(of: target, forKey: $0) })
            if rows.isEmpty { continue }
            let table = version[type]
            for row in 0..<table.rowCount {
                let number = RowNumber(truncatingIfNeeded: row)
                guard let referred = references[row], rows.contains(referred), table.isLive(number) else { continue }
                keys[type, default: []].insert(version.key(of: number, type: type))
            }
        }
    }

    /// Takes in what a record holds.
    mutating func look(at changes: ChangeSet) {
        for type in changes.types {
            for row in 0..<type.rowCount {
                guard let key = type.key(ofRow: row, catalog) else { continue }
                if deletes, keys[type.type]?.contains(key) != true, type.mustRefer(row, to: keys, catalog) {
                    keys[type.type, default: []].insert(key)
                }
                guard keys[type.type]?.contains(key) == true else { continue }
                isFound = true
                for column in redaction.personalColumns[type.type.index] {
                    if case .string(let text)? = type.cell(row, column) { add(text) }
                }
            }
        }
    }

    /// Rows that were found to be erased elsewhere. They count as found nowhere by that.
    mutating func add(_ type: NodeTypeID, _ found: [Key]) {
        if !found.isEmpty { keys[type, default: []].formUnion(found) }
    }

    /// One letter is found in everything.
    private mutating func add(_ text: String) { if text.unicodeScalars.count > 1 { texts.insert(text) } }

    // MARK: - Erasing

    /// What a version has to change.
    func changes(of version: GraphVersion) -> ChangeSet {
        switch redaction.mode {
        case .clear(let cleared):
            guard version.row(of: redaction.type, forKey: redaction.key) != nil else { return ChangeSet() }
            let columns = cleared.keys.sorted()
            var changes = TypeChanges(type: redaction.type, columns: catalog[redaction.type].key + columns)
            changes.cells = redaction.key.parts.map { Cell($0) } + columns.map { cleared[$0] ?? .null }
            return ChangeSet(types: [changes])
        case .delete:
            var changes = ChangeSet()
            for (type, keys) in keys.sorted(by: { $0.key < $1.key }) {
                let there = keys.filter { version.row(of: type, forKey: $0) != nil }
                changes.types.append(TypeChanges(type: type, columns: [], deletedKeys: Array(there)))
            }
            for index in catalog.nodeTypes.indices { changes.types += mentions(in: NodeTypeID(index), version) }
            return changes
        }
    }

    /// References to erased rows from rows that stay, taken away.
    private func mentions(in type: NodeTypeID, _ version: GraphVersion) -> [TypeChanges] {
        var columns: [Int] = []
        /// By row: what stands in which column instead.
        var rows: [Int: [Int: Cell]] = [:]
        let table = version[type]
        for (index, column) in catalog[type].columns.enumerated() {
            // Rows whose key names an erased row go with it.
            guard !catalog[type].key.contains(index), let target = column.kind.target, let erased = keys[target] else { continue }
            let gone = Set(erased.compactMap { version.row(of: target, forKey: $0) })
            if gone.isEmpty { continue }
            let stored = table.column(index)
            columns.append(index)
            for row in 0..<table.rowCount where table.isLive(RowNumber(truncatingIfNeeded: row)) {
                var isMentioned = false
                stored.forEachReference(at: row) { if gone.contains($0) { isMentioned = true } }
                guard isMentioned else { continue }
                var cell = Cell.null
                if case .referenceList(let lists) = stored {
                    let list = lists.list(at: row)
                    let left = list.indices.map { list[$0] }.filter { !gone.contains($0) }
                    cell = .referenceList(left.map { version.key(of: $0, type: target) })
                }
                rows[row, default: [:]][index] = cell
            }
        }
        var changes = TypeChanges(type: type, columns: catalog[type].key + columns)
        for (row, cells) in rows.sorted(by: { $0.key < $1.key }) {
            let own = version.key(of: RowNumber(truncatingIfNeeded: row), type: type)
            if keys[type]?.contains(own) == true { continue }
            changes.cells += own.parts.map { Cell($0) } + columns.map { cells[$0] ?? .absent }
        }
        return changes.rowCount > 0 ? [changes] : []
    }

    /// A record's changes without what is erased; nil where nothing of them is.
    func redacted(_ changes: ChangeSet) -> ChangeSet? {
        var result = changes
        var hasChanged = false
        for place in result.types.indices {
            switch redaction.mode {
            case .clear(let cleared): if result.types[place].clear(cleared, of: redaction, catalog) { hasChanged = true }
            case .delete: if result.types[place].remove(keys, catalog) { hasChanged = true }
            }
        }
        return hasChanged ? result : nil
    }
}

extension TypeChanges {
    fileprivate func cell(_ row: Int, _ column: Int) -> Cell? {
        columns.firstIndex(of: column).map { cells[row * columns.count + $0] }
    }

    /// The key of a row, as it is given.
    fileprivate func key(ofRow row: Int, _ catalog: Catalog) -> Key? {
        var parts: [KeyPart] = []
        for column in catalog[type].key {
            guard let part = cell(row, column).flatMap({ KeyPart($0) }) else { return nil }
            parts.append(part)
        }
        return Key(parts)
    }

    /// Whether a row gives a reference that cannot be null, to one of some rows.
    fileprivate func mustRefer(_ row: Int, to keys: [NodeTypeID: Set<Key>], _ catalog: Catalog) -> Bool {
        columns.contains { column in
            let definition = catalog[type].columns[column]
            guard !definition.isNullable, case .reference(let target) = definition.kind,
                case .reference(let key)? = cell(row, column)
            else { return false }
            return keys[target]?.contains(key) == true
        }
    }

    /// - Returns: whether the row was among them and held something.
    fileprivate mutating func clear(_ cleared: [Int: Cell], of redaction: Redaction, _ catalog: Catalog) -> Bool {
        guard type == redaction.type else { return false }
        var hasChanged = false
        for row in 0..<rowCount where key(ofRow: row, catalog) == redaction.key {
            for (place, column) in columns.enumerated() {
                guard let cell = cleared[column], cells[row * columns.count + place] != .absent else { continue }
                cells[row * columns.count + place] = cell
                hasChanged = true
            }
        }
        return hasChanged
    }

    /// - Returns: whether anything named one of the rows.
    fileprivate mutating func remove(_ keys: [NodeTypeID: Set<Key>], _ catalog: Catalog) -> Bool {
        let count = deletedKeys.count
        deletedKeys.removeAll { keys[type]?.contains($0) == true }
        var hasChanged = deletedKeys.count < count
        let width = columns.count
        var kept: [Cell] = []
        for row in 0..<rowCount {
            if let key = key(ofRow: row, catalog), keys[type]?.contains(key) == true {
                hasChanged = true
                continue
            }
            for (place, column) in columns.enumerated() {
                var cell = cells[row * width + place]
                switch (cell, catalog[type].columns[column].kind) {
                case (.reference(let key), .reference(let target)) where keys[target]?.contains(key) == true:
                    cell = .null
                    hasChanged = true
                case (.referenceList(let list), .referenceList(let target)):
                    let left = list.filter { keys[target]?.contains($0) != true }
                    if left.count < list.count {
                        cell = .referenceList(left)
                        hasChanged = true
                    }
                default: break
                }
                kept.append(cell)
            }
        }
        if hasChanged { cells = kept }
        return hasChanged
    }
}

extension Cell {
    fileprivate init(_ part: KeyPart) {
        self =
            switch part {
            case .boolean(let value): .boolean(value)
            case .int(let value): .int(value)
            case .decimal(let value): .decimal(value)
            case .date(let value): .date(value)
            case .dateTime(let value): .dateTime(value)
            case .enumeration(let value): .enumeration(value)
            case .string(let value): .string(value)
            case .reference(let value): .reference(value)
            }
    }
}
