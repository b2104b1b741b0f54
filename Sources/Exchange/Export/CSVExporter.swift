import Model
import StoreColumns

/// Rows → a folder of CSV files in our own shape: one file a type, fields as headings, rows in the order of their keys. The same
/// rows always make the same bytes, and the import reads back what was written.
package struct CSVExporter: Sendable {
    private let model: Model
    private let marksKeys: Bool

    /// - Parameter marksKeys: Whether keys that look like a sum or a note are written so that the import takes them for keys; files that
    ///   are read as they are written (`CellProfile.exact`) need no marks.
    package init(model: Model, marksKeys: Bool = true) {
        self.model = model
        self.marksKeys = marksKeys
    }

    /// The files of a change set's rows, in the model's order. Types without rows make no file, nullable columns without any value no
    /// column.
    package func files(of changeSet: ChangeSet) -> [SourceFile] {
        changeSet.types.filter { $0.rowCount > 0 }.map { changes in
            SourceFile(name: "\(model[changes.type].name).csv", bytes: bytes(of: changes))
        }
    }

    /// The files of a version, and the list of their digests.
    package func files(of version: GraphVersion) -> [SourceFile] {
        // Type by type, so that only one at a time is held twice.
        let made = version.catalog.nodeTypes.indices.compactMap { index in
            files(of: ChangeSet(types: [TypeChanges(of: NodeTypeID(index), in: version)])).first
        }
        return made + [ChecksumList(of: made).file]
    }

    private func bytes(of changes: TypeChanges) -> [UInt8] {
        let definition = model.catalog[changes.type]
        let width = changes.columns.count
        let written = changes.columns.indices.filter { position in
            !definition.columns[changes.columns[position]].isNullable
                || (0..<changes.rowCount).contains { Self.holdsValue(changes.cells[$0 * width + position]) }
        }
        var writer = CSVWriter()
        for position in written { writer.cell(definition.columns[changes.columns[position]].name) }
        writer.endRow()
        let headings = written.map { Array(definition.columns[changes.columns[$0]].name.utf8) }
        let keys = written.indices.filter { definition.key.contains(changes.columns[written[$0]]) }
        for row in order(of: changes) {
            var texts: [[UInt8]?] = []
            for position in written {
                let column = definition.columns[changes.columns[position]]
                let cell = changes.cells[row * width + position]
                guard Self.holdsValue(cell), !Self.isEmptyList(cell, column) else {
                    texts.append(nil)
                    continue
                }
                var text: [UInt8] = []
                CellTextWriter.append(cell, column.kind, in: model.catalog, to: &text)
                texts.append(text)
            }
            // A key that looks like a sum or a note is one all the same.
            let isMarked = marksKeys && RowSieve.needsMark(texts, keys: keys, headings: headings)
            for (position, text) in texts.enumerated() {
                if let text { writer.cell(text.span, isMarked: isMarked && keys.contains(position)) } else { writer.emptyCell() }
            }
            writer.endRow()
        }
        return writer.finish()
    }

    private static func holdsValue(_ cell: Cell) -> Bool { cell != .null && cell != .absent }

    /// A list that is always there is empty where its cell is.
    private static func isEmptyList(_ cell: Cell, _ column: ColumnDefinition) -> Bool {
        !column.isNullable && (cell == .enumerationList([]) || cell == .referenceList([]))
    }

    /// Rows by the bytes of their key's text.
    private func order(of changes: TypeChanges) -> [Int] {
        let keys = (0..<changes.rowCount).map { row in
            var parts: [KeyPart] = []
            for column in model.catalog[changes.type].key {
                guard let position = changes.columns.firstIndex(of: column),
                    let part = KeyPart(changes.cells[row * changes.columns.count + position])
                else { continue }
                parts.append(part)
            }
            var text: [UInt8] = []
            KeyText.append(Key(parts), of: changes.type, in: model.catalog, to: &text)
            return text
        }
        return keys.indices.sorted { left, right in
            keys[left] == keys[right] ? left < right : keys[left].lexicographicallyPrecedes(keys[right])
        }
    }
}
