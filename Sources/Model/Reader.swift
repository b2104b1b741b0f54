import GraphQLSyntax
import GraphQLTypes

/// Reads what files declare. GraphQL's own rules have run: directives, their arguments and all names are known.
struct Reader {
    var types: [TypeDeclaration] = []
    private(set) var enumerations: [EnumerationDeclaration] = []
    /// `extend schema @maskedFor(…)`
    private(set) var masking: Masking?
    var problems = ProblemList()
    /// What extensions add to types, until all files are read.
    var extensions: [(name: String, checks: [CheckDeclaration], procedures: ProcedureDeclarations)] = []

    mutating func read(_ document: Document) {
        for definition in document.definitions {
            switch definition {
            case .type(let node):
                switch node.kind {
                case .object: readType(node, in: document)
                case .enumeration: readEnumeration(node, in: document)
                case .scalar, .interface, .union, .inputObject:
                    reportUnsupported("the \(node.kind.word) '\(document[node.name.id])'", at: node.name.range, in: document)
                }
            case .typeExtension(let node): readExtension(node, in: document)
            case .schema(let node): reportUnsupported("a schema definition", at: node.range, in: document)
            case .schemaExtension(let node):
                guard let said = AppliedDirectives(node.directives, in: document).first("maskedFor").flatMap(Masking.init),
                    masking == nil, node.operationTypes.isEmpty
                else {
                    reportUnsupported("a schema extension other than one with @maskedFor", at: node.range, in: document)
                    continue
                }
                masking = said
            case .directive(let node):
                reportUnsupported("the directive '@\(document[node.name.id])'", at: node.name.range, in: document)
            case .directiveExtension(let node):
                reportUnsupported("an extension of '@\(document[node.name.id])'", at: node.range, in: document)
            case .operation(let node): reportUnsupported("an operation", at: node.range, in: document)
            case .fragment(let node): reportUnsupported("a fragment", at: node.range, in: document)
            }
        }
    }

    mutating func reportUnsupported(_ found: String, at range: SourceRange, in document: Document) {
        problems.report(
            .unsupported, "Found \(found); a file of the model holds object types and enums only.",
            at: document.place(of: range))
    }

    // MARK: - Types

    private mutating func readType(_ node: TypeDefinition, in document: Document) {
        let place = document.place(of: node.name.range)
        let directives = AppliedDirectives(node.directives, in: document)
        var type = TypeDeclaration(
            name: document[node.name.id], place: place, description: node.description.map(document.text(of:)))
        type.label = directives.label
        type.previousNames = directives.previousNames
        if let table = directives.first("node") {
            type.key = table.strings("key")
            type.plural = table.string("plural")
            type.hasFigures = table.boolean("figures") ?? true
            if type.key.isEmpty {
                problems.report(
                    .directive, "The key of \(type.name) is empty; a row is named by at least one field.", at: table.place)
            }
        } else {
            problems.report(
                .directive, "\(type.name) has no @node(key: …); every type of the model is a table whose rows have a key.",
                at: place)
        }
        if let period = directives.first("period"), let from = period.string("from"), let to = period.string("to") {
            type.period = PeriodDeclaration(from: from, to: to)
        }
        if let tree = directives.first("tree"), let parent = tree.string("parent"), let level = tree.string("level") {
            type.tree = TreeDeclaration(parent: parent, level: level)
        }
        type.parameters = readParameters(directives, of: type.name)
        type.checks = directives.all("check").compactMap { CheckDeclaration($0) }
        type.procedures = readProcedures(directives)
        for interface in node.interfaces {
            problems.report(
                .unsupported, "\(type.name) implements '\(document[interface.id])'; types of the model implement nothing.",
                at: document.place(of: interface.range))
        }
        type.fields = node.fields.map { readField($0, of: type.name, in: document) }
        types.append(type)
    }

