import Bytes
import QueryPlanning
import StoreColumns

extension GraphRun {
    /// The business key of a row as bytes, read straight from its columns.
    func appendKey(of row: RowNumber, _ type: NodeTypeID, to bytes: inout [UInt8]) {
        let table = version[type]
        for column in catalog[type].key {
            let row = Int(row)
            switch table.column(column) {
            case .string(let column):
                guard let code = column.codes[row] else { continue }
                let text = column.dictionary.bytes(of: code)
                KeyBytes.append(text, to: &bytes)
            case .int(let column), .date(let column): KeyBytes.append(Int64(column[row] ?? 0), to: &bytes)
            case .decimal(let column, _), .dateTime(let column): KeyBytes.append(column[row] ?? 0, to: &bytes)
            case .boolean(let column): bytes.append(column[row] == true ? 1 : 0)
            case .enumeration(let values):
                guard case .enumeration(let id) = catalog[type].columns[column].kind, let code = values[row] else { continue }
                KeyBytes.append(Array(catalog[id].values[Int(code)].utf8), to: &bytes)
            case .reference(let references):
                guard case .reference(let target) = catalog[type].columns[column].kind, let other = references[row] else {
                    continue
                }
                appendKey(of: other, target, to: &bytes)
            case .float, .enumerationList, .referenceList: preconditionFailure("No key has a column of this kind.")
            }
        }
    }

    func key(of row: RowNumber, _ type: NodeTypeID) -> [UInt8] {
        var bytes: [UInt8] = []
        appendKey(of: row, type, to: &bytes)
        return bytes
    }

    /// The global id of a row: base64url, ready to be written between quotes.
    func globalID(of row: RowNumber, _ type: NodeTypeID) -> [UInt8] {
        var bytes = KeyBytes.prefix(of: type, in: catalog)
        appendKey(of: row, type, to: &bytes)
        return Base64.url.encode(bytes)
    }
}
