/// A name of one document, interned: equal ids are equal names.
package struct NameID: Hashable, Sendable {
    package var rawValue: UInt32
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
    package var index: Int { Int(rawValue) }
}

/// The distinct names of a document, in order of first appearance.
package struct NameTable: Sendable {
    private var texts: [String] = []
    private var ids: [String: NameID] = [:]

    package init() {}

    /// How many distinct names there are; ids run from 0.
    package var count: Int { texts.count }

    package subscript(id: NameID) -> String { texts[id.index] }

    /// The id of a name the document contains, else nil.
    package func id(of text: String) -> NameID? { ids[text] }

    /// The id of a name, new or known.
    package mutating func intern(_ text: String) -> NameID {
        if let known = ids[text] { return known }
        let id = NameID(UInt32(texts.count))
        texts.append(text)
        ids[text] = id
        return id
    }
}
