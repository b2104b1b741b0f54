import GraphQLSyntax

/// A type that says it implements an interface does. GraphQL §3.6, IsValidImplementation
enum ImplementedInterfaces: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        for index in schema.types.indices where !schema.types[index].isBuiltIn && !schema.types[index].interfaces.isEmpty {
            guard !diagnostics.isFull else { return }
            checkType(TypeID(index), schema, system, into: &diagnostics)
        }
    }

    private static func checkType(
        _ id: TypeID, _ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList
    ) {
        let type = schema[id]
        var sites: [TypeID: [Site]] = [:]
        for (interface, name) in zip(type.interfaces, system.types[id.index].interfaces) {
            sites[interface, default: []].append(name.site(name.node.range))
        }
        let implemented = Set(type.interfaces)
        for interface in type.interfaces {
            guard let places = sites.removeValue(forKey: interface) else { continue }
            let name = schema[interface].name
            guard schema[interface].kind == .interface else {
                diagnostics.report(
                    "A type implements interfaces; '\(name)' is \(schema[interface].kind.phrase).", at: places[0])
                continue
            }
            guard interface != id else {
                diagnostics.report("The interface '\(name)' cannot implement itself.", at: places[0])
                continue
            }
            if places.count > 1 {
                diagnostics.report("'\(type.name)' names the interface '\(name)' more than once.", at: places)
            }
            checkAncestors(of: interface, in: id, implemented, at: places[0], schema, system, into: &diagnostics)
            checkFields(of: interface, in: id, schema, system, into: &diagnostics)
        }
    }

    /// A type also names what its interfaces implement.
    private static func checkAncestors(
        of interface: TypeID, in id: TypeID, _ implemented: Set<TypeID>, at site: Site, _ schema: Schema, _ system: TypeSystem,
        into diagnostics: inout DiagnosticList
    ) {
        let (type, name) = (schema[id].name, schema[interface].name)
        for (ancestor, node) in zip(schema[interface].interfaces, system.types[interface.index].interfaces) {
            guard !implemented.contains(ancestor), ancestor != interface else { continue }
            let places = [node.site(node.node.range), site]
            if ancestor == id {
                diagnostics.report("'\(type)' cannot implement '\(name)', which implements '\(type)'.", at: places)
            } else {
                diagnostics.report(
                    "'\(type)' must implement '\(schema[ancestor].name)' too, because '\(name)' does.", at: places)
            }
        }
    }

    private static func checkFields(
        of interface: TypeID, in id: TypeID, _ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList
    ) {
        let (type, origin) = (schema[id], system.types[id.index])
        for (index, expected) in schema[interface].fields.enumerated() {
            let expectedNode = system.types[interface.index].fields[index]
            let expectedName = schema[interface].name + "." + expected.name
            guard let position = type.fieldIndex(named: expected.name) else {
                diagnostics.report(
                    "'\(type.name)' needs the field '\(expectedName)' of its interface.",
                    at: [expectedNode.site(expectedNode.node.range)] + origin.sites)
                continue
            }
            let (field, node) = (type.fields[position], origin.fields[position])
            if !schema.isSubtype(field.type, of: expected.type) {
                diagnostics.report(
                    "'\(type.name).\(field.name)' is '\(field.type.text(in: schema))', but '\(expectedName)' is "
                        + "'\(expected.type.text(in: schema))'.",
                    at: system.site(of: expectedNode.node.type, in: expectedNode.document),
                    system.site(of: node.node.type, in: node.document))
            }
            if field.deprecationReason != nil, expected.deprecationReason == nil {
                diagnostics.report(
                    "'\(type.name).\(field.name)' cannot be deprecated while '\(expectedName)' is not.",
                    at: system.site(ofDirective: "deprecated", in: node.node.directives, document: node.document)
                        ?? node.site(node.node.range))
            }
            let pair = FieldPair(
                expected: expected, expectedNode: expectedNode, expectedName: expectedName, field: field, node: node,
                name: type.name + "." + field.name)
            checkArguments(pair, schema, system, into: &diagnostics)
        }
    }

    /// A field of an interface and the field that implements it.
    private struct FieldPair {
        var expected: FieldDefinition
        var expectedNode: Placed<FieldDefinitionNode>
        var expectedName: String
        var field: FieldDefinition
        var node: Placed<FieldDefinitionNode>
        var name: String
    }

    private static func checkArguments(
        _ pair: FieldPair, _ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList
    ) {
        for (argument, expectedNode) in zip(pair.expected.arguments, pair.expectedNode.node.arguments) {
            guard let position = pair.field.argumentIndex(named: argument.name) else {
                diagnostics.report(
                    "'\(pair.name)' needs the argument '\(argument.name)' of '\(pair.expectedName)'.",
                    at: pair.expectedNode.site(expectedNode.range), pair.node.site(pair.node.node.range))
                continue
            }
            let given = pair.field.arguments[position]
            guard given.type != argument.type else { continue }
            diagnostics.report(
                "'\(pair.name)(\(argument.name):)' is '\(given.type.text(in: schema))', but '\(pair.expectedName)(\(argument.name):)' is "
                    + "'\(argument.type.text(in: schema))'.",
                at: system.site(of: expectedNode.type, in: pair.expectedNode.document),
                system.site(of: pair.node.node.arguments[position].type, in: pair.node.document))
        }
        for (argument, node) in zip(pair.field.arguments, pair.node.node.arguments) where argument.isRequired {
            guard pair.expected.argumentIndex(named: argument.name) == nil else { continue }
            diagnostics.report(
                "'\(pair.name)(\(argument.name):)' cannot be required, as '\(pair.expectedName)' does not have it.",
                at: pair.node.site(node.range), pair.expectedNode.site(pair.expectedNode.node.range))
        }
    }
}
