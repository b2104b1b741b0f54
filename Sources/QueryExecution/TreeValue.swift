import GraphQLTypes
import QueryPlanning

/// A value that is not read from columns: introspection, and the trees that conformance suites bring.
///
/// Small, so that handing one on costs one count of a reference: what is larger stands in a box.
package enum TreeValue: Sendable {
    case null
    case boolean(Bool)
    /// The text of a number, as JSON writes it.
    case number(String)
    case string(String)
    case list([TreeValue])
    case object(TreeObject)
    /// The position fails with this message; the members of its `extensions` are JSON.
    indirect case failure(message: String, extensions: [(name: String, json: [UInt8])])
}

/// An object of a tree.
package enum TreeObject: Sendable {
    /// A node of the schema's description of itself.
    case introspection(IntrospectionNode)
    /// An object of a `TreeSource`: its members by name.
    case members([String: TreeValue])
    /// An object that finds its members when they are asked for.
    indirect case lazy(any LazyTreeObject)
}

/// An object whose members cost something, or take arguments.
package protocol LazyTreeObject: Sendable {
    /// The value of a field. Pure.
    func value(of field: String, arguments: InputObject) throws(ArgumentProblem) -> TreeValue
}

/// A tree of values under a schema, in place of a graph.
package final class TreeSource: Sendable {
    /// The object that the root fields are read from.
    package let root: TreeObject
    /// The value of a field: of its parent object, the node of the plan, the coerced arguments.
    package let resolve: @Sendable (_ parent: [String: TreeValue], _ node: PlanNode, _ arguments: InputObject) -> TreeValue
    /// The name of an object's type, where the field's type is an interface or union.
    package let typeName: @Sendable (_ object: [String: TreeValue]) -> String?

    package init(
        root: TreeObject,
        resolve: @escaping @Sendable (_ parent: [String: TreeValue], _ node: PlanNode, _ arguments: InputObject) -> TreeValue,
        typeName: @escaping @Sendable (_ object: [String: TreeValue]) -> String?
    ) {
        self.root = root
        self.resolve = resolve
        self.typeName = typeName
    }
}
