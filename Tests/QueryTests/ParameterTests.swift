import Exchange
import Expressions
import GraphQLTypes
import Model
import Query
import QueryPlanning
import StoreColumns
import Testing

/// `param('…')` reads what the request says, else what a row sets, else what the model declares.
@Suite struct `Parameters` {
    private static let text = """
        enum Level { TOP LOW }
        enum Rules { OLD NEW STANDARD }
        type Place @node(key: "code") @tree(parent: "parent", level: "level") {
          code: String!
          parent: Place
          level: Level!
        }
        type Setting @node(key: ["name", "place", "rules", "since"]) @period(from: "since", to: "until")
          @parameters(name: "name", value: "value", variant: "rules", place: "place")
          @parameter(name: "heavy.from", type: "Int", value: "10", variants: ["OLD=20"], source: "the handbook", zh: "重量")
          @parameter(name: "full.share", type: "Decimal", zh: "份额")
          @parameter(name: "counts.lids", type: "Boolean", value: "false", zh: "盖") {
          name: String!
          value: String
          rules: Rules!
          place: Place!
          since: Date!
          until: Date
        }
        type Jar @node(key: "label")
          @check(id: "not-too-heavy", cel: "weight <= param('heavy.from')", severity: REPORT) {
          label: String!
          weight: Int!
          filled: Decimal @decimal(digits: 2)
          isHeavy: Boolean! @derived(cel: "weight >= param('heavy.from') || param('counts.lids') && weight == 1")
          wasHeavy: Boolean! @derived(cel: "weight >= param('heavy.from', 'OLD')")
          isFull: Boolean @derived(cel: "filled >= param('full.share')")
          isLight: Boolean! @derived(cel: "weight < 3")
        }
        """

    private static let made: Result<Model, any Error> = Result {
        try Model(sources: [ModelSource(name: "jars.graphql", bytes: Array(text.utf8))], digest: "jars")
    }

    private let model: Model
    private let desk: Desk

    init() throws {
        model = try Self.made.get()
        desk = try Self.desk(settings: "")
    }