    private mutating func readParameters(_ directives: AppliedDirectives, of type: String) -> ParametersDeclaration? {
        let declared = directives.all("parameter")
        guard let rows = directives.first("parameters"), let name = rows.string("name"), let value = rows.string("value") else {
            if let first = declared.first {
                problems.report(
                    .directive, "\(type) has @parameter and no @parameters(…), which says what sets it.", at: first.place)
            }
            return nil
        }
        return ParametersDeclaration(
            name: name, value: value, variant: rows.string("variant"), place: rows.string("place"),
            document: rows.string("document"),
            parameters: declared.compactMap { parameter in
                guard let name = parameter.string("name"), let type = parameter.string("type") else { return nil }
                return ParameterDeclaration(
                    name: name, type: type, value: parameter.string("value"), variants: parameter.strings("variants"),
                    source: parameter.string("source")?.value, label: Label(chinese: parameter.string("zh")?.value),
                    explanation: parameter.string("en")?.value)
            })
    }

    private mutating func readField(_ node: FieldDefinitionNode, of type: String, in document: Document) -> FieldDeclaration {
        let directives = AppliedDirectives(node.directives, in: document)
        let name = document[node.name.id]
        if let argument = node.arguments.first {
            problems.report(
                .unsupported, "\(type).\(name) takes arguments; fields of the model take none, the API adds its own.",
                at: document.place(of: argument.range))
        }
        var field = FieldDeclaration(
            name: name, place: document.place(of: node.name.range), description: node.description.map(document.text(of:)),
            type: document.shape(of: node.type), typePlace: document.place(of: document[node.type].range))
        field.label = directives.label
        field.previousNames = directives.previousNames
        field.inverse = directives.first("inverse")?.string("of")
        field.valid = directives.first("valid")?.string("in")
        field.derived = directives.first("derived")?.expression("cel")
        field.digits = directives.first("decimal")?.int("digits")
        field.isUnique = directives.first("unique")?.place
        field.isIndexed = directives.first("index")?.place
        if let personal = directives.first("personal") {
            if let kind = Personal.Class(rawValue: personal.enumeration("class") ?? "") {
                field.personal = Personal(
                    class: kind, mask: Personal.Mask(rawValue: personal.enumeration("mask") ?? "FULL") ?? .full,
                    about: personal.string("about")?.value ?? Personal.otherData)
            } else {
                field.tellsOfNobody = personal.place
                field.givenWith = personal.string("about")?.value
            }
        }
        field.search = directives.first("search").map { Placed(value: $0.boolean("personal") ?? false, place: $0.place) }
        field.deprecationReason = directives.deprecationReason
        field.backfill = directives.first("backfill")?.string("value")
        field.isFixed = directives.first("fixed")?.place
        checkCompany(of: field, type: type)
        return field
    }

    /// A field is stored, an inverse, dated or derived: one of them.
    private mutating func checkCompany(of field: FieldDeclaration, type: String) {
        let computed = [
            field.inverse.map { ("@inverse", $0.place) }, field.valid.map { ("@valid", $0.place) },
            field.derived.map { ("@derived", $0.place) },
        ].compactMap(\.self)
        if computed.count > 1 {
            problems.report(
                .directive, "\(type).\(field.name) has \(computed[0].0) and \(computed[1].0); a field comes from one of them.",
                at: computed[1].1)
        }
        if let place = field.tellsOfNobody, field.derived == nil {
            problems.report(
                .directive, "\(type).\(field.name) has @personal(class: NONE), which is for fields with @derived(cel:).",
                at: place)
        }
        guard let (directive, _) = computed.first else { return }
        let stored = [
            ("@unique", field.isUnique), ("@index", field.isIndexed), ("@search", field.search?.place),
            ("@backfill", field.backfill?.place), ("@fixed", field.isFixed),
        ]
        for (name, place) in stored {
            guard let place else { continue }
            problems.report(
                .directive, "\(type).\(field.name) has \(directive) and \(name); \(name) is for stored fields.", at: place)
        }
    }

    // MARK: - Enums

    private mutating func readEnumeration(_ node: TypeDefinition, in document: Document) {
        let directives = AppliedDirectives(node.directives, in: document)
        var enumeration = EnumerationDeclaration(
            name: document[node.name.id], place: document.place(of: node.name.range),
            description: node.description.map(document.text(of:)))
        enumeration.label = directives.label
        enumeration.previousNames = directives.previousNames
        enumeration.valuePlaces = node.values.map { document.place(of: $0.name.range) }
        enumeration.values = node.values.map { value in
            let directives = AppliedDirectives(value.directives, in: document)
            return ModelEnumerationValue(
                name: document[value.name.id], description: value.description.map(document.text(of:)),
                label: directives.label, previousNames: directives.previousNames,
                deprecationReason: directives.deprecationReason, maskedName: directives.first("masked")?.string("as")?.value)
        }
        if enumeration.values.isEmpty {
            problems.report(.unsupported, "\(enumeration.name) has no values.", at: enumeration.place)
        }
        enumerations.append(enumeration)
    }
}

