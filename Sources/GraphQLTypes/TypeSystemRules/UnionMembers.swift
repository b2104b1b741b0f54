import GraphQLSyntax

/// The members of a union are object types, each named once. GraphQL §3.8
enum UnionMembers: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        for (type, origin) in zip(schema.types, system.types) where type.kind == .union {
            var sites: [TypeID: [Site]] = [:]
            for (member, name) in zip(type.possibleTypes, origin.members) {
                sites[member, default: []].append(name.site(name.node.range))
            }
            for member in type.possibleTypes {
                guard let places = sites.removeValue(forKey: member) else { continue }
                if places.count > 1 {
                    diagnostics.report("The union '\(type.name)' names '\(schema[member].name)' more than once.", at: places)
                }
                guard schema[member].kind != .object else { continue }
                diagnostics.report(
                    "A union holds object types; '\(schema[member].name)' is \(schema[member].kind.phrase).", at: places[0])
            }
        }
    }
}
