import StoreColumns

/// A stored value as one text for people: enum values by name, rows by key, exact numbers, ISO dates; lists parted by `;`.
package enum ValueText {
    /// - Returns: nil for no value.
    package static func text(ofColumn index: Int, at row: RowNumber, of type: NodeTypeID, in version: GraphVersion) -> String? {
        let row = Int(row)
        let catalog = version.catalog
        let kind = catalog[type].columns[index].kind
        switch (version[type].column(index), kind) {
        case (.boolean(let column), _): return column[row].map { $0 ? "true" : "false" }
        case (.int(let column), _): return column[row].map { String($0) }
        case (.decimal(let column, let digits), _):
            return column[row].map { Decimal(unscaled: $0, fractionDigits: digits).description }
        case (.float(let column), _): return column[row].map { String($0) }
        case (.date(let column), _): return column[row].flatMap { CivilDate(days: $0)?.description }
        case (.dateTime(let column), _): return column[row].map { Instant(microseconds: $0).description }
        case (.enumeration(let column), .enumeration(let id)): return column[row].map { catalog[id].values[Int($0)] }
        case (.string(let column), _): return column.text(at: row)
        case (.reference(let column), .reference(let target)):
            return column[row].map { KeyText.text(version.key(of: $0, type: target), of: target, in: catalog) }
        case (.enumerationList(let column), .enumerationList(let id)):
            guard !column.isNull(at: row) else { return nil }
            let list = column.list(at: row)
            return list.indices.map { catalog[id].values[Int(list[$0])] }.joined(separator: ";")
        case (.referenceList(let column), .referenceList(let target)):
            guard !column.isNull(at: row) else { return nil }
            let list = column.list(at: row)
            return list.indices.map { KeyText.text(version.key(of: list[$0], type: target), of: target, in: catalog) }
                .joined(separator: ";")
        default: return nil
        }
    }
}
