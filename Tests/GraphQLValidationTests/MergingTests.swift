import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import Testing

@Suite struct `Merging of fields` {
    let rule = OverlappingFieldsCanBeMerged.self

    @Test(arguments: [
        "{ dog { age age } dog { age } }", "{ dog { a: name(short: true) a: name(short: true) } }",
        "{ find(limit: 1, kind: BIG) find(kind: BIG, limit: 1) }",
        "{ find(where: {id: 1, age: 2}) find(where: {age: 2, id: 1}) }",
        "{ pet { ... on Dog { x: age } ... on Cat { x: age } } }",
        "{ pet { ... on Dog { x: name } ... on Cat { x: name(short: true) } } }",
        "{ pet { ... on Dog { x: mother { age } } ... on Cat { x: mother { x: age } } } }",
        "{ any { ... on Dog { x: mother { y: age } } ... on Cat { x: mother { y: age z: name } } } }",
        "{ ...F ...F } fragment F on Query { dog { ...G } } fragment G on Dog { age ...G }",
        "{ unknown { x } unknown { x: y } x: nope }".replacing("{ x } unknown { x: y }", with: "{ x } unknown { x }"),
    ])
    func `what can be merged is allowed`(text: String) throws {
        try check(rule, allows: text)
    }

    @Test func `two fields of one name are reported together`() throws {
        try check(
            rule, "{ dog { «x: age» y: age «x: name» } }",
            reports: [
                "2| The answer 'x' means two things: 'age' and 'name' are different fields. Give one of them another alias."
            ]
        )
        try check(
            rule, "{ dog { «name» «name(short: true)» } }",
            reports: ["2| The answer 'name' means two things: the arguments of 'name' differ. Give one of them another alias."])
        try check(
            rule, "{ pet { ... on Dog { «nick» } ... on Cat { «nick» } } }",
            reports: [
                "2| The answer 'nick' means two things: 'String!' and 'String' are different types. Give one of them another alias."
            ])
        try check(
            rule, "{ pet { ... on Dog { «x: age» } ... on Cat { «x: meows» } } }",
            reports: [
                "2| The answer 'x' means two things: 'Int' and 'Boolean' are different types. Give one of them another alias."
            ])
    }

    @Test func `strings are told apart by their bytes`() throws {
        #expect(try reports("{ find(tags: \"é\") find(tags: \"e\u{301}\") }", rules: [rule]).count == 1)
        #expect(try reports("{ find(tags: \"é\") find(tags: \"\\u00e9\") }", rules: [rule]).isEmpty)
    }

    @Test func `what is inside is told with what is around it`() throws {
        let found = try reports("{ dog { mother { x: age } } dog { mother { x: name } } }", rules: [rule])
        #expect(
            found == [
                "1:3 1:9 1:18 1:29 1:35 1:44 The answer 'dog' means two things: inside them 'mother' means two things: inside them 'x' means two things: 'age' and 'name' are different fields. Give one of them another alias."
            ])
    }

    @Test func `a pair is reported once, though fragments bring it up often`() throws {
        let text =
            "{ dog { ...A ...B } d: dog { ...B ...A } list { ...A ...B x: barks } } fragment A on Dog { x: age } fragment B on Dog { x: name }"
        #expect(try reports(text, rules: [rule]).count == 3)
    }

    @Test func `fragments that no operation spreads are looked at too`() throws {
        #expect(try reports("fragment A on Dog { ...B x: age } fragment B on Dog { x: name ...A }", rules: [rule]).count == 1)
        #expect(try reports("fragment A on Dog { x: age x: name ...A }", rules: [rule]).count == 1)
    }

    @Test func `the answer is the one of the specification's own algorithm`() throws {
        let schema = try schema(animals)
        var (kept, broken) = (0, 0)
        for seed in 1...2_500 as ClosedRange<UInt64> {
            var writer = SelectionWriter(chance: Chance(seed: seed))
            let text = writer.document()
            let document = try parse(Source(text))
            let options = ValidationOptions(selectionDepth: 200, rules: [rule])
            let isValid: Bool
            do throws(ValidationErrors) {
                _ = try validate(document, against: schema, options: options)
                isValid = true
            } catch {
                isValid = false
            }
            let expected = NaiveMerging(document: document, schema: schema).isValid()
            #expect(isValid == expected, "seed \(seed): \(text)")
            guard isValid == expected else { return }
            if expected { kept += 1 } else { broken += 1 }
        }
        #expect(kept > 250 && broken > 250, "\(kept) and \(broken): the documents are too much alike")
    }
}

