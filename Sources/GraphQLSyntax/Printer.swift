/// Writes a document as text again, in the one form that everybody's tools write: two spaces a level, 80 columns where
/// arguments, lists and objects can be broken.
///
/// Parsing what was printed and printing that gives the same text. Recursion goes as deep as the document, which the
/// parser has bounded.
package struct Printer {
    let document: Document
    /// Arguments, lists and objects that are longer stand one a line.
    let lineWidth = 80

    package init(_ document: Document) { self.document = document }

    /// The whole document, without a line break at the end.
    package func text() -> String { document.definitions.map(text).joined(separator: "\n\n") }

    package func text(of definition: Definition) -> String {
        switch definition {
        case .operation(let operation): text(of: operation)
        case .fragment(let fragment): text(of: fragment)
        case .schema(let schema): described(schema.description, text(of: schema))
        case .schemaExtension(let schema): "extend " + text(of: schema)
        case .type(let type): described(type.description, text(of: type))
        case .typeExtension(let type): "extend " + text(of: type)
        case .directive(let directive): described(directive.description, text(of: directive))
        case .directiveExtension(let directive):
            joined("extend directive @" + document[directive.name.id], text(of: directive.directives))
        }
    }

    // MARK: Executable definitions

    private func text(of operation: OperationDefinition) -> String {
        let variables = document[operation.variables].map(text)
        let head = joined(
            operation.kind.rawValue,
            (operation.name.map { document[$0.id] } ?? "")
                + (variables.contains { $0.contains("\n") }
                    ? "(\n" + variables.joined(separator: "\n") + "\n)" : enclosed("(", variables.joined(separator: ", "), ")")),
            text(of: operation.directives))
        let prefix = described(operation.description, head)
        return prefix == "query" ? text(of: operation.selectionSet) : prefix + " " + text(of: operation.selectionSet)
    }

    private func text(of variable: VariableDefinition) -> String {
        described(
            variable.description,
            joined(
                "$" + document[variable.name.id] + ": " + text(of: variable.type),
                variable.defaultValue.map { "= " + text(of: $0) } ?? "", text(of: variable.directives)))
    }

    private func text(of fragment: FragmentDefinition) -> String {
        described(
            fragment.description,
            joined(
                "fragment " + document[fragment.name.id] + " on " + document[fragment.typeCondition.id],
                text(of: fragment.directives), text(of: fragment.selectionSet)))
    }

    private func text(of set: SelectionSet) -> String {
        set.selections.isEmpty ? "{}" : block(document[set.selections].map(text))
    }

    private func text(of selection: Selection) -> String {
        switch selection {
        case .field(let field):
            let name = (field.alias.map { document[$0.id] + ": " } ?? "") + document[field.name.id]
            let arguments = document[field.arguments].map(text)
            var line = name + enclosed("(", arguments.joined(separator: ", "), ")")
            if !arguments.isEmpty, isTooWide(line) { line = name + "(\n" + indented(arguments.joined(separator: "\n")) + "\n)" }
            return joined(line, text(of: field.directives), field.selectionSet.map { text(of: $0) } ?? "")
        case .fragmentSpread(let spread):
            return joined("..." + document[spread.name.id], text(of: spread.directives))
        case .inlineFragment(let fragment):
            return joined(
                "...", fragment.typeCondition.map { "on " + document[$0.id] } ?? "", text(of: fragment.directives),
                text(of: fragment.selectionSet))
        }
    }

    private func text(of argument: Argument) -> String { document[argument.name.id] + ": " + text(of: argument.value) }

    func text(of directives: Run<Directive>) -> String {
        document[directives].map { directive in
            "@" + document[directive.name.id]
                + enclosed("(", document[directive.arguments].map(text).joined(separator: ", "), ")")
        }.joined(separator: " ")
    }

    // MARK: Values and types

    package func text(of position: Position<Value>) -> String { text(of: document[position]) }

    package func text(of value: Value) -> String {
        switch value.kind {
        case .variable(let name): return "$" + document[name]
        case .int, .float: return document.source.text(value.range)
        case .string(let string): return text(of: string)
        case .boolean(let value): return value ? "true" : "false"
        case .null: return "null"
        case .enumeration(let name): return document[name]
        case .list(let items):
            let items = document[items].map(text)
            let line = "[" + items.joined(separator: ", ") + "]"
            return isTooWide(line) ? "[\n" + indented(items.joined(separator: "\n")) + "\n]" : line
        case .object(let fields):
            let fields = document[fields].map { document[$0.name.id] + ": " + text(of: $0.value) }
            let line = "{ " + fields.joined(separator: ", ") + " }"
            return isTooWide(line) ? block(fields) : line
        }
    }

    func text(of string: StringValue) -> String {
        let value = document.text(of: string)
        return string.isBlock ? BlockString.literal(for: value) : Self.literal(for: value)
    }

    package func text(of type: Position<TypeNode>) -> String {
        switch document[type].kind {
        case .named(let name): document[name.id]
        case .list(let item): "[" + text(of: item) + "]"
        case .nonNull(let type): text(of: type) + "!"
        }
    }

    /// A string in quotes, with what cannot stand between them escaped.
    package static func literal(for value: String) -> String {
        var literal: [UInt8] = [0x22]
        literal.reserveCapacity(value.utf8.count + 2)
        var previous: UInt8 = 0
        for byte in value.utf8 {
            switch byte {
            case 0x22, 0x5C: literal += [0x5C, byte]
            case 0x08: literal += [0x5C, UInt8(ascii: "b")]
            case 0x09: literal += [0x5C, UInt8(ascii: "t")]
            case 0x0A: literal += [0x5C, UInt8(ascii: "n")]
            case 0x0C: literal += [0x5C, UInt8(ascii: "f")]
            case 0x0D: literal += [0x5C, UInt8(ascii: "r")]
            case 0..<0x20, 0x7F: literal += escape(byte)
            case 0x80..<0xA0 where previous == 0xC2:
                // U+0080 to U+009F: its first byte was taken for one of a letter.
                literal.removeLast()
                literal += escape(byte)
            default: literal.append(byte)
            }
            previous = byte
        }
        literal.append(0x22)
        return String(decoding: literal, as: UTF8.self)
    }

    /// `\u00XX`
    private static func escape(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    // MARK: Layout

    /// The parts that are there, with a space between.
    func joined(_ parts: String...) -> String { parts.filter { !$0.isEmpty }.joined(separator: " ") }

    /// The inner text between two others, or nothing where it is empty.
    func enclosed(_ open: String, _ inner: String, _ close: String) -> String { inner.isEmpty ? "" : open + inner + close }

    /// Items in braces, one a line; nothing where there are none.
    func block(_ items: [String]) -> String {
        items.isEmpty ? "" : "{\n" + indented(items.joined(separator: "\n")) + "\n}"
    }

    func described(_ description: StringValue?, _ text: String) -> String {
        guard let description else { return text }
        return self.text(of: description) + "\n" + text
    }

    /// Every line two spaces to the right.
    func indented(_ text: String) -> String {
        var result: [UInt8] = [0x20, 0x20]
        for byte in text.utf8 {
            result.append(byte)
            if byte == 0x0A { result += [0x20, 0x20] }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private func isTooWide(_ line: String) -> Bool {
        line.utf8.count > lineWidth && line.unicodeScalars.count > lineWidth
    }
}