// MARK: - Directives

/// The directives at one place of a file.
struct AppliedDirectives {
    private let document: Document
    private let run: Run<Directive>

    init(_ run: Run<Directive>, in document: Document) {
        self.document = document
        self.run = run
    }

    func all(_ name: String) -> [AppliedArguments] {
        document[run].filter { document[$0.name.id] == name }.map { AppliedArguments($0, in: document) }
    }
    func first(_ name: String) -> AppliedArguments? { all(name).first }

    var label: Label {
        first("label").map { Label(chinese: $0.string("zh")?.value, aliases: $0.strings("aliases").map(\.value)) } ?? Label()
    }
    var previousNames: [String] { all("was").compactMap { $0.string("name")?.value } }
    /// GraphQL §3.13.3
    var deprecationReason: String? {
        first("deprecated").map { $0.string("reason")?.value ?? "No longer supported" }
    }
}

/// The arguments of one directive. A value of another kind reads as absent: GraphQL's rules have reported it.
struct AppliedArguments {
    private let document: Document
    private let directive: Directive

    init(_ directive: Directive, in document: Document) {
        self.document = document
        self.directive = directive
    }

    var place: Place { document.place(of: directive.range) }

    private func value(_ name: String) -> Value? {
        document[directive.arguments].first { document[$0.name.id] == name }.map { document[$0.value] }
    }

    private func string(_ value: Value) -> Placed<String>? {
        guard case .string(let string) = value.kind else { return nil }
        return Placed(value: document.text(of: string), place: document.place(of: value.range))
    }

    func string(_ name: String) -> Placed<String>? { value(name).flatMap(string) }

    /// One string counts as a list of one. GraphQL §3.12
    func strings(_ name: String) -> [Placed<String>] {
        guard let value = value(name) else { return [] }
        guard case .list(let items) = value.kind else { return string(value).map { [$0] } ?? [] }
        return document[items].compactMap(string)
    }

    func int(_ name: String) -> Placed<Int>? {
        guard let value = value(name), case .int = value.kind, let int = Int(document.source.text(value.range)) else {
            return nil
        }
        return Placed(value: int, place: document.place(of: value.range))
    }

    func boolean(_ name: String) -> Bool? {
        guard let value = value(name), case .boolean(let flag) = value.kind else { return nil }
        return flag
    }

    func enumeration(_ name: String) -> String? {
        guard let value = value(name), case .enumeration(let id) = value.kind else { return nil }
        return document[id]
    }

    func expression(_ name: String) -> Placed<ExpressionText>? {
        guard let value = value(name), case .string(let string) = value.kind else { return nil }
        let text = ExpressionText(text: document.text(of: string), token: string.range, isBlock: string.isBlock)
        return Placed(value: text, place: document.place(of: value.range))
    }
}

extension Document {
    func place(of range: SourceRange) -> Place { Place(source: source, offset: Int(range.start)) }

    /// The wrappers of a type, from the outside; a second list is only noted.
    func shape(of position: Position<TypeNode>) -> TypeShape {
        var shape = TypeShape(name: "", isNullable: true)
        var position = position
        var isNonNull = false
        while true {
            switch self[position].kind {
            case .nonNull(let inner):
                isNonNull = true
                position = inner
                continue
            case .list(let inner):
                if shape.isList {
                    shape.isDeeper = true
                } else {
                    shape.isNullable = !isNonNull
                    shape.elementIsNullable = true
                }
                position = inner
            case .named(let name):
                shape.name = self[name.id]
                if shape.isList { shape.elementIsNullable = !isNonNull } else { shape.isNullable = !isNonNull }
                return shape
            }
            isNonNull = false
        }
    }
}

extension TypeDefinitionKind {
    fileprivate var word: String {
        switch self {
        case .scalar: "scalar"
        case .object: "type"
        case .interface: "interface"
        case .union: "union"
        case .enumeration: "enum"
        case .inputObject: "input type"
        }
    }
}
