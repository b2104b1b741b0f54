import GraphQLSyntax

/// A schema as numbers in flat arrays: what a validator asks at every node of a document, answered without text, without
/// hashing strings and without counting references.
///
/// Made with the schema. A document's names are translated once (`id(of:in:)`); from there on a look-up is a few loads.
package struct SchemaIndex: Sendable {
    /// A field of a composite type, or a meta field.
    package struct Field: Sendable {
        package var type: TypeReference
        /// The places of its arguments in `inputs`.
        package var arguments: Range<Int>
        /// Whether one of them must be given.
        package var requiresArguments: Bool
    }

    /// An argument or an input field.
    package struct Input: Sendable {
        package var name: NameID
        package var type: TypeReference
        /// Whether `type` is one that a value can be given for.
        package var isInput: Bool
        package var hasDefault: Bool
        package var isRequired: Bool
    }

    package struct NamedType: Sendable {
        package var kind: TypeKind
        package var isOneOf: Bool
        /// Where its fields start in `fields`.
        package var firstField: Int
        /// The places of its input fields in `inputs`.
        package var inputFields: Range<Int>
        /// Whether one of them must be given.
        package var requiresInputFields: Bool
        package var isComposite: Bool { kind == .object || kind == .interface || kind == .union }
        package var isAbstract: Bool { kind == .interface || kind == .union }
        package var isLeaf: Bool { kind == .scalar || kind == .enumeration }
        package var isInput: Bool { kind == .scalar || kind == .enumeration || kind == .inputObject }
    }

    /// Every name that the schema defines.
    private var names = NameTable()
    package private(set) var types: [NamedType] = []
    package private(set) var fields: [Field] = []
    package private(set) var inputs: [Input] = []
    /// Where the arguments of each directive are in `inputs`.
    package private(set) var directiveArguments: [Range<Int>] = []
    private var typeOfName: [TypeID?] = []
    private var directiveOfName: [Int?] = []
    private var members = PlaceTable()
    /// `__typename`, `__schema` and `__type`, where they are in `fields`.
    private var metaFields: [Int?] = [nil, nil, nil]

    init(_ types: [GraphQLTypes.NamedType], _ directives: [DirectiveType]) {
        for type in types {
            let (firstField, firstInput) = (fields.count, inputs.count)
            for field in type.inputFields { add(field, types) }
            let inputFields = firstInput..<inputs.count
            for field in type.fields { add(field, types) }
            self.types.append(
                NamedType(
                    kind: type.kind, isOneOf: type.isOneOf, firstField: firstField, inputFields: inputFields,
                    requiresInputFields: inputs[inputFields].contains(where: \.isRequired)))
        }
        for directive in directives {
            let first = inputs.count
            for argument in directive.arguments { add(argument, types) }
            directiveArguments.append(first..<inputs.count)
        }
        addNames(types, directives)
        addMetaFields(types)
    }

    private mutating func add(_ input: InputValueType, _ types: [GraphQLTypes.NamedType]) {
        inputs.append(
            Input(
                name: names.intern(input.name), type: input.type, isInput: types[input.type.named.index].isInput,
                hasDefault: input.defaultLiteral != nil, isRequired: input.isRequired))
    }

    private mutating func add(_ field: FieldDefinition, _ types: [GraphQLTypes.NamedType]) {
        let first = inputs.count
        for argument in field.arguments { add(argument, types) }
        fields.append(
            Field(
                type: field.type, arguments: first..<inputs.count,
                requiresArguments: inputs[first...].contains(where: \.isRequired)))
    }

    private mutating func addNames(_ types: [GraphQLTypes.NamedType], _ directives: [DirectiveType]) {
        for (number, type) in types.enumerated() {
            let own = type.fields.map(\.name) + type.inputFields.map(\.name) + type.enumValues.map(\.name)
            for (place, name) in own.enumerated() { members.insert(place, for: names.intern(name), of: TypeID(number)) }
        }
        let typeIDs = types.map { names.intern($0.name) }
        let directiveIDs = directives.map { names.intern($0.name) }
        typeOfName = Array(repeating: nil, count: names.count)
        directiveOfName = Array(repeating: nil, count: names.count)
        for (number, id) in typeIDs.enumerated() where typeOfName[id.index] == nil { typeOfName[id.index] = TypeID(number) }
        for (number, id) in directiveIDs.enumerated() where directiveOfName[id.index] == nil {
            directiveOfName[id.index] = number
        }
    }

    private mutating func addMetaFields(_ types: [GraphQLTypes.NamedType]) {
        guard let text = types.firstIndex(where: { $0.name == "String" }).map({ TypeReference(TypeID($0)) }) else { return }
        let definitions = [
            FieldDefinition.typename(text), type(names.id(of: "__Schema")).map { .schema(TypeReference($0)) },
            type(names.id(of: "__Type")).map { .type(TypeReference($0), text) },
        ]
        for (place, definition) in definitions.enumerated() {
            guard let definition else { continue }
            metaFields[place] = fields.count
            add(definition, types)
        }
    }

    // MARK: Look-ups

    /// The names of a document as the schema's names; nil for those it does not have.
    package func translate(_ names: NameTable) -> [NameID?] {
        var translated: [NameID?] = []
        translated.reserveCapacity(names.count)
        // Words that are in every table have the same number in each.
        for id in 0..<NameTable.commonCount { translated.append(NameID(UInt32(id))) }
        for id in NameTable.commonCount..<names.count {
            translated.append(self.names.id(of: NameID(UInt32(id)), in: names))
        }
        return translated
    }

    package func type(_ name: NameID?) -> TypeID? { name.flatMap { typeOfName[$0.index] } }

    /// The place of a directive in `Schema.directives`.
    package func directive(_ name: NameID?) -> Int? { name.flatMap { directiveOfName[$0.index] } }

    /// The place of a field, input field or enum value among those of its type.
    package func place(_ name: NameID?, of type: TypeID) -> Int? { name.flatMap { members.place(of: $0, in: type) } }

    /// The same of a name as text.
    package func place(named name: String, of type: TypeID) -> Int? { place(names.id(of: name), of: type) }

    /// The same of a name of a document.
    package func place(_ name: NameID, in names: NameTable, of type: TypeID) -> Int? {
        place(self.names.id(of: name, in: names), of: type)
    }

    /// The place of an argument or input field among some that stand together in `inputs`.
    package func place(_ name: NameID?, among inputs: Range<Int>) -> Int? {
        guard let name else { return nil }
        for index in inputs where self.inputs[index].name == name { return index - inputs.lowerBound }
        return nil
    }

    /// The place in `fields` of what `__typename`, `__schema` and `__type` mean.
    package var typenameField: Int? { metaFields[0] }
    package var schemaField: Int? { metaFields[1] }
    package var typeField: Int? { metaFields[2] }
}

