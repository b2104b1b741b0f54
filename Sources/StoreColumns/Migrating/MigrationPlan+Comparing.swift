// How a plan is made: stored things are matched with the model's by name, by the names these had before, and, where data goes
// back under an older model, by the names that those had before.

extension MigrationPlan {
    /// Compares what is stored with a model. Looks at no row.
    /// - Parameters:
    ///   - stored: the catalog of the data.
    ///   - history: what the model of the data says about itself; nil where nobody knows.
    package init(from stored: Catalog, _ history: CatalogOutline?, to model: CatalogOutline) {
        self.stored = stored
        target = model.catalog
        if let history, history.audience != model.audience {
            let (own, wanted) = (history.audience, model.audience)
            refusals.append(
                Note(
                    (own.map { "The rows were masked for \($0)" } ?? "The rows are not masked") + ", and "
                        + (wanted.map { "the model is of rows that were masked for \($0)" } ?? "the model is of rows as they are")
                        + "; masked rows are shown under the model that was archived with them, and no others are.", at: nil))
        }
        var comparison = Comparison(stored: stored, history: history, model: model)
        comparison.matchEnumerations()
        comparison.matchTypes()
        comparison.compareEnumerations(into: &self)
        comparison.compareTypes(into: &self)
    }
}

/// The matching under way.
private struct Comparison {
    let stored: Catalog
    let history: CatalogOutline?
    let model: CatalogOutline
    /// By the model's `EnumerationID`.
    var enumerations: [EnumerationID?] = []
    /// By the model's `NodeTypeID`.
    var types: [NodeTypeID?] = []
    /// By stored position; behind the model's own stand the hidden ones.
    var newEnumerations: [EnumerationID?] = []
    var newTypes: [NodeTypeID?] = []
    /// By stored enumeration: the new code of each code; nil where they stay as they are.
    var recoding: [[UInt16]?] = []

    init(stored: Catalog, history: CatalogOutline?, model: CatalogOutline) {
        self.stored = stored
        self.history = history
        self.model = model
        newEnumerations = stored.enumerations.map { _ in nil }
        newTypes = stored.nodeTypes.map { _ in nil }
        recoding = stored.enumerations.map { _ in nil }
    }

    /// For each wanted name the position of a stored one: the same name, an earlier name of the wanted, or a wanted name that
    /// was an earlier one of the stored; then what is hidden under these names. Nothing is given out twice.
    static func matches(
        _ wanted: [String], _ origins: [CatalogOutline.Origin], stored: [String], storedOrigins: [String: [String]]
    ) -> [Int?] {
        var places: [String: Int] = [:]
        for (index, name) in stored.enumerated() { places[name] = index }
        let names = Set(wanted)
        var isTaken = stored.map { names.contains($0) }
        var found = wanted.map { places[$0] }
        func take(_ place: Int, _ candidates: (Int) -> Int?) {
            guard found[place] == nil, let candidate = candidates(place), !isTaken[candidate] else { return }
            found[place] = candidate
            isTaken[candidate] = true
        }
        func free(_ name: String) -> Int? { places[name].flatMap { isTaken[$0] ? nil : $0 } }
        func hidden(_ name: String) -> Int? {
            // The one that was hidden last.
            stored.indices.last { !isTaken[$0] && HiddenName.isHidden(stored[$0]) && HiddenName.shown(stored[$0]) == name }
        }
        for place in wanted.indices {
            take(place) { origins[$0].previousNames.lazy.compactMap(free).first }
        }
        for place in wanted.indices {
            take(place) { place in
                stored.indices.first { !isTaken[$0] && storedOrigins[stored[$0]]?.contains(wanted[place]) == true }
            }
        }
        for place in wanted.indices {
            take(place) { hidden(wanted[$0]) ?? origins[$0].previousNames.lazy.compactMap(hidden).first }
        }
        return found
    }

    mutating func matchEnumerations() {
        let origins = (history?.catalog.enumerations ?? []).enumerated().map { ($1.name, $0) }
            .map { ($0, history?.enumerations[$1].origin.previousNames ?? []) }
        enumerations = Self.matches(
            model.catalog.enumerations.map(\.name), model.enumerations.map(\.origin), stored: stored.enumerations.map(\.name),
            storedOrigins: Dictionary(origins) { first, _ in first }
        ).map { $0.map { EnumerationID($0) } }
        for (index, id) in enumerations.enumerated() { if let id { newEnumerations[id.index] = EnumerationID(index) } }
    }

