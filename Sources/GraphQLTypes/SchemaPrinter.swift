import GraphQLSyntax

/// Which directives a printed schema shows where they are applied.
package enum PrintedDirectives: Sendable {
    /// `@deprecated`, `@specifiedBy` and `@oneOf`: what introspection tells too.
    case specification
    /// All of them, with their arguments as they were written.
    case all
}

/// The schema as a document that builds the same schema again: definitions in their order, descriptions as block
/// strings where they can be, two spaces of indentation. Built-in definitions are left out.
package func printSchema(_ schema: Schema, directives: PrintedDirectives = .specification) -> String {
    var printer = SchemaPrinter(schema: schema, directives: directives)
    printer.printSchema()
    return printer.text
}

/// One named type as `printSchema` prints it, without a line break at the end.
package func printType(_ id: TypeID, of schema: Schema, directives: PrintedDirectives = .specification) -> String {
    var printer = SchemaPrinter(schema: schema, directives: directives)
    printer.printType(schema[id])
    return printer.text
}

private struct SchemaPrinter {
    let schema: Schema
    let directives: PrintedDirectives
    var text = ""

    mutating func printSchema() {
        if needsDefinition {
            printDescription(schema.description)
            text += "schema" + applied(schema.appliedDirectives, specified: "") + " {\n"
            for kind in OperationKind.allCases {
                if let root = schema.rootType(of: kind) { text += "  \(kind.rawValue): \(schema[root].name)\n" }
            }
            text += "}\n"
        }
        for directive in schema.directives where !directive.isBuiltIn {
            separate()
            printDirective(directive)
            text += "\n"
        }
        for type in schema.types where !type.isBuiltIn {
            separate()
            printType(type)
            text += "\n"
        }
    }

    /// False where the root types follow from their names. GraphQL §3.3.1
    private var needsDefinition: Bool {
        let hasDefaultNames = OperationKind.allCases.allSatisfy { kind in
            let name = kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst()
            return schema.rootType(of: kind) == schema.type(named: name)
        }
        return !hasDefaultNames || schema.description != nil || (directives == .all && !schema.appliedDirectives.isEmpty)
    }

    private mutating func separate() {
        if !text.isEmpty { text += "\n" }
    }

    // MARK: - Definitions

    private mutating func printDirective(_ directive: DirectiveType) {
        printDescription(directive.description)
        text += "directive @" + directive.name
        printArguments(directive.arguments, indentation: "")
        text += applied(directive.appliedDirectives, specified: deprecated(directive.deprecationReason))
        text += (directive.isRepeatable ? " repeatable" : "") + " on " + directive.locations.joined(separator: " | ")
    }

    mutating func printType(_ type: NamedType) {
        printDescription(type.description)
        switch type.kind {
        case .scalar:
            let specified = type.specifiedByURL.map { " @specifiedBy(url: \(InputValue.string($0).literalText))" } ?? ""
            text += "scalar \(type.name)" + applied(type.appliedDirectives, specified: specified)
        case .object, .interface:
            text += (type.kind == .object ? "type " : "interface ") + type.name
            if !type.interfaces.isEmpty {
                text += " implements " + type.interfaces.map { schema[$0].name }.joined(separator: " & ")
            }
            text += applied(type.appliedDirectives, specified: "")
            printBlock(type.fields) { printer, field, isFirst in
                printer.printDescription(field.description, indentation: "  ", isFirst: isFirst)
                printer.text += "  " + field.name
                printer.printArguments(field.arguments, indentation: "  ")
                printer.text += ": " + field.type.text(in: printer.schema)
                printer.text += printer.applied(
                    field.appliedDirectives, specified: printer.deprecated(field.deprecationReason))
            }
        case .union:
            text += "union \(type.name)" + applied(type.appliedDirectives, specified: "")
            text += " = " + type.possibleTypes.map { schema[$0].name }.joined(separator: " | ")
        case .enumeration:
            text += "enum \(type.name)" + applied(type.appliedDirectives, specified: "")
            printBlock(type.enumValues) { printer, value, isFirst in
                printer.printDescription(value.description, indentation: "  ", isFirst: isFirst)
                printer.text += "  " + value.name
                printer.text += printer.applied(
                    value.appliedDirectives, specified: printer.deprecated(value.deprecationReason))
            }
        case .inputObject:
            text += "input \(type.name)" + applied(type.appliedDirectives, specified: type.isOneOf ? " @oneOf" : "")
            printBlock(type.inputFields) { printer, field, isFirst in
                printer.printDescription(field.description, indentation: "  ", isFirst: isFirst)
                printer.text += "  "
                printer.printInput(field)
            }
        }
    }

    // MARK: - Parts

    private mutating func printBlock<Member>(
        _ members: [Member], _ printMember: (inout SchemaPrinter, Member, _ isFirst: Bool) -> Void
    ) {
        guard !members.isEmpty else { return }
        text += " {\n"
        for (index, member) in members.enumerated() {
            printMember(&self, member, index == 0)
            text += "\n"
        }
        text += "}"
    }

    /// On one line, unless one of them has a description.
    private mutating func printArguments(_ arguments: [InputValueType], indentation: String) {
        guard !arguments.isEmpty else { return }
        let isOneLine = arguments.allSatisfy { $0.description == nil }
        text += isOneLine ? "(" : "(\n"
        for (index, argument) in arguments.enumerated() {
            if isOneLine {
                if index > 0 { text += ", " }
                printInput(argument)
            } else {
                printDescription(argument.description, indentation: indentation + "  ", isFirst: index == 0)
                text += indentation + "  "
                printInput(argument)
                text += "\n"
            }
        }
        text += isOneLine ? ")" : indentation + ")"
    }

    private mutating func printInput(_ input: InputValueType) {
        text += input.name + ": " + input.type.text(in: schema)
        if let literal = input.defaultLiteral { text += " = " + literal.literalText }
        text += applied(input.appliedDirectives, specified: deprecated(input.deprecationReason))
    }

    /// The applied directives with a space before each: those given, or all of them.
    private func applied(_ all: [AppliedDirective], specified: String) -> String {
        guard directives == .all else { return specified }
        return all.reduce(into: "") { text, directive in
            text += " @" + directive.name
            guard !directive.arguments.isEmpty else { return }
            text += "(" + directive.arguments.map { $0.name + ": " + $0.value.literalText }.joined(separator: ", ") + ")"
        }
    }

    private func deprecated(_ reason: String?) -> String {
        guard let reason else { return "" }
        if reason == BuiltInDefinitions.defaultDeprecationReason { return " @deprecated" }
        return " @deprecated(reason: \(InputValue.string(reason).literalText))"
    }

    /// A description on lines of its own; members of a block but the first have a blank line before it.
    private mutating func printDescription(_ description: String?, indentation: String = "", isFirst: Bool = true) {
        guard let description else { return }
        if !isFirst { text += "\n" }
        let literal =
            Self.isPrintableAsBlock(description)
            ? BlockString.literal(for: description) : InputValue.string(description).literalText
        for line in literal.split(separator: "\n", omittingEmptySubsequences: false) {
            text += indentation + line + "\n"
        }
    }

    /// True where a block string can say exactly this: no control characters, no blank line at either end, and no
    /// indentation that all lines share. GraphQL §2.10.4
    private static func isPrintableAsBlock(_ value: String) -> Bool {
        guard !value.isEmpty else { return true }
        guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\t" || $0 == "\n" }) else { return false }
        let lines = value.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return BlockString.dedented(lines.count == 1 ? lines : [""] + lines) == lines
    }
}
