import Model
import QueryPlanning
import StoreColumns

extension Model {
    /// The row that a global id of the API names; nil for a text that is none, or an id of another model's type.
    package func row(named globalID: String) -> (type: NodeTypeID, key: Key)? {
        GlobalID(globalID, in: catalog).map { ($0.type, $0.key) }
    }
}