    mutating func matchTypes() {
        let origins = (history?.catalog.nodeTypes ?? []).enumerated().map { ($1.name, $0) }
            .map { ($0, history?.nodeTypes[$1].origin.previousNames ?? []) }
        types = Self.matches(
            model.catalog.nodeTypes.map(\.name), model.nodeTypes.map(\.origin), stored: stored.nodeTypes.map(\.name),
            storedOrigins: Dictionary(origins) { first, _ in first }
        ).map { $0.map { NodeTypeID($0) } }
        for (index, id) in types.enumerated() { if let id { newTypes[id.index] = NodeTypeID(index) } }
    }

    // MARK: Enumerations

    mutating func compareEnumerations(into plan: inout MigrationPlan) {
        for (index, id) in enumerations.enumerated() {
            if let id { compare(id, with: index, into: &plan) }
        }
    }

    private mutating func compare(_ id: EnumerationID, with index: Int, into plan: inout MigrationPlan) {
        let old = stored[id]
        let new = model.catalog.enumerations[index]
        let outline = model.enumerations[index]
        if old.name != new.name {
            plan.note("the enum \(HiddenName.shown(old.name)) is now \(new.name)", at: outline.origin.place)
        }
        let historyIndex = history?.catalog.enumerations.firstIndex { $0.name == old.name }
        var earlier: [String: [String]] = [:]
        if let history, let historyIndex {
            for (value, origin) in zip(
                history.catalog.enumerations[historyIndex].values, history.enumerations[historyIndex].values)
            {
                earlier[value] = origin.previousNames
            }
        }
        let matches = Self.matches(new.values, outline.values, stored: old.values, storedOrigins: earlier)
        var codes = [UInt16?](repeating: nil, count: old.values.count)
        for (place, match) in matches.enumerated() {
            guard let match else {
                plan.note("\(new.name).\(new.values[place]) is new", at: outline.values[place].place)
                continue
            }
            codes[match] = UInt16(truncatingIfNeeded: place)
            if old.values[match] != new.values[place] {
                plan.note(
                    "\(new.name).\(old.values[match]) is now \(new.values[place])", at: outline.values[place].place)
            }
        }
        for (code, value) in old.values.enumerated() where codes[code] == nil {
            plan.note("\(new.name).\(value) is gone; no row has it", at: outline.origin.place)
            plan.demands.append(
                .unheld(
                    id, code: UInt16(truncatingIfNeeded: code),
                    .init(
                        "# rows hold \(new.name).\(value), which the model does not have; keep the value, perhaps with "
                            + "@deprecated, or say with @was(name: \"\(value)\") which one it is now",
                        at: outline.origin.place)))
        }
        // What no row holds may become anything.
        let known = codes.map { $0 ?? 0 }
        guard known != Array(0..<UInt16(truncatingIfNeeded: codes.count)) else { return }
        recoding[id.index] = known
    }

    /// The enumeration of the target for a stored one; one that the model has not is hidden behind the model's.
    private mutating func enumeration(_ id: EnumerationID, in plan: inout MigrationPlan) -> EnumerationID {
        if let known = newEnumerations[id.index] { return known }
        let old = stored[id]
        let names = Set(plan.target.enumerations.map(\.name))
        let name = HiddenName.isHidden(old.name) ? old.name : HiddenName.of(old.name, taken: names.contains)
        plan.target.enumerations.append(Enumeration(name: name, values: old.values))
        let new = EnumerationID(plan.target.enumerations.count - 1)
        newEnumerations[id.index] = new
        return new
    }

    // MARK: Types

    mutating func compareTypes(into plan: inout MigrationPlan) {
        for index in model.catalog.nodeTypes.indices {
            let name = model.catalog.nodeTypes[index].name
            guard let id = types[index] else {
                plan.note("the type \(name) is new", at: model.nodeTypes[index].origin.place)
                plan.types.append(
                    .init(stored: nil, columns: model.catalog.nodeTypes[index].columns.map { _ in .nothing }))
                plan.isNewModel = true
                continue
            }
            if stored[id].name != name {
                plan.note("the type \(stored[id].name) is now \(name)", at: model.nodeTypes[index].origin.place)
            }
            compareColumns(of: NodeTypeID(index), id, into: &plan)
        }
        for (index, type) in stored.nodeTypes.enumerated() where newTypes[index] == nil {
            plan.isNewModel = true
            plan.notes.append(.init("the type \(type.name) is gone; it has no rows", at: nil))
            plan.demands.append(
                .noRows(
                    of: NodeTypeID(index),
                    .init(
                        "the data has # rows of \(type.name), and the model has no such type; keep the type, say with "
                            + "@was(name: \"\(type.name)\") which one it is now, or delete its rows first", at: nil)))
        }
    }