/// FieldsInSetCanMerge word by word, pair by pair. GraphQL §5.3.2
struct NaiveMerging {
    struct Use {
        var field: Field
        var parent: TypeID
        var definition: FieldDefinition?
    }
    let document: Document
    let schema: Schema

    func isValid() -> Bool {
        document.definitions.allSatisfy { definition in
            switch definition {
            case .operation(let operation):
                guard let root = schema.rootType(of: operation.kind) else { return true }
                return everySet(operation.selectionSet, on: root)
            case .fragment(let fragment):
                return type(fragment.typeCondition).map { everySet(fragment.selectionSet, on: $0) } ?? true
            default: return true
            }
        }
    }

    /// The set and all sets inside of it.
    private func everySet(_ set: GraphQLSyntax.SelectionSet, on parent: TypeID) -> Bool {
        var visited: Set<NameID> = []
        guard canMerge(collect(set, parent, &visited)) else { return false }
        return document[set.selections].allSatisfy { selection in
            switch selection {
            case .field(let field):
                guard let inner = field.selectionSet, let type = definition(field, on: parent)?.type.named else { return true }
                return everySet(inner, on: type)
            case .inlineFragment(let fragment):
                return everySet(fragment.selectionSet, on: fragment.typeCondition.flatMap(type) ?? parent)
            case .fragmentSpread: return true
            }
        }
    }

    private func type(_ name: Name) -> TypeID? { schema.type(named: document[name.id]) }

    private func definition(_ field: Field, on parent: TypeID) -> FieldDefinition? {
        schema.field(named: document[field.name.id], on: parent)
    }

    private func collect(_ set: GraphQLSyntax.SelectionSet, _ parent: TypeID, _ visited: inout Set<NameID>) -> [Use] {
        var uses: [Use] = []
        for selection in document[set.selections] {
            switch selection {
            case .field(let field): uses.append(Use(field: field, parent: parent, definition: definition(field, on: parent)))
            case .inlineFragment(let fragment):
                uses += collect(fragment.selectionSet, fragment.typeCondition.flatMap(type) ?? parent, &visited)
            case .fragmentSpread(let spread):
                guard visited.insert(spread.name.id).inserted else { continue }
                for case .fragment(let fragment) in document.definitions where fragment.name.id == spread.name.id {
                    if let type = type(fragment.typeCondition) { uses += collect(fragment.selectionSet, type, &visited) }
                }
            }
        }
        return uses
    }

    private func inner(_ uses: Use...) -> [Use] {
        var all: [Use] = []
        var visited: Set<NameID> = []
        for use in uses {
            if let set = use.field.selectionSet, let type = use.definition?.type.named { all += collect(set, type, &visited) }
        }
        return all
    }

    private func canMerge(_ uses: [Use]) -> Bool {
        for (index, first) in uses.enumerated() {
            for second in uses[(index + 1)...] where first.field.responseName == second.field.responseName {
                guard sameShape(first, second) else { return false }
                let bothObjects = schema[first.parent].kind == .object && schema[second.parent].kind == .object
                guard first.parent == second.parent || !bothObjects else { continue }
                guard first.field.name.id == second.field.name.id, arguments(first) == arguments(second),
                    canMerge(inner(first, second))
                else { return false }
            }
        }
        return true
    }

