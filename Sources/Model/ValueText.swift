import Expressions
import StoreColumns

/// A value as one text for people: enum values by name, rows by key, exact numbers, ISO dates; lists parted by `;`.
package enum ValueText {
    /// Of what an expression says.
    ///
    /// - Returns: nil for null, and for a row of no known type.
    package static func text(_ value: Scalar, _ type: ExpressionType, in version: GraphVersion) -> String? {
        switch (value, type) {
        case (.null, _): nil
        case (.boolean(let flag), _): flag ? "true" : "false"
        case (.int(let number), _): String(number)
        case (.decimal(let number), _): number.description
        case (.ratio(let ratio), .ratio(let digits)): ratio.text(fractionDigits: digits)
        case (.ratio(let ratio), .decimal(let digits)): ratio.text(fractionDigits: digits)
        case (.ratio(let ratio), _): ratio.text(fractionDigits: ExpressionType.ratioDigits)
        case (.float(let number), _): String(number)
        case (.date(let date), _): date.description
        case (.dateTime(let instant), _): instant.description
        case (.string(let text), _): text
        case (.enumeration(let code), .enumeration(let id)), (.enumeration(let code), .enumerationList(let id)):
            name(code, of: id, in: version.catalog)
        case (.enumeration(let code), _): String(code)
        case (.row(let row), .row(let target)): KeyText.text(version.key(of: row, type: target), of: target, in: version.catalog)
        case (.row, _): nil
        }
    }

    /// The name of an enum's value; its code, where the enum has no such value.
    package static func name(_ code: UInt16, of id: EnumerationID, in catalog: Catalog) -> String {
        let values = catalog[id].values
        return values.indices.contains(Int(code)) ? values[Int(code)] : String(code)
    }

    /// Of what a row holds in a column.
    ///
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
