import GraphQLSyntax
import Testing

/// Random documents by the grammar.
struct DocumentWriter {
    var chance: Chance
    let names = ["a", "b", "on", "type", "query", "fragment", "input", "__typename", "null0", "x_1", "true1", "extend"]
    let typeNames = ["T", "Int", "on", "Query", "type"]

    mutating func document() -> String {
        (0...chance.below(4)).map { _ in chance.one(in: 3) ? typeSystem() : executable() }.joined(separator: " ")
    }
    private mutating func executable() -> String {
        if chance.one(in: 4) { return selectionSet(3) }
        let description = description()
        if chance.one(in: 3) {
            return description
                + "fragment \(chance.pick(["F", "G", "type"])) on \(chance.pick(typeNames)) \(directives())\(selectionSet(3))"
        }
        let variables = chance.one(in: 2) ? "" : "(\(many { $0.variable() }))"
        return description + chance.pick(["query", "mutation", "subscription"]) + " " + chance.pick(["", "Q"]) + variables
            + directives() + selectionSet(3)
    }
    private mutating func variable() -> String {
        description() + "$\(chance.pick(names)): \(type(2))" + (chance.one(in: 2) ? " = \(value(2, constant: true))" : "")
            + directives(constant: true)
    }
    private mutating func selectionSet(_ depth: Int) -> String {
        chance.one(in: 9) ? "{ }" : "{\(many { $0.selection(depth) })}"
    }
    private mutating func selection(_ depth: Int) -> String {
        switch chance.below(6) {
        case 0: return "...\(chance.pick(["F", "G", "type"]))" + directives()
        case 1 where depth > 0:
            return "... \(chance.pick(["", "on T", "on on"])) \(directives()) \(selectionSet(depth - 1))"
        default:
            let alias = chance.one(in: 3) ? chance.pick(names) + " : " : ""
            let arguments = chance.one(in: 2) ? "(\(many { $0.argument() }))" : ""
            return alias + chance.pick(names) + arguments + directives()
                + (depth > 0 && chance.one(in: 2) ? selectionSet(depth - 1) : "") + " "
        }
    }
    private mutating func argument(constant: Bool = false) -> String { "\(chance.pick(names)):\(value(3, constant: constant))" }
    private mutating func directives(constant: Bool = false) -> String {
        guard chance.one(in: 4) else { return " " }
        return " @\(chance.pick(names))" + (chance.one(in: 2) ? "(\(many { $0.argument(constant: constant) })) " : " ")
    }
    private mutating func value(_ depth: Int, constant: Bool) -> String {
        switch chance.below(depth > 0 ? 10 : 7) {
        case 0: constant ? "RED" : "$\(chance.pick(names))"
        case 1: chance.pick(["0", "-1", "12345678901234567890", "1.5", "-0.0e+10", "7E3"])
        case 2: string()
        case 3: chance.pick(["true", "false", "null"])
        case 4: chance.pick(["RED", "on", "type"])
        case 5: blockString()
        case 6: chance.pick(["[]", "{}"])
        case 7, 8: "[\(many { $0.value(depth - 1, constant: constant) })]"
        default: "{\(many { "\($0.chance.pick($0.names)): \($0.value(depth - 1, constant: constant))" })}"
        }
    }
    private mutating func string() -> String {
        let pieces = [
            "a", "é", "😀", "\\n", "\\\"", "\\\\", "\\u0000", "\\uD83D\\uDE00", "\\u{e9}", " ", "#", "\u{7F}", "\t", "e\u{301}",
        ]
        return "\"" + (0..<chance.below(6)).map { _ in chance.pick(pieces) }.joined() + "\""
    }
    private mutating func blockString() -> String {
        let pieces = ["a", "\n", "\r\n", "\r", "  ", "\t", "\\\"\"\"", "\\", "😀", "#", "x y", "\\n"]
        return "\"\"\"" + (0..<chance.below(9)).map { _ in chance.pick(pieces) }.joined() + "\n\"\"\""
    }
    private mutating func description() -> String {
        chance.one(in: 4) ? (chance.one(in: 2) ? string() : blockString()) + " " : ""
    }
    private mutating func type(_ depth: Int) -> String {
        (depth > 0 && chance.one(in: 2) ? "[\(type(depth - 1))]" : chance.pick(typeNames)) + (chance.one(in: 3) ? "!" : "")
    }
    private mutating func typeSystem() -> String {
        let extend = chance.one(in: 3) ? "extend " : ""
        let head = extend.isEmpty ? description() : extend
        let must = extend.isEmpty ? directives(constant: true) : " @must "
        switch chance.below(8) {
        case 0: return head + "schema" + must + "{ query: Q }"
        case 1: return head + "scalar S" + must
        case 2: return head + "type T implements A & B" + must + "{\(many { $0.fieldDefinition() })}"
        case 3: return head + "interface I" + must + "{\(many { $0.fieldDefinition() })}"
        case 4: return head + "union U" + must + "= A | B"
        case 5:
            return head + "enum E" + must
                + "{\(many { $0.description() + $0.chance.pick($0.names) + $0.directives(constant: true) })}"
        case 6: return head + "input In" + must + "{\(many { $0.inputValue() })}"
        default:
            return extend.isEmpty
                ? head + "directive @d(\(many { $0.inputValue() }))\(must)repeatable on FIELD | SCHEMA"
                : "extend directive @d" + must
        }
    }
    private mutating func fieldDefinition() -> String {
        description() + chance.pick(names) + (chance.one(in: 2) ? "(\(many { $0.inputValue() }))" : "") + ": \(type(2))"
            + directives(constant: true)
    }
    private mutating func inputValue() -> String {
        description() + chance.pick(names) + ": \(type(2))" + (chance.one(in: 2) ? " = \(value(2, constant: true))" : "")
            + directives(constant: true)
    }
    private mutating func many(_ piece: (inout DocumentWriter) -> String) -> String {
        (0...chance.below(3)).map { _ in piece(&self) }.joined(separator: chance.pick([" ", ",", "\n"]))
    }
}

