import GraphQLTypes

/// A type of the API, to be written as SDL, with what it and its parts mean.
struct APIType {
    enum Kind { case object, interface, union, scalar, enumeration, input, oneOfInput }
    var kind: Kind
    var name: String
    var description: String
    var binding: TypeBinding
    var interfaces: [String] = []
    /// Of a union.
    var members: [String] = []
    var fields: [APIField] = []
    var inputFields: [APIInputField] = []
    var values: [APIEnumValue] = []

    init(_ kind: Kind, _ name: String, _ description: String, _ binding: TypeBinding) {
        self.kind = kind
        self.name = name
        self.description = description
        self.binding = binding
    }
}

struct APIEnumValue {
    var name: String
    var description: String?
    var deprecationReason: String?
}

struct APIField {
    var name: String
    var description: String?
    var arguments: [APIArgument] = []
    var type: String
    var deprecationReason: String?
    var binding: FieldBinding
}

struct APIArgument {
    var name: String
    var description: String?
    var type: String
    var defaultValue: String?
    var binding: ArgumentBinding
}

struct APIInputField {
    var name: String
    var description: String?
    var type: String
    var defaultValue: String?
    var deprecationReason: String?
    var binding: InputBinding
}

/// Writes type definitions as SDL.
struct SDLWriter {
    private(set) var text = ""

    mutating func write(_ type: APIType) {
        if !text.isEmpty { text += "\n" }
        write(description: type.description, indent: "")
        switch type.kind {
        case .scalar: text += "scalar \(type.name)\n"
        case .object, .interface:
            let implements = type.interfaces.isEmpty ? "" : " implements " + type.interfaces.joined(separator: " & ")
            text += "\(type.kind == .object ? "type" : "interface") \(type.name)\(implements) {\n"
            for field in type.fields { write(field) }
            text += "}\n"
        case .union: text += "union \(type.name) = \(type.members.joined(separator: " | "))\n"
        case .enumeration:
            text += "enum \(type.name) {\n"
            for value in type.values {
                write(description: value.description, indent: "  ")
                text += "  \(value.name)\(deprecated(value.deprecationReason))\n"
            }
            text += "}\n"
        case .input, .oneOfInput:
            text += "input \(type.name)\(type.kind == .oneOfInput ? " @oneOf" : "") {\n"
            for field in type.inputFields {
                write(description: field.description, indent: "  ")
                text += "  \(field.name): \(field.type)\(field.defaultValue.map { " = \($0)" } ?? "")"
                text += "\(deprecated(field.deprecationReason))\n"
            }
            text += "}\n"
        }
    }

    /// Definitions that are written by hand.
    mutating func write(definition: String) { text += (text.isEmpty ? "" : "\n") + definition + "\n" }

    private mutating func write(_ field: APIField) {
        write(description: field.description, indent: "  ")
        if field.arguments.allSatisfy({ $0.description == nil }) {
            let list = field.arguments.map(text(of:)).joined(separator: ", ")
            text += "  \(field.name)\(list.isEmpty ? "" : "(\(list))"): \(field.type)\(deprecated(field.deprecationReason))\n"
            return
        }
        text += "  \(field.name)(\n"
        for argument in field.arguments {
            write(description: argument.description, indent: "    ")
            text += "    \(self.text(of: argument))\n"
        }
        text += "  ): \(field.type)\(deprecated(field.deprecationReason))\n"
    }

    private func deprecated(_ reason: String?) -> String {
        reason.map { " @deprecated(reason: \(InputValue.string($0).literalText))" } ?? ""
    }

    private func text(of argument: APIArgument) -> String {
        "\(argument.name): \(argument.type)\(argument.defaultValue.map { " = \($0)" } ?? "")"
    }

    /// One line in quotes, or a block where there are several.
    private mutating func write(description: String?, indent: String) {
        guard let description, !description.isEmpty else { return }
        guard description.contains(where: \.isNewline) else {
            text += indent + InputValue.string(description).literalText + "\n"
            return
        }
        text += indent + "\"\"\"\n"
        for line in description.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            text += line.isEmpty ? "\n" : indent + line.replacing("\"\"\"", with: "\\\"\"\"") + "\n"
        }
        text += indent + "\"\"\"\n"
    }
}