/// Places by type and name. Open addressing; keys are numbers that nobody outside chooses.
private struct PlaceTable {
    private var keys = [UInt64](repeating: .max, count: 64)
    private var places = [Int32](repeating: 0, count: 64)
    private var count = 0

    mutating func insert(_ place: Int, for name: NameID, of type: TypeID) {
        if count * 2 >= keys.count { grow() }
        let key = Self.key(name, type)
        let slot = slot(of: key)
        guard keys[slot] != key else { return }
        keys[slot] = key
        places[slot] = Int32(place)
        count += 1
    }

    func place(of name: NameID, in type: TypeID) -> Int? {
        let key = Self.key(name, type)
        let slot = slot(of: key)
        return keys[slot] == key ? Int(places[slot]) : nil
    }

    private static func key(_ name: NameID, _ type: TypeID) -> UInt64 { UInt64(type.rawValue) << 32 | UInt64(name.rawValue) }

    private func slot(of key: UInt64) -> Int {
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while keys[slot] != key, keys[slot] != .max { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let old = (keys, places)
        keys = Array(repeating: .max, count: old.0.count * 2)
        places = Array(repeating: 0, count: old.0.count * 2)
        for (key, place) in zip(old.0, old.1) where key != .max {
            let slot = slot(of: key)
            keys[slot] = key
            places[slot] = place
        }
    }
}