    private mutating func compareColumns(of id: NodeTypeID, _ storedID: NodeTypeID, into plan: inout MigrationPlan) {
        let (old, new, outline) = (stored[storedID], model.catalog[id], model.nodeTypes[id.index])
        var earlier: [String: [String]] = [:]
        if let history, let type = history.catalog.nodeType(named: old.name) {
            for (column, origin) in zip(history.catalog[type].columns, history.nodeTypes[type.index].columns) {
                earlier[column.name] = origin.origin.previousNames
            }
        }
        let matches = Comparison.matches(
            new.columns.map(\.name), outline.columns.map(\.origin), stored: old.columns.map(\.name), storedOrigins: earlier)
        var sources: [MigrationPlan.Source] = []
        for (place, match) in matches.enumerated() {
            if let match {
                compare(match, of: storedID, with: place, of: id, into: &plan)
                sources.append(source(match, of: old))
            } else {
                sources.append(added(place, of: id, storedID, into: &plan))
            }
        }
        compareKeys(old, new, matches, at: outline.origin.place, into: &plan)
        let used = Set(matches.compactMap(\.self))
        let added = matches.indices.filter { matches[$0] == nil && sources[$0] == .nothing }
        for (index, column) in old.columns.enumerated() where !used.contains(index) {
            hide(index, column, of: id, storedID, added: added, &sources, into: &plan)
        }
        plan.types.append(.init(stored: storedID, columns: sources))
    }

    private func source(_ index: Int, of type: NodeType) -> MigrationPlan.Source {
        switch type.columns[index].kind {
        case .enumeration(let id), .enumerationList(let id):
            recoding[id.index].map { .recoded(index, $0) } ?? .stored(index)
        default: .stored(index)
        }
    }

    /// What a stored kind is called in the model's catalog; nil where it holds what the model does not have.
    private func translated(_ kind: ColumnKind) -> ColumnKind? {
        switch kind {
        case .enumeration(let id): newEnumerations[id.index].map(ColumnKind.enumeration)
        case .enumerationList(let id): newEnumerations[id.index].map(ColumnKind.enumerationList)
        case .reference(let id): newTypes[id.index].map(ColumnKind.reference)
        case .referenceList(let id): newTypes[id.index].map(ColumnKind.referenceList)
        default: kind
        }
    }

    /// A column on both sides.
    private func compare(
        _ oldIndex: Int, of storedID: NodeTypeID, with newIndex: Int, of id: NodeTypeID, into plan: inout MigrationPlan
    ) {
        let (old, new) = (stored[storedID].columns[oldIndex], model.catalog[id].columns[newIndex])
        let place = model.nodeTypes[id.index].columns[newIndex].origin.place
        let name = "\(model.catalog[id].name).\(new.name)"
        if HiddenName.isHidden(old.name) {
            plan.note("\(name) is back, with the values that were kept", at: place)
        } else if old.name != new.name {
            plan.note("\(model.catalog[id].name).\(old.name) is now \(new.name)", at: place)
        }
        guard translated(old.kind) == new.kind else {
            let fields = "\(old.kind.text(in: stored)), and the model says \(new.kind.text(in: model.catalog))"
            plan.refuse(
                "the data holds \(name) as \(fields); give the new field another name, and drop this one when its values "
                    + "were brought over", at: place)
            return
        }
        if old.isNullable, !new.isNullable {
            plan.note("\(name) is never null from now on", at: place)
            plan.demands.append(
                .filled(
                    storedID, column: oldIndex,
                    .init(
                        "\(name) may not be null, and # rows have no value; give them one first, or write it without '!'",
                        at: place)))
        } else if !old.isNullable, new.isNullable {
            plan.note("\(name) may be null from now on", at: place)
        }
        if new.isUnique, !old.isUnique {
            plan.note("\(name) is unique from now on", at: place)
            plan.demands.append(
                .distinct(
                    storedID, column: oldIndex,
                    .init("\(name) is @unique, and # rows have a value that another one has too; mend them first", at: place)))
        } else if old.isUnique, !new.isUnique, !HiddenName.isHidden(old.name) {
            plan.note("\(name) is not unique any more", at: place)
        }
    }

