import GraphQLSyntax

/// Objects, interfaces and input objects have fields, unions members, enums values. GraphQL §3.6 to §3.10
enum TypesHaveMembers: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        for (type, origin) in zip(schema.types, system.types) where !type.isBuiltIn {
            let missing: String? =
                switch type.kind {
                case .scalar: nil
                case .object, .interface: origin.fields.isEmpty ? "field" : nil
                case .inputObject: origin.inputFields.isEmpty ? "field" : nil
                case .union: origin.members.isEmpty ? "member type" : nil
                case .enumeration: origin.values.isEmpty ? "value" : nil
                }
            guard let missing else { continue }
            diagnostics.report(
                "The type '\(type.name)' is \(type.kind.phrase) and needs at least one \(missing).", at: origin.sites)
        }
    }
}
