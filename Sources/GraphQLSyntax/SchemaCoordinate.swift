/// A name for one element of a schema: `Person.name`, `Query.person(id:)`, `@skip(if:)`. GraphQL §3.14
package enum SchemaCoordinate: Hashable, Sendable, CustomStringConvertible {
    case type(String)
    /// A field, input field or enum value.
    case member(type: String, name: String)
    case argument(type: String, field: String, name: String)
    case directive(String)
    case directiveArgument(directive: String, name: String)

    package var description: String {
        switch self {
        case .type(let name): name
        case .member(let type, let name): "\(type).\(name)"
        case .argument(let type, let field, let name): "\(type).\(field)(\(name):)"
        case .directive(let name): "@\(name)"
        case .directiveArgument(let directive, let name): "@\(directive)(\(name):)"
        }
    }

    /// Reads a source that is one coordinate, without spaces, comments or anything else.
    ///
    /// SchemaCoordinate : Name | Name `.` Name | Name `.` Name `(` Name `:` `)` | `@` Name | `@` Name `(` Name `:` `)`
    package init(parsing source: Source) throws(SyntaxError) {
        var reader = Reader(bytes: source.bytes.span)
        if reader.take(UInt8(ascii: "@")) {
            let directive = try reader.name()
            if let argument = try reader.argument() {
                self = .directiveArgument(directive: directive, name: argument)
            } else {
                self = .directive(directive)
            }
        } else {
            let type = try reader.name()
            if reader.take(UInt8(ascii: ".")) {
                let member = try reader.name()
                if let argument = try reader.argument() {
                    self = .argument(type: type, field: member, name: argument)
                } else {
                    self = .member(type: type, name: member)
                }
            } else {
                self = .type(type)
            }
        }
        try reader.expectEnd()
    }

    private struct Reader: ~Escapable {
        let bytes: Span<UInt8>
        var position = 0

        @_lifetime(copy bytes)
        init(bytes: Span<UInt8>) { self.bytes = bytes }

        mutating func take(_ byte: UInt8) -> Bool {
            guard position < bytes.count, bytes[position] == byte else { return false }
            position += 1
            return true
        }

        mutating func name() throws(SyntaxError) -> String {
            guard position < bytes.count, isNameStart(bytes[position]) else { throw failure("a name") }
            var text: [UInt8] = []
            while position < bytes.count, isNameContinue(bytes[position]) {
                text.append(bytes[position])
                position += 1
            }
            return String(decoding: text, as: UTF8.self)
        }

        /// `(` Name `:` `)`, or nothing
        mutating func argument() throws(SyntaxError) -> String? {
            guard take(UInt8(ascii: "(")) else { return nil }
            let name = try name()
            guard take(UInt8(ascii: ":")) else { throw failure("':'") }
            guard take(UInt8(ascii: ")")) else { throw failure("')'") }
            return name
        }

        func expectEnd() throws(SyntaxError) {
            guard position == bytes.count else { throw failure("the end of the schema coordinate") }
        }

        private func failure(_ expected: String) -> SyntaxError {
            SyntaxError(
                .syntax, "Expected \(expected) in a schema coordinate, as in Type.field(argument:).",
                at: SourceRange(start: position, end: position), of: bytes)
        }
    }
}