    private func sameShape(_ first: Use, _ second: Use) -> Bool {
        guard let left = first.definition?.type, let right = second.definition?.type else { return true }
        let shapes = [left, right].map { type in
            let text = type.text(in: schema)
            let name = schema[type.named].name
            return schema[type.named].isLeaf ? text : text.replacing(name, with: "*")
        }
        guard shapes[0] == shapes[1] else { return false }
        let merged = inner(first, second)
        for (index, first) in merged.enumerated() {
            for second in merged[(index + 1)...] where first.field.responseName == second.field.responseName {
                guard sameShape(first, second) else { return false }
            }
        }
        return true
    }

    private func arguments(_ use: Use) -> [String: String] {
        Dictionary(
            document[use.field.arguments].map { (document[$0.name.id], Printer(document).text(of: $0.value)) }
        ) { first, _ in first }
    }
}

/// Random selections that hold to the types of `animals`.
struct SelectionWriter {
    var chance: Chance
    private let fields: [String: [(String, String?)]] = [
        "Query": [
            ("dog", "Dog"), ("pet", "Pet"), ("any", "DogOrCat"), ("being", "Being"), ("list", "Dog"), ("find(limit: 1)", nil),
            ("find(limit: 2)", nil),
        ],
        "Dog": [
            ("name", nil), ("name(short: true)", nil), ("age", nil), ("barks", nil), ("nick", nil), ("mother", "Dog"),
            ("owner", "Person"),
        ],
        "Cat": [("name", nil), ("age", nil), ("meows", nil), ("nick", nil), ("mother", "Cat"), ("owner", "Person")],
        "Pet": [("name", nil), ("age", nil), ("owner", "Person")], "Being": [("name", nil)],
        "Person": [("name", nil), ("pets", "Pet")],
        "DogOrCat": [("__typename", nil)],
    ]
    private let kin: [String: [String]] = [
        "Query": ["Query"], "Dog": ["Dog", "Pet", "Being", "DogOrCat"], "Cat": ["Cat", "Pet", "DogOrCat"],
        "Person": ["Person", "Being"],
        "Pet": ["Pet", "Dog", "Cat", "Being"], "Being": ["Being", "Dog", "Person", "Pet"], "DogOrCat": ["Dog", "Cat", "Pet"],
    ]
    private var fragments: [String] = []
    private var aliasChance = 5

    init(chance: Chance) { self.chance = chance }

    mutating func document() -> String {
        fragments = (0..<chance.below(4)).map { _ in chance.pick(["Dog", "Cat", "Pet", "Being", "Person", "Query"]) }
        aliasChance = 3 + chance.below(12)
        var text = selections("Query", 4, 0)
        for (index, type) in fragments.enumerated() { text += " fragment F\(index) on \(type) " + selections(type, 3, index + 1) }
        return text
    }

    private mutating func selections(_ type: String, _ depth: Int, _ firstFragment: Int) -> String {
        "{ " + (0...chance.below(3)).map { _ in selection(type, depth, firstFragment) }.joined(separator: " ") + " }"
    }

    private mutating func selection(_ type: String, _ depth: Int, _ firstFragment: Int) -> String {
        let fitting = fragments.indices.filter { $0 >= firstFragment && (kin[type] ?? []).contains(fragments[$0]) }
        if !fitting.isEmpty, chance.one(in: 4) { return "...F\(chance.pick(fitting))" }
        if depth > 0, chance.one(in: 3) {
            let inner = chance.pick(kin[type] ?? [type])
            return "... on \(inner) " + selections(inner, depth - 1, firstFragment)
        }
        let choices = (fields[type] ?? []).filter { depth > 0 || $0.1 == nil }
        guard !choices.isEmpty else { return "__typename" }
        let (field, inner) = chance.pick(choices)
        let alias = chance.one(in: aliasChance) ? chance.pick(["x", "name", "y"]) + ": " : ""
        return alias + field + (inner.map { " " + selections($0, depth - 1, firstFragment) } ?? "")
    }
}

/// A generator of chance that gives the same for the same seed.
struct Chance: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
    mutating func one(in chances: Int) -> Bool { below(chances) == 0 }
    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
}