    /// A column that only the model has.
    private func added(
        _ index: Int, of id: NodeTypeID, _ storedID: NodeTypeID, into plan: inout MigrationPlan
    ) -> MigrationPlan.Source {
        let column = model.catalog[id].columns[index]
        let outline = model.nodeTypes[id.index].columns[index]
        let name = "\(model.catalog[id].name).\(column.name)"
        if let initial = outline.initial {
            plan.note("\(name) is new; rows that are there get the value of @backfill", at: outline.origin.place)
            if column.isUnique {
                plan.demands.append(
                    .noRows(
                        of: storedID,
                        .init("\(name) is @unique, and @backfill would give # rows the same value", at: outline.origin.place)))
            }
            return .constant(initial)
        }
        if column.isNullable {
            plan.note("\(name) is new; no row has a value", at: outline.origin.place)
            return .nothing
        }
        switch column.kind {
        case .enumerationList, .referenceList:
            plan.note("\(name) is new; its lists are empty", at: outline.origin.place)
            return .emptyLists
        default:
            plan.note("\(name) is new", at: outline.origin.place)
            plan.demands.append(
                .noRows(
                    of: storedID,
                    .init(
                        "\(name) is new and may not be null, and # rows have no value; write it without '!', say with "
                            + "@backfill(value: …) what they get, or with @was(name: …) which field it was",
                        at: outline.origin.place)))
            return .nothing
        }
    }

    private func compareKeys(
        _ old: NodeType, _ new: NodeType, _ matches: [Int?], at place: String?, into plan: inout MigrationPlan
    ) {
        guard new.key.map({ matches[$0] }) != old.key.map(Optional.init) else { return }
        let names = old.key.map { HiddenName.shown(old.columns[$0].name) }.joined(separator: ", ")
        let wanted = new.key.map { new.columns[$0].name }.joined(separator: ", ")
        plan.refuse(
            "the rows of \(new.name) are named by (\(names)), and the model says (\(wanted)); a key stays as it is, but its "
                + "fields may be renamed with @was", at: place)
    }

    /// A column that the model does not have: kept behind the model's own.
    private mutating func hide(
        _ index: Int, _ column: ColumnDefinition, of id: NodeTypeID, _ storedID: NodeTypeID, added: [Int],
        _ sources: inout [MigrationPlan.Source], into plan: inout MigrationPlan
    ) {
        let type = model.catalog[id]
        let place = model.nodeTypes[id.index].origin.place
        let kind: ColumnKind
        switch column.kind {
        case .enumeration(let old): kind = .enumeration(enumeration(old, in: &plan))
        case .enumerationList(let old): kind = .enumerationList(enumeration(old, in: &plan))
        default:
            guard let known = translated(column.kind) else {
                // What it refers to has no rows, so it holds nothing.
                plan.isNewModel = true
                return
            }
            kind = known
        }
        var name = column.name
        if !HiddenName.isHidden(name) {
            plan.note("\(type.name).\(name) is not in the model any more; its values are kept, hidden", at: place)
            let taken = Set(
                plan.target[id].columns.map(\.name) + stored[storedID].columns.map(\.name).filter(HiddenName.isHidden))
            name = HiddenName.of(name, taken: taken.contains)
            if let twin = added.first(where: { type.columns[$0].kind == kind }) {
                plan.demands.append(
                    .unfilled(
                        storedID, column: index,
                        .init(
                            "the model has no \(type.name).\(column.name) any more, of which # rows have a value, and a new field "
                                + "'\(type.columns[twin].name)' of the same kind; if that is its new name, write @was(name: "
                                + "\"\(column.name)\"), and if not, start once without the one before adding the other",
                            at: model.nodeTypes[id.index].columns[twin].origin.place)))
            }
        }
        plan.target.nodeTypes[id.index].columns.append(ColumnDefinition(name: name, kind: kind, isNullable: true))
        sources.append(source(index, of: stored[storedID]))
    }
}

extension MigrationPlan {
    /// Something that changes what the data means.
    fileprivate mutating func note(_ text: String, at place: String?) {
        notes.append(Note(text, at: place))
        isNewModel = true
    }

    fileprivate mutating func refuse(_ text: String, at place: String?) {
        refusals.append(Note(text, at: place))
        isNewModel = true
    }
}

extension ColumnKind {
    /// As the model writes it.
    fileprivate func text(in catalog: Catalog) -> String {
        switch self {
        case .boolean: "Boolean"
        case .int: "Int"
        case .decimal(let digits): "Decimal with \(digits) digits"
        case .float: "Float"
        case .date: "Date"
        case .dateTime: "DateTime"
        case .string: "String"
        case .enumeration(let id): HiddenName.shown(catalog[id].name)
        case .enumerationList(let id): "[\(HiddenName.shown(catalog[id].name))!]"
        case .reference(let id): catalog[id].name
        case .referenceList(let id): "[\(catalog[id].name)!]"
        }
    }
}
