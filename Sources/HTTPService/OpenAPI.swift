import JSONText
import Query

/// The saved questions as an OpenAPI 3.1 document: for programs that make clients of it, and for people who read it.
enum OpenAPI {
    static func document(of questions: SavedQuestions, hasKeys: Bool) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("openapi", "3.1.0")
        json.object("info") { json in
            json.member("title", "Hearth")
            json.member("version", "1")
            json.member("description", "The saved questions of this register. Documents in GraphQL are answered at /graphql.")
        }
        if hasKeys { json.list("security") { $0.element { $0.list("key") { _ in } } } }
        json.object("paths") { json in
            for question in questions.questions where question.problems.isEmpty {
                json.object("/q/\(question.name)") { json in json.object("get") { Self.operation(question, &$0) } }
            }
        }
        json.object("components") { json in
            if hasKeys {
                json.object("securitySchemes") { json in
                    json.object("key") { json in
                        json.member("type", "http")
                        json.member("scheme", "bearer")
                    }
                }
            }
            json.object("schemas", Self.schemas)
            json.object("responses", Self.responses)
        }
        json.endObject()
        return json.finish()
    }

    private static func operation(_ question: SavedQuestion, _ json: inout JSONWriter) {
        json.member("operationId", question.name)
        json.member("summary", question.titleEnglish ?? question.titleChinese ?? question.name)
        if let text = [question.titleChinese, question.description].compactMap(\.self).joined(separator: "\n\n").nonEmpty {
            json.member("description", text)
        }
        json.list("parameters") { json in
            for variable in question.variables { json.element { Self.parameter(variable, &$0) } }
            for (name, schema, description) in shared {
                json.element { json in
                    json.member("name", name)
                    json.member("in", "query")
                    json.member("description", description)
                    json.object("schema") { json in for (key, value) in schema { json.member(key, value) } }
                }
            }
        }
        json.object("responses") { json in
            json.object("200") { json in
                json.member("description", "The answer, with a strong entity tag.")
                json.object("headers") { json in
                    for name in ["ETag", "Data-Version", "Data-As-Of"] {
                        json.object(name) { json in json.object("schema") { $0.member("type", "string") } }
                    }
                }
                json.object("content") { json in
                    json.object("application/json") { json in
                        json.object("schema") { $0.member("$ref", "#/components/schemas/Answer") }
                    }
                    for format in TableFormat.allCases {
                        json.object(format.mediaType) { json in json.object("schema") { _ in } }
                    }
                }
            }
            json.object("304") { $0.member("description", "The client has this answer already.") }
            for (status, name) in [("406", "NotAcceptable"), ("422", "Invalid")] {
                json.object(status) { $0.member("$ref", "#/components/responses/\(name)") }
            }
        }
    }

    private static let shared: [(String, [(String, String)], String)] = [
        (
            "asOf", [("type", "string"), ("format", "date")],
            "The day that what is asked is valid on; the server's where it is absent."
        ),
        (
            "version", [("type", "string"), ("pattern", "^[0-9]+$")],
            "The version of the data; the current one where it is absent."
        ),
        ("knownAt", [("type", "string"), ("format", "date-time")], "The version that was current at a moment."),
    ]

    private static func parameter(_ variable: SavedQuestion.Variable, _ json: inout JSONWriter) {
        json.member("name", variable.name)
        json.member("in", "query")
        if variable.isRequired {
            json.name("required")
            json.boolean(true)
        }
        let notes = [variable.description, variable.defaultText.map { "Standard: \($0)." }].compactMap(\.self)
        if let text = notes.joined(separator: " ").nonEmpty { json.member("description", text) }
        json.object("schema") { json in
            if variable.typeText.hasPrefix("[") {
                json.member("type", "array")
                json.object("items") { Self.type(of: variable.typeText, &$0) }
            } else {
                Self.type(of: variable.typeText, &json)
            }
        }
    }

    /// Of a value as a URL writes it.
    private static func type(of text: String, _ json: inout JSONWriter) {
        let name = text.filter { $0 != "[" && $0 != "]" && $0 != "!" }
        switch name {
        case "Boolean": json.member("type", "boolean")
        case "Int":
            json.member("type", "integer")
            json.member("format", "int32")
        case "Float": json.member("type", "number")
        case "Date":
            json.member("type", "string")
            json.member("format", "date")
        case "DateTime":
            json.member("type", "string")
            json.member("format", "date-time")
        default:
            json.member("type", "string")
            json.member("description", "\(name), as GraphQL writes it.")
        }
    }

    private static func schemas(_ json: inout JSONWriter) {
        json.object("Answer") { json in
            json.member("type", "object")
            json.object("properties") { json in
                json.object("data") { $0.member("type", "object") }
                json.object("extensions") { json in
                    json.member("type", "object")
                    json.object("properties") { json in
                        json.object("data") { json in
                            json.member("type", "object")
                            json.object("properties") { json in
                                json.object("dataChangedAt") { json in
                                    json.member("type", "string")
                                    json.member(
                                        "description", "The newest version that changed anything that the question reads.")
                                }
                            }
                        }
                    }
                }
            }
        }
        json.object("Errors") { json in
            json.member("type", "object")
            json.object("properties") { json in
                json.object("errors") { json in
                    json.member("type", "array")
                    json.object("items") { $0.member("type", "object") }
                }
            }
        }
    }

    private static func responses(_ json: inout JSONWriter) {
        for (name, text) in [
            ("NotAcceptable", "None of the formats that the client takes can be given; the message names those that can."),
            ("Invalid", "A parameter is unknown, missing, or not of its type; or the question is not tabular."),
        ] {
            json.object(name) { json in
                json.member("description", text)
                json.object("content") { json in
                    json.object("application/json") { json in
                        json.object("schema") { $0.member("$ref", "#/components/schemas/Errors") }
                    }
                }
            }
        }
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
