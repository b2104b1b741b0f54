import Expressions
import GraphQLTypes

extension EvaluationError {
    /// Where in a `where` argument stands what is at fault: a pattern, of its own or in an expression.
    func argumentPath(in filter: InputValue?) -> String? {
        guard let pattern = ofPattern?.text, let filter else { return nil }
        return filter.path(ofPattern: pattern, "where")
    }
}

extension InputValue {
    private static let patternOperators = [".regex", ".like", ".contains", ".startsWith", ".endsWith"]

    fileprivate func path(ofPattern pattern: String, _ path: String) -> String? {
        switch self {
        case .string(pattern) where Self.patternOperators.contains(where: { path.hasSuffix($0) }): return path
        case .string(let text) where path.hasSuffix(".cel") && text.contains(pattern): return path
        case .list(let items):
            for (index, item) in items.enumerated() {
                if let found = item.path(ofPattern: pattern, path + "[\(index)]") { return found }
            }
        case .object(let object):
            for entry in object.entries {
                if let found = entry.value.path(ofPattern: pattern, path + "." + entry.name) { return found }
            }
        default: break
        }
        return nil
    }
}
