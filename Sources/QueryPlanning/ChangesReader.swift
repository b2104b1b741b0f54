import GraphQLTypes
import Model
import StoreColumns

/// Reads the coerced arguments of `applyChanges`. `api.md` §8
///
/// Of each row it gathers the cells that are given; the columns of a type are those that any of its rows gives.
package struct ChangesReader {
    private let model: Model
    private let changeID: String?
    /// Where the reader is, for messages.
    private var place = Place()

    private struct Place {
        var type = ""
        var list = ""
        var row = 0
        var field: String?
    }

    private var path: String {
        let row = "changes.\(place.type).\(place.list)[\(place.row)]"
        return place.field.map { "\(row).\($0)" } ?? row
    }

    /// - Throws: what no field could hold: a decimal with more digits than its field keeps.
    package static func request(
        from arguments: InputObject, fingerprint: [UInt8], in model: Model
    ) throws(ArgumentProblem) -> ChangeRequest {
        let changeID = text(arguments["changeId"])
        var reader = ChangesReader(model: model, changeID: changeID)
        let changes = try reader.changeSet(arguments["changes"] ?? .null)
        var overrides: [ChangeRequest.Override] = []
        if case .list(let items)? = arguments["overrides"] {
            for case .object(let item) in items {
                overrides.append(.init(check: text(item["check"]) ?? "", reason: text(item["reason"]) ?? ""))
            }
        }
        return ChangeRequest(
            changes, isDryRun: arguments["dryRun"] == .boolean(true), expectedVersion: text(arguments["expectVersion"]),
            changeID: changeID, fingerprint: changeID == nil ? [] : fingerprint, overrides: overrides,
            reason: text(arguments["reason"]))
    }

    private static func text(_ value: InputValue?) -> String? {
        switch value {
        case .string(let text)?: text
        case .int(let number)?: String(number)
        default: nil
        }
    }

    private init(model: Model, changeID: String?) {
        self.model = model
        self.changeID = changeID
    }

    // MARK: - Types and rows

    private mutating func changeSet(_ value: InputValue) throws(ArgumentProblem) -> ChangeSet {
        var changes = ChangeSet()
        guard case .object(let byType) = value else { return changes }
        // Coerced, so that types come in the model's order.
        for entry in byType.entries {
            guard case .object(let given) = entry.value,
                let index = model.types.indices.first(where: { model.types[$0].plural == entry.name })
            else { continue }
            let type = model.types[index]
            var rows: [InputValue] = []
            var keys: [InputValue] = []
            if case .list(let items)? = given["upsert"] { rows = items }
            if case .list(let items)? = given["delete"] { keys = items }
            place = Place(type: type.plural)
            changes.types.append(try typeChanges(type, rows: rows, keys: keys))
        }
        return changes
    }

    private mutating func typeChanges(
        _ type: ModelType, rows: [InputValue], keys: [InputValue]
    ) throws(ArgumentProblem) -> TypeChanges {
        let definition = model.catalog[type.nodeType]
        let recordKey = RecordKey(definition)
        let width = definition.columns.count
        var cells = [Cell](repeating: .absent, count: width * rows.count)
        var isGiven = [Bool](repeating: false, count: width)
        place.list = "upsert"
        for (place, row) in rows.enumerated() {
            guard case .object(let row) = row else { continue }
            self.place.row = place
            // Entries are in the order of the fields, and so are columns.
            var next = 0
            for entry in row.entries {
                guard let column = definition.column(named: entry.name, from: next) else { continue }
                next = column + 1
                isGiven[column] = true
                self.place.field = entry.name
                cells[place * width + column] = try cell(entry.value, definition.columns[column].kind)
            }
            guard let recordKey else { continue }
            isGiven[recordKey.sourceColumn] = true
            isGiven[recordKey.recordNumberColumn] = true
            var (source, number) = (
                cells[place * width + recordKey.sourceColumn], cells[place * width + recordKey.recordNumberColumn]
            )
            fill(place: place, &source, &number)
            cells[place * width + recordKey.sourceColumn] = source
            cells[place * width + recordKey.recordNumberColumn] = number
        }
        var changes = TypeChanges(type: type.nodeType, columns: (0..<width).filter { isGiven[$0] })
        changes.cells.reserveCapacity(rows.count * changes.columns.count)
        for place in rows.indices {
            for column in changes.columns { changes.cells.append(cells[place * width + column]) }
        }
        place.list = "delete"
        place.field = nil
        for (place, key) in keys.enumerated() {
            self.place.row = place
            changes.deletedKeys.append(try self.key(key, of: type.nodeType))
        }
        return changes
    }

    /// A record without a key of its own is named by the changes that bring it and its place in them, so that they can be
    /// sent again.
    private func fill(place: Int, _ source: inout Cell, _ recordNumber: inout Cell) {
        guard let changeID else { return }
        let hasSource = source != .absent && source != .null
        if recordNumber == .absent || recordNumber == .null {
            recordNumber = .string(hasSource ? "\(changeID)-\(place + 1)" : String(place + 1))
        }
        if !hasSource { source = .string(changeID) }
    }

    // MARK: - Values

    private func cell(_ value: InputValue, _ kind: ColumnKind) throws(ArgumentProblem) -> Cell {
        switch (value, kind) {
        case (.null, _): return .null
        case (.list(let items), .enumerationList(let id)):
            return .enumerationList(
                items.compactMap { if case .enumeration(let name) = $0 { model.catalog[id].code(of: name) } else { nil } })
        case (.list(let items), .referenceList(let target)):
            var keys: [Key] = []
            for item in items { keys.append(try key(item, of: target)) }
            return .referenceList(keys)
        case (.double(let value), .float): return .float(value)
        case (.int(let value), .float): return .float(Double(value))
        default: break
        }
        switch try part(value, kind) {
        case .boolean(let value): return .boolean(value)
        case .int(let value): return .int(value)
        case .decimal(let value): return .decimal(value)
        case .date(let value): return .date(value)
        case .dateTime(let value): return .dateTime(value)
        case .enumeration(let value): return .enumeration(value)
        case .string(let value): return .string(value)
        case .reference(let value): return .reference(value)
        }
    }

    /// The key of a row that is named: by the value of its only part, or by an object of its parts.
    private func key(_ value: InputValue, of type: NodeTypeID) throws(ArgumentProblem) -> Key {
        let definition = model.catalog[type]
        guard case .object(let parts) = value else { return Key([try part(value, definition.columns[definition.key[0]].kind)]) }
        var key = Key([])
        for column in definition.key {
            let column = definition.columns[column]
            key.parts.append(try part(parts[column.name] ?? .null, column.kind))
        }
        return key
    }

    private func part(_ value: InputValue, _ kind: ColumnKind) throws(ArgumentProblem) -> KeyPart {
        switch (value, kind) {
        case (.boolean(let value), .boolean): return .boolean(value)
        case (.int(let value), .int): if let value = Int32(exactly: value) { return .int(value) }
        case (.number(let text), .decimal(let digits)): return .decimal(try unscaled(text, digits))
        case (.string(let text), .date): if let date = CivilDate(isoText: text) { return .date(date.days) }
        case (.string(let text), .dateTime): if let instant = Instant(isoText: text) { return .dateTime(instant.microseconds) }
        case (.enumeration(let name), .enumeration(let id)):
            if let code = model.catalog[id].code(of: name) { return .enumeration(code) }
        case (.string(let text), .string): return .string(text)
        case (.int(let number), .string): return .string(String(number))
        case (_, .reference(let target)): return .reference(try key(value, of: target))
        default: break
        }
        throw ArgumentProblem(.badUserInput, "The value of '\(path)' does not fit its field.", at: path)
    }

    private func unscaled(_ text: String, _ digits: Int) throws(ArgumentProblem) -> Int64 {
        guard let value = Decimal(text) else {
            throw ArgumentProblem(.badUserInput, "The value of '\(path)' is no decimal number that could be kept.", at: path)
        }
        guard value.fractionDigits <= digits else {
            throw ArgumentProblem(
                .badUserInput, "'\(path)' has \(value.fractionDigits) fraction digits; the field keeps \(digits).", at: path)
        }
        guard let scaled = value.rescaled(to: digits) else {
            throw ArgumentProblem(.badUserInput, "The value of '\(path)' is too large for its field.", at: path)
        }
        return scaled.unscaled
    }
}

extension NodeType {
    /// The column of that name, looked for from a place on and then before it.
    fileprivate func column(named name: String, from next: Int) -> Int? {
        for index in next..<max(next, columns.count) where columns[index].name == name { return index }
        return columns.indices.first { columns[$0].name == name }
    }
}