@Suite struct `Any document` {
    @Test func `printed is parsed and printed alike`() throws {
        for seed in 1...1_500 as ClosedRange<UInt64> {
            var writer = DocumentWriter(chance: Chance(seed: seed))
            let text = writer.document()
            do {
                let once = Printer(try parse(Source(text))).text()
                let twice = Printer(try parse(Source(once))).text()
                #expect(once == twice, "seed \(seed)")
                guard once == twice else { return }
            } catch {
                Issue.record("seed \(seed): \(error) in\n\(text)")
                return
            }
        }
    }

    @Test func `stripped, a document says the same`() throws {
        for seed in 1...500 as ClosedRange<UInt64> {
            var writer = DocumentWriter(chance: Chance(seed: seed))
            let source = Source(writer.document())
            let stripped = try source.strippingIgnoredCharacters()
            #expect(Printer(try parse(Source(stripped))).text() == Printer(try parse(source)).text(), "seed \(seed)")
            #expect(try Source(stripped).strippingIgnoredCharacters() == stripped, "seed \(seed)")
        }
    }

    @Test func `any bytes are parsed or refused with a place inside them`() {
        var chance = Chance(seed: 7)
        let pieces: [[UInt8]] = [
            "{", "}", "(", ")", "[", "]", ":", "$", "@", "!", "|", "&", "=", "...", "\"", "\"\"\"", "\\", "\\u", "#", "\n", "\r",
            ",", " ", "0", "-1", "1.5e", "query", "fragment", "on", "type", "extend", "schema", "enum", "null", "é", "\u{FEFF}",
            "D83D", "{D83D}",
        ].map { Array($0.utf8) }
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<chance.below(24) { bytes += chance.one(in: 12) ? [UInt8(chance.below(256))] : chance.pick(pieces) }
            guard let source = Source(validating: bytes) else { continue }
            do throws(SyntaxError) {
                let document = try parse(source)
                #expect(!Printer(document).text().isEmpty)
            } catch {
                #expect(Int(error.range.start) <= bytes.count && error.range.start <= error.range.end)
                #expect(!error.message.isEmpty && error.location.line >= 1 && error.location.column >= 1)
            }
        }
    }

    @Test func `a document cut anywhere is parsed or refused`() throws {
        var writer = DocumentWriter(chance: Chance(seed: 42))
        let bytes = Array((0..<6).map { _ in writer.document() }.joined(separator: "\n").utf8)
        for end in 0..<bytes.count {
            guard let source = Source(validating: Array(bytes[..<end])) else { continue }
            _ = try? parse(source)
        }
    }
}

@Suite struct `Block strings` {
    @Test func `a value written as a block string is read back`() {
        var chance = Chance(seed: 3)
        let pieces = [
            "a", " ", "\t", "\n", "\"", "\"\"\"", "\\", "é",
            "long word of a line that goes on and on over seventy columns, as text does",
        ]
        var stood = 0
        for _ in 0..<5_000 {
            let value = (0..<chance.below(9)).map { _ in chance.pick(pieces) }.joined()
            guard BlockString.canStand(for: value) else { continue }
            stood += 1
            for minimizes in [false, true] {
                let source = Source(BlockString.literal(for: value, minimizes: minimizes))
                let string = StringValue(range: SourceRange(start: 0, end: source.bytes.count), isBlock: true)
                #expect(source.text(of: string) == value, "\(source.bytes)")
            }
        }
        #expect(stood > 1_000)
    }

    @Test(arguments: ["a\rb", "\na", "a\n ", " ", " a\n  b", "\ta\n\n b"])
    func `some values no block string stands for`(value: String) {
        #expect(!BlockString.canStand(for: value))
    }
}
