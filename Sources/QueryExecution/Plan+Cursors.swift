import GraphQLTypes
import QueryPlanning

extension Plan {
    /// The version on which the first cursor among the arguments was made. `api.md` §1: the next page is answered from it.
    ///
    /// - Parameter variables: Coerced.
    /// - Returns: nil where no cursor is given, or only such as were not made with this seal.
    package func versionOfCursors(_ variables: [String: InputValue], _ seal: CursorSeal) -> UInt64? {
        for template in cursors {
            let value: InputValue? =
                switch template {
                case .constant(let value): value
                case .variable(let position): variables[position.name]
                case .list, .object, .scalar: nil
                }
            if case .string(let text)? = value, let cursor = Cursor(text, seal) { return cursor.version }
        }
        return nil
    }
}