    private static func desk(settings: String, asOf: String = "2020-06-30") throws -> Desk {
        let model = try made.get()
        let files = [
            ("Place.csv", "code,parent,level\nroot,,TOP\nnorth,root,LOW\nsouth,root,LOW\n"),
            ("Jar.csv", "label,weight,filled\na,1,0.10\nb,9,0.50\nc,10,0.90\nd,25,\n"),
            ("Setting.csv", "name,place,rules,since,until,value\n" + settings),
        ].map { SourceFile(name: $0.0, bytes: Array($0.1.utf8)) }
        let version = try Importer(model: model).read(files).apply(
            to: .empty(catalog: model.catalog), number: 1, publishedAt: Instant(microseconds: 0))
        return Desk(model, version, asOf: try #require(CivilDate(isoText: asOf)))
    }

    private func labels(_ desk: Desk, _ field: String, _ parameters: String = "{}") throws -> [String] {
        let answer = desk.answer(
            "{ jars(where: {\(field): {eq: true}}) { nodes { label } } }", extensions: "{\"parameters\": \(parameters)}")
        let body = try JSON(answer.body)
        #expect(answer.outcome == .data, "\(body)")
        return body["data"].jars.nodes.items.compactMap { $0.label.string }
    }

    /// Orders are kept for a version once they were asked for often; derived fields come out otherwise with other values.
    @Test func `an order that is kept with some values is not the order with others`() throws {
        let order = { (parameters: String) in
            try desk.data(
                "{ jars(orderBy: [{isHeavy: DESC}]) { nodes { label isHeavy } } }", extensions: "{\"parameters\": \(parameters)}"
            ).jars.nodes.items.compactMap { $0.label.string }
        }
        for _ in 0..<2 {
            for _ in 0..<40 { #expect(try order("{}") == ["c", "d", "a", "b"]) }
            for _ in 0..<40 { #expect(try order("{\"heavy.from\": 25}") == ["d", "a", "b", "c"]) }
        }
    }

    @Test func `answers name the parameters and the change that they are of, however often each is asked`() throws {
        let texts = ["{ jars { nodes { isHeavy } } }", "{ jars { nodes { isHeavy wasHeavy isFull } } }"]
        for _ in 0..<3 {
            for text in texts {
                for namesChange in [true, false, true] {
                    #expect(body(of: text, namesChange, by: desk) == body(of: text, namesChange, by: try Self.desk(settings: "")))
                }
            }
        }
    }

    private func body(of text: String, _ namesChange: Bool, by desk: Desk) -> String {
        var request = QueryRequest(document: Array(text.utf8))
        if namesChange {
            let footing = desk.service.footing(of: request, version: desk.version, asOf: desk.asOf, viewer: .local)
            request.dataChange = footing?.identity(in: desk.version, asOf: desk.asOf)
        }
        let answer = desk.service.answer(
            request, version: desk.version, asOf: desk.asOf, viewer: .local, budget: desk.service.makeBudget())
        return String(decoding: answer.body, as: UTF8.self)
    }

    @Test func `what nobody sets is as the model declares it, and unknown where it declares nothing`() throws {
        #expect(try labels(desk, "isHeavy") == ["c", "d"])
        #expect(try labels(desk, "wasHeavy") == ["d"])
        #expect(try labels(desk, "isFull") == [])
        #expect(try desk.data("{ jars(where: {isFull: {isNull: true}}) { totalCount } }").jars.totalCount.int == 4)
    }

    @Test func `a request may say otherwise, for what it names and nothing else`() throws {
        #expect(try labels(desk, "isHeavy", #"{"heavy.from": "9"}"#) == ["b", "c", "d"])
        #expect(try labels(desk, "isHeavy", #"{"heavy.from": 11}"#) == ["d"])
        #expect(try labels(desk, "isHeavy", #"{"counts.lids": true}"#) == ["a", "c", "d"])
        #expect(try labels(desk, "wasHeavy", #"{"heavy.from": 9}"#) == ["d"], "a variant that is named keeps its value")
        #expect(try labels(desk, "isFull", #"{"full.share": 0.5}"#) == ["b", "c"])
        #expect(try labels(desk, "isFull", #"{"full.share": "0.9000001"}"#) == [])
        #expect(try labels(desk, "isHeavy") == ["c", "d"], "and the next request reads what it read before")
    }

    @Test func `of rows the nearest place holds, then the newest, for the variant that was asked for`() throws {
        let desk = try Self.desk(
            settings: """
                heavy.from,root,STANDARD,2019-01-01,,8
                heavy.from,root,STANDARD,2020-01-01,2021-01-01,9
                heavy.from,root,STANDARD,2021-01-01,,1
                heavy.from,north,STANDARD,2019-01-01,,25
                heavy.from,root,NEW,2019-01-01,,26
                full.share,root,STANDARD,2019-01-01,,
                full.share,south,STANDARD,2019-01-01,,much

                """)
        #expect(try labels(desk, "isHeavy") == ["b", "c", "d"])
        #expect(try labels(desk, "isHeavy", #"{"area": "north"}"#) == ["d"])
        #expect(try labels(desk, "isHeavy", #"{"area": "south"}"#) == ["b", "c", "d"])
        #expect(try labels(desk, "isHeavy", #"{"profile": "NEW"}"#) == [])
        #expect(try labels(desk, "isHeavy", #"{"profile": "OLD"}"#) == ["d"], "declared for the variant")
        #expect(try labels(desk, "isHeavy", #"{"profile": "NEW", "heavy.from": "25"}"#) == ["d"])
        #expect(try labels(desk, "isFull", #"{"area": "south"}"#) == [], "a text that is no number sets nothing")
        let later = try Self.desk(settings: "heavy.from,root,STANDARD,2021-01-01,,1\n", asOf: "2021-01-01")
        #expect(try labels(later, "isHeavy") == ["a", "b", "c", "d"], "the first day counts")
        let ended = try Self.desk(settings: "heavy.from,root,STANDARD,2019-01-01,2020-06-30,1\n")
        #expect(try labels(ended, "isHeavy") == ["c", "d"], "the last day does not")
    }

    @Test func `a parameter that is set anew changes the names of the answers that read it, and of no other`() throws {
        let questions = [
            ("{ jars(where: {isHeavy: {eq: true}}) { totalCount } }", true), ("{ jars { nodes { isHeavy } } }", true),
            ("{ jars(orderBy: [{isHeavy: ASC}]) { totalCount } }", true),
            (#"{ jars(where: {cel: "weight < param('heavy.from')"}) { totalCount } }"#, true),
            (#"{ jars(where: {cel: "weight < param('heavy.from', 'OLD')"}) { totalCount } }"#, false),
            ("{ jars { nodes { wasHeavy isFull isLight } } }", false), ("{ jars { totalCount } }", false),
        ]
        // With one row that sets it, and with another value of the same row: of the jars nothing has changed.
        let old = try Self.desk(settings: "heavy.from,root,STANDARD,2019-01-01,,8\n")
        let type = try #require(model.type(named: "Setting")?.nodeType)
        let column = try #require(model.catalog[type].columns.firstIndex { $0.name == "value" })
        let rules = try #require(
            model.catalog[type].columns.compactMap { if case .enumeration(let id) = $0.kind { id } else { nil } }.first)
        let standard = try #require(model.catalog[rules].values.firstIndex(of: "STANDARD"))
        let since = try #require(CivilDate(isoText: "2019-01-01"))
        let new = try old.version.applying(
            ChangeSet(types: [
                TypeChanges(
                    type: type, columns: model.catalog[type].key + [column],
                    cells: [
                        .string("heavy.from"), .reference(Key([.string("root")])), .enumeration(UInt16(standard)),
                        .date(since.days),
                        .string("9"),
                    ])
            ]), number: 2, publishedAt: Instant(microseconds: 1))
        for (document, reads) in questions {
            func name(_ version: GraphVersion, _ given: String = "{}") throws -> String? {
                let request = try QueryRequest.parse(
                    query: document, variables: nil, extensions: "{\"parameters\": \(given)}", operationName: nil,
                    limits: old.service.limits)
                return old.service.footing(of: request, version: version, asOf: old.asOf, viewer: .local)?
                    .identity(in: version, asOf: old.asOf)?.name
            }
            let before = try #require(try name(old.version), "\(document)")
            #expect((try name(new) != before) == reads, "\(document)")
            #expect((try name(old.version, #"{"heavy.from": 7}"#) != before) == reads, "\(document)")
            #expect(try name(old.version, #"{"none.such": 7}"#) == nil)
        }
    }

    @Test func `an answer names the parameters it was made with, their values and where they came from, and no others`() throws {
        func recorded(_ document: String, _ parameters: String = "{}", _ desk: Desk) throws -> JSON {
            try JSON(desk.answer(document, extensions: "{\"parameters\": \(parameters)}").body)["extensions"].data.parameters
        }
        #expect(try recorded("{ jars { totalCount nodes { isLight } } }", #"{"heavy.from": 9}"#, desk).isNull)
        let declared = try recorded("{ jars { nodes { isHeavy } } }", "{}", desk)
        #expect(
            declared.description
                == #"[{"from":"MODEL","name":"heavy.from","source":"the handbook","value":"10"},{"from":"MODEL","name":"counts.lids","value":"false"}]"#
        )
        let given = try recorded(
            #"{ jars(where: {cel: "weight < param('heavy.from') && filled < param('full.share', 'OLD')"}) { totalCount } }"#,
            #"{"heavy.from": 9}"#, desk)
        #expect(
            given.description
                == #"[{"from":"REQUEST","name":"heavy.from","value":"9"},{"from":"NONE","name":"full.share","profile":"OLD","value":null}]"#
        )
        let set = try Self.desk(settings: "heavy.from,root,STANDARD,2019-01-01,,8\n")
        #expect(
            try recorded("{ jars(orderBy: [{isHeavy: ASC}]) { totalCount } }", "{}", set)[0].description
                == #"{"from":"ROW","name":"heavy.from","row":"heavy.from|root|STANDARD|2019-01-01","value":"8"}"#)
    }

    @Test(arguments: [
        (#"{"heavy.form": 9}"#, "UNKNOWN_PARAMETER", "The model has no parameter 'heavy.form'. Did you mean 'heavy.from'?"),
        (#"{"heavy.from": "9.5"}"#, "BAD_USER_INPUT", "The parameter 'heavy.from' is an Int, and '9.5' is none."),
        (#"{"profile": "NEWER"}"#, "BAD_USER_INPUT", "'NEWER' is no variant of the parameters; OLD, NEW, STANDARD are possible."),
        (#"{"area": "west"}"#, "BAD_USER_INPUT", "There is no Place 'west'."),
        (#"{"heavy.from": [9]}"#, "BAD_USER_INPUT", "The parameter 'heavy.from' is a list; it is a text, a number or a Boolean."),
        (#"[9]"#, "BAD_USER_INPUT", "'parameters' is a list; it is an object."),
    ])
    func `what cannot be read is refused`(parameters: String, code: String, message: String) throws {
        let answer = desk.answer("{ jars { totalCount } }", extensions: "{\"parameters\": \(parameters)}")
        let error = try JSON(answer.body)["errors"][0]
        #expect(error.message.string == message)
        #expect(error.extensions.code.string == code)
    }

    @Test func `a saved question takes parameters from its URL, under the name they have`() throws {
        let file = Array("query Heavy { jars(where: {isHeavy: {eq: true}}) { totalCount } }".utf8)
        let questions = SavedQuestions(files: [.init(name: "heavy", bytes: file)], model: model, limits: QueryLimits())
        let question = try #require(questions["heavy"])
        let request = try question.request(fromURL: [("param.heavy.from", "1"), ("param.profile", ""), ("asOf", "2020-06-30")])
        let answer = desk.service.answer(
            request, version: desk.version, asOf: desk.asOf, viewer: .local, budget: desk.service.makeBudget())
        #expect(try JSON(answer.body)["data"].jars.totalCount.int == 4)
    }

    @Test func `a URL's parameters stand before those of the request's extensions, and each is given once`() throws {
        var request = QueryRequest(
            document: Array("{ jars(where: {isHeavy: {eq: true}}) { totalCount } }".utf8),
            extensions: InputObject([
                .init(name: "parameters", value: .object(InputObject([.init(name: "heavy.from", value: .string("100"))]))),
                .init(name: "decimals", value: .string("string")),
            ]))
        try request.takeParameters(fromURL: [("param.heavy.from", "1"), ("heavy.from", "50"), ("param.area", "")])
        #expect(request.extensions["decimals"] == .string("string"))
        let answer = desk.service.answer(
            request, version: desk.version, asOf: desk.asOf, viewer: .local, budget: desk.service.makeBudget())
        #expect(try JSON(answer.body)["data"].jars.totalCount.int == 4)
        let refused = #expect(throws: RequestError.self) {
            try request.takeParameters(fromURL: [("param.heavy.from", "1"), ("param.heavy.from", "2")])
        }
        #expect(refused?.errors.first?.message == "The parameter 'heavy.from' is given more than once; it is one value.")
    }

    @Test func `another value renews what reads it, and nothing else`() throws {
        func cost(_ field: String, _ parameters: String) throws -> Int {
            let budget = desk.service.makeBudget()
            _ = desk.answer(
                "{ jars { aggregate { countDistinct { \(field) } } } }", extensions: "{\"parameters\": \(parameters)}",
                budget: budget)
            return budget.rowsVisited
        }
        for field in ["isHeavy", "isLight"] { _ = try cost(field, "{}") }
        let known = try (heavy: cost("isHeavy", "{}"), light: cost("isLight", "{}"))
        let other = try (heavy: cost("isHeavy", #"{"heavy.from": 3}"#), light: cost("isLight", #"{"heavy.from": 4}"#))
        #expect(other.heavy >= known.heavy)
        #expect(other.light == known.light)
    }

    @Test func `checks read what rows set`() throws {
        let breaches = try model.breaches(in: desk.version, asOf: desk.asOf)
        #expect(breaches.map(\.rows.count) == [1])
        let strict = try Self.desk(settings: "heavy.from,root,STANDARD,2019-01-01,,5\n")
        #expect(try model.breaches(in: strict.version, asOf: strict.asOf).map(\.rows.count) == [3])
    }

    @Test(arguments: [
        ("param('heavy.form') > 1", "The model has no parameter 'heavy.form'. Did you mean 'heavy.from'?"),
        ("param('heavy.from', 'OLDER') > 1", "'param' takes a variant's name second (OLD, NEW, STANDARD)."),
        ("param(label) > 1", "'param' takes the name of a parameter, and perhaps one of a variant, as literals."),
    ])
    func `an expression that names none, or takes it for another type, is told so`(text: String, message: String) throws {
        let errors = try desk.errors("{ jars(where: {cel: \"\(text)\"}) { totalCount } }")
        #expect(errors.first?.message.string?.hasSuffix(message) == true, "\(errors)")
    }
}
