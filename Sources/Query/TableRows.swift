import JSONText

/// A cell of an answer that is read as a table.
package enum TableCell: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// As it was written, so that nothing is lost.
    case number(String)
    case text(String)
    case list([TableCell])
}

extension TableShape {
    /// Calls with every row of an answer of this shape, its cells in the order of the columns.
    ///
    /// - Parameter body: A whole response.
    /// - Throws: What `body` throws; an answer of ours is always JSON.
    package func forEachRow<Failure: Error>(
        of body: [UInt8], _ visit: ([TableCell]) throws(Failure) -> Void
    ) throws(Failure) {
        var tree = KeyTree()
        for (index, column) in columns.enumerated() { tree.add(column.keys[...], column: index) }
        var reader = TokenReader(body)
        guard reader.enter(["data"] + path) else { return }
        while let isRow = reader.nextElement() {
            var cells = [TableCell](repeating: .null, count: columns.count)
            if isRow { reader.read(tree, into: &cells) }
            try visit(cells)
        }
    }
}

/// Which keys of an object lead to which columns.
private struct KeyTree {
    var children: [String: KeyTree] = [:]
    var column: Int?

    mutating func add(_ keys: ArraySlice<String>, column: Int) {
        guard let first = keys.first else {
            self.column = column
            return
        }
        children[first, default: KeyTree()].add(keys.dropFirst(), column: column)
    }
}

/// Reads what we have written ourselves: what is wrong with it ends the reading.
private struct TokenReader {
    private var reader: JSONReader

    init(_ bytes: [UInt8]) { reader = JSONReader(bytes, limits: JSONReader.Limits(depth: 64, members: .max)) }

    private mutating func next() -> JSONToken? {
        do throws(JSONError) { return try reader.next() } catch { return nil }
    }

    /// Goes to the list behind some keys; false where a null stands on the way.
    mutating func enter(_ keys: [String]) -> Bool {
        for key in keys {
            guard next() == .beginObject else { return false }
            while true {
                guard case .key(let found)? = next() else { return false }
                if found == key { break }
                skip()
            }
        }
        return next() == .beginArray
    }

    /// Whether the next element is an object, which is then entered, or something else; nil at the end.
    mutating func nextElement() -> Bool? {
        switch next() {
        case .beginObject: true
        case .endArray, nil: nil
        default: false
        }
    }

    /// The rest of an object that was entered.
    mutating func read(_ tree: KeyTree, into cells: inout [TableCell]) {
        while case .key(let key)? = next() {
            guard let child = tree.children[key] else {
                skip()
                continue
            }
            if let column = child.column {
                cells[column] = value(next())
            } else if next() == .beginObject {
                read(child, into: &cells)
            }
        }
    }

    private mutating func value(_ token: JSONToken?) -> TableCell {
        switch token {
        case .boolean(let value): return .boolean(value)
        case .number(let text): return .number(text)
        case .string(let text): return .text(text)
        case .beginArray:
            var cells: [TableCell] = []
            while let token = next(), token != .endArray { cells.append(value(token)) }
            return .list(cells)
        default: return .null
        }
    }

    private mutating func skip() {
        do throws(JSONError) { try reader.skipValue() } catch {}
    }
}
