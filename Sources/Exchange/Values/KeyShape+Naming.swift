import Model
import StoreColumns

extension Model {
    /// The key that a text names, as files write references: its values joined by `|`.
    /// - Returns: nil where the text is no key of the type.
    package func key(_ text: String, of type: NodeTypeID) -> Key? {
        try? KeyShape(of: type, in: catalog).key(Array(text.utf8).span, self)
    }
}
