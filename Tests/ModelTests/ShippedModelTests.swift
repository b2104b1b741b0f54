import Expressions
import Foundation
import GraphQLSyntax
import GraphQLTypes
import Model
import StoreColumns
import Testing

@Suite struct `The shipped model` {
    let model: Model
    init() throws { model = try shippedModel() }

    @Test func `has a type for every entity of the register, which its description names`() {
        let descriptions = model.types.compactMap(\.description).joined(separator: "\n")
        // Lectures are visits and events; exports, questions, accounts and the access log are the server's own.
        let elsewhere: Set = [38, 84, 85, 87, 88]
        for entity in 1...88 {
            let id = "E" + (entity < 10 ? "0" : "") + "\(entity)"
            let isNamed =
                descriptions.contains("(\(id))") || descriptions.contains("(\(id), ") || descriptions.contains(", \(id))")
            #expect(isNamed != elsewhere.contains(entity), "\(id)")
        }
        #expect(model.types.count == 93)
    }

    @Test func `describes and labels every type, and every field and value is labelled`() {
        for type in model.types {
            #expect(type.description != nil && type.label.chinese != nil, "\(type.name)")
            for field in type.fields { #expect(field.label.chinese != nil, "\(type.name).\(field.name)") }
        }
        for enumeration in model.enumerations {
            for value in enumeration.values { #expect(value.label.chinese != nil, "\(enumeration.name).\(value.name)") }
        }
    }

    @Test func `no heading means two stored fields of a type, and no text two values of an enum`() {
        for type in model.types {
            for field in type.fields {
                for heading in [field.name] + [field.label.chinese].compactMap(\.self) + field.label.aliases {
                    if case .several(let positions) = type.field(forHeading: heading) {
                        Issue.record("\(type.name): '\(heading)' means \(positions.map { type.fields[$0].name })")
                    }
                }
            }
        }
        for enumeration in model.enumerations {
            for (code, value) in enumeration.values.enumerated() {
                for text in [value.name] + [value.label.chinese].compactMap(\.self) + value.label.aliases {
                    #expect(enumeration.value(forText: text) == .one(code), "\(enumeration.name): '\(text)'")
                }
            }
        }
    }

    @Test func `marks what identifies a person, with a mask`() throws {
        func personal(_ path: String) throws -> String? {
            let parts = path.split(separator: ".").map(String.init)
            let field = try #require(model.type(named: parts[0])?.field(named: parts[1]), "\(path)")
            return field.personal.map { "\($0.class.rawValue) \($0.mask.rawValue)" }
        }
        #expect(try personal("Person.idNumber") == "SPI ID_NUMBER")
        #expect(try personal("Person.name") == "PII NAME")
        #expect(try personal("Person.health") == "SPI BAND")
        #expect(try personal("Household.bankAccount") == "SPI ACCOUNT")
        #expect(try personal("Household.address") == "PII AREA")
        #expect(try personal("Cadre.phone") == "PII PHONE")
        #expect(try personal("Cadre.name") == nil, "official information")
        #expect(try personal("Household.number") == nil)
    }

    @Test func `every @valid field reads a period`() {
        for type in model.rowTypes.types {
            for field in type.fields {
                let lookup: ValidLookup? =
                    switch field.source {
                    case .validColumn(let lookup, _, _), .toOne(.valid(let lookup, on: _), _),
                        .toMany(.valid(let lookup, on: _), _):
                        lookup
                    default: nil
                    }
                guard let lookup else { continue }
                #expect(model[lookup.periodType].period?.fromColumn == lookup.fromColumn, "\(type.name).\(field.name)")
            }
        }
    }

    @Test func `its API stays small: its text, and the answer to the usual introspection query`() throws {
        #expect(model.schemaText.utf8.count < 700_000)
        let size = IntrospectionSize(schema: model.schema).bytes
        #expect(size < 3_100_000, "\(size) bytes")
    }

    @Test func `its API as text is a schema, and the same one`() throws {
        let printed = printSchema(model.schema)
        let document = try parse(Source(printed), limits: .schema)
        #expect(printSchema(try buildSchema([document])) == printed)
    }

    @Test func `the saved questions parse, and begin with their titles and rules`() throws {
        let questions = try questionFiles()
        #expect(questions.count > 50)
        for question in questions {
            let source = try #require(Source(validating: question.bytes, name: question.name))
            #expect(try parse(source).definitions.count == 1)
            let text = String(decoding: question.bytes, as: UTF8.self)
            for heading in ["# title-zh: ", "# title-en: ", "# description: ", "# rules: R"] {
                #expect(text.contains(heading), "\(question.name): \(heading)")
            }
        }
    }
}

/// How long the answer to the introspection query of GraphiQL is, as JSON without white space.
private struct IntrospectionSize {
    let schema: Schema

    private enum Selection {
        case leaf
        indirect case fields([(String, Selection)])
    }

    private static func typeReference(_ depth: Int) -> Selection {
        .fields([("kind", .leaf), ("name", .leaf)] + (depth == 0 ? [] : [("ofType", typeReference(depth - 1))]))
    }

    private static let inputValue = Selection.fields([
        ("name", .leaf), ("description", .leaf), ("type", typeReference(9)), ("defaultValue", .leaf),
    ])
    private static let query = Selection.fields([
        ("queryType", .fields([("name", .leaf)])), ("mutationType", .fields([("name", .leaf)])),
        ("subscriptionType", .fields([("name", .leaf)])),
        (
            "types",
            .fields([
                ("kind", .leaf), ("name", .leaf), ("description", .leaf), ("specifiedByURL", .leaf), ("isOneOf", .leaf),
                (
                    "fields",
                    .fields([
                        ("name", .leaf), ("description", .leaf), ("args", inputValue), ("type", typeReference(9)),
                        ("isDeprecated", .leaf), ("deprecationReason", .leaf),
                    ])
                ),
                ("inputFields", inputValue), ("interfaces", typeReference(9)),
                (
                    "enumValues",
                    .fields([("name", .leaf), ("description", .leaf), ("isDeprecated", .leaf), ("deprecationReason", .leaf)])
                ),
                ("possibleTypes", typeReference(9)),
            ])
        ),
        (
            "directives",
            .fields([
                ("name", .leaf), ("description", .leaf), ("isRepeatable", .leaf), ("locations", .leaf), ("args", inputValue),
            ])
        ),
    ])

    var bytes: Int { size(.node(.schema), Self.query) }

    private func size(_ value: IntrospectionValue, _ selection: Selection) -> Int {
        switch value {
        case .null: return 4
        case .boolean(let flag): return flag ? 4 : 5
        case .string(let text), .enumeration(let text): return text.utf8.count + 2
        case .enumerations(let texts): return texts.reduce(1) { $0 + $1.utf8.count + 3 } + 1
        case .nodes(let nodes): return nodes.reduce(1) { $0 + size(.node($1), selection) + 1 } + 1
        case .node(let node):
            guard case .fields(let fields) = selection else { return 0 }
            return fields.reduce(2) { total, field in
                let inner = schema.introspect(node, field: field.0, arguments: InputObject([]))
                return total + field.0.utf8.count + 4 + size(inner, field.1)
            }
        }
    }
}
