import Expressions
import StoreColumns

extension Model {
    /// What a row holds in a column as one text, as far as the role sees it that the model is for.
    ///
    /// - Returns: nil for no value, and for a field of which nothing is shown.
    package func shownText(
        of field: ModelField, _ column: Int, at row: RowNumber, of type: NodeTypeID, in version: GraphVersion
    ) -> String? {
        switch field.view {
        case .full: return ValueText.text(ofColumn: column, at: row, of: type, in: version)
        case .aggregate, .none: return nil
        case .masked: break
        }
        guard let mask = FieldMask(field, in: self) else { return nil }
        func text(_ scalar: Scalar?) -> String? { scalar.flatMap { mask.text($0, on: version.publishedDay) } }
        let row = Int(row)
        switch version[type].column(column) {
        case .string(let column): return text(column.text(at: row).map(Scalar.string))
        case .date(let column): return text(column[row].flatMap { CivilDate(days: $0) }.map(Scalar.date))
        case .dateTime(let column): return text(column[row].map { .dateTime(Instant(microseconds: $0)) })
        case .int(let column): return text(column[row].map { .int(Int64($0)) })
        case .decimal(let column, let digits):
            return text(column[row].map { .decimal(Decimal(unscaled: $0, fractionDigits: digits)) })
        case .enumeration(let column): return text(column[row].map(Scalar.enumeration))
        case .enumerationList(let column):
            guard !column.isNull(at: row) else { return nil }
            let list = column.list(at: row)
            var codes: [UInt16] = []
            for index in list.indices { codes.append(list[index]) }
            return mask.texts(codes).joined(separator: ";")
        case .boolean, .float, .reference, .referenceList: return nil
        }
    }
}
