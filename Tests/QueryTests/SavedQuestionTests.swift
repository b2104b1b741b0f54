import Foundation
import GraphQLTypes
import Model
import Query
import QueryPlanning
import Testing

@Suite struct `Saved questions` {
    private static let text = """
        # title-zh: 高个子
        # title-en: Tall players
        # description: Players at least so tall: as of a date.
        # rules: R1, R2
        # table: players
        #
        query Tall(
          "How tall."
          $height: Int! = 150
          $names: [String!]
          $rank: Rank
          $fee: Decimal
          $born: Date
          $retired: Boolean
          $weight: Float
          $must: String!
          $where: PlayerFilter
          $share: Ratio
        ) {
          players(where: {height: {gte: $height} name: {in: $names} rank: {eq: $rank} fee: {lte: $fee} born: {lt: $born} retired: {eq: $retired}
            weight: {gt: $weight} nickname: {neq: $must} not: {not: $where} share: {lt: $share}}) { nodes { number } }
        }
        """

    private func questions(_ files: [(String, String)]) -> SavedQuestions {
        SavedQuestions(files: files.map { .init(name: $0.0, bytes: Array($0.1.utf8)) }, model: music, limits: QueryLimits())
    }

    private func tall() throws -> SavedQuestion { try #require(questions([("tall", Self.text)])["tall"]) }

    @Test func `a file says what it is, and what it asks for`() throws {
        let question = try tall()
        #expect(question.problems == [])
        #expect(question.titleChinese == "高个子")
        #expect(question.titleEnglish == "Tall players")
        #expect(question.description == "Players at least so tall: as of a date.")
        #expect(question.rules == ["R1", "R2"])
        #expect(question.table == "players")
        #expect(
            question.variables.map(\.name) == [
                "height", "names", "rank", "fee", "born", "retired", "weight", "must", "where", "share",
            ])
        #expect(question.variables.map(\.typeText).prefix(2) == ["Int!", "[String!]"])
        #expect(question.variables.map(\.isRequired).filter { $0 }.count == 1)
        #expect(question.variables[0].defaultText == "150" && question.variables[0].description == "How tall.")
        let listing = try JSON(questions([("tall", Self.text)]).listing)
        #expect(listing[0].name.string == "tall" && listing[0].variables.items.count == 10 && listing[0].problems.items.isEmpty)
    }

    @Test func `the parameters of a URL become variables of their types`() throws {
        let variables = try tall().variables(fromURL: [
            ("height", "170"), ("names", "Ada"), ("names", "Bela"), ("rank", "SKILLED"), ("fee", "1.50"), ("born", "1990-01-01"),
            ("retired", "false"), ("weight", "1e2"), ("must", "7"), ("where", "{\"name\": {\"eq\": \"x\"}}"), ("share", "1/50"),
            ("asOf", "2018-01-01"),
        ])
        #expect(variables["height"] == .number("170"))
        #expect(variables["names"] == .list([.string("Ada"), .string("Bela")]))
        #expect(variables["rank"] == .string("SKILLED"))
        #expect(variables["fee"] == .string("1.50"))
        #expect(variables["retired"] == .boolean(false))
        #expect(variables["weight"] == .number("1e2"))
        #expect(variables["must"] == .string("7"))
        #expect(
            variables["where"]
                == .object(
                    InputObject([.init(name: "name", value: .object(InputObject([.init(name: "eq", value: .string("x"))])))])))
        #expect(variables["asOf"] == nil)
    }

    @Test func `a question is answered with what its URL says`() throws {
        let desk = try Desk(SmallRegister.make())
        let request = try tall().request(fromURL: [("must", "x"), ("height", "170")])
        let answer = desk.service.answer(
            request, version: desk.version, asOf: desk.asOf, viewer: .local, budget: desk.service.makeBudget())
        #expect(try JSON(answer.body).data.players.nodes.items.map { $0.number.string } == ["P3"])
    }

    @Test func `an empty parameter is as good as none`() throws {
        #expect(try tall().variables(fromURL: [("height", ""), ("names", ""), ("must", "")]).isEmpty)
    }

    @Test func `unknown and repeated parameters are refused, each by name`() throws {
        let question = try tall()
        do throws(RequestError) {
            _ = try question.request(fromURL: [("hieght", "1"), ("must", "x"), ("rank", "NOVICE"), ("rank", "MASTER")])
            Issue.record("wrong parameters are taken")
        } catch {
            #expect(error.outcome == .badVariables)
            #expect(error.errors.map(\.code.rawValue) == ["UNKNOWN_PARAMETER", "BAD_USER_INPUT"])
            #expect(
                error.errors[0].message == "The question 'tall' has no parameter 'hieght'. Did you mean 'height' or 'weight'?")
        }
    }

    @Test(arguments: [
        ("height", "tall"), ("height", "2147483648"), ("retired", "yes"), ("rank", "GOD"), ("born", "1990"), ("fee", "x"),
        ("weight", " "), ("where", "{"),
    ])
    func `what is not of its type is an error of the variable`(name: String, value: String) throws {
        let desk = try Desk(SmallRegister.make())
        let request = try tall().request(fromURL: [("must", "x"), (name, value)])
        let answer = desk.service.answer(
            request, version: desk.version, asOf: desk.asOf, viewer: .local, budget: desk.service.makeBudget())
        #expect(answer.outcome == .badVariables)
        #expect(try JSON(answer.body).errors[0].extensions.argumentPath.string?.hasPrefix("$\(name)") == true)
    }

    @Test func `a broken file is listed as broken and stops nothing`() throws {
        let all = questions([
            ("tall", Self.text), ("broken", "{ nothing }"), ("unread", "{ players {"),
            ("two", "query A { meta { asOf } } query B { meta { asOf } }"),
            ("../etc", "{ meta { version } }"),
            ("reserved", "query($asOf: Date) { players(where: {born: {lt: $asOf}}) { totalCount } }"),
        ])
        #expect(all.questions.map(\.name) == ["../etc", "broken", "reserved", "tall", "two", "unread"])
        #expect(all.questions.filter { $0.problems.isEmpty }.map(\.name) == ["tall"])
        let broken = try #require(all["broken"])
        #expect(broken.problems == ["The type 'Query' has no field 'nothing'. (line 1, column 3)"])
        #expect(throws: RequestError.self) { try broken.request(fromURL: []) }
        #expect(all["none"] == nil)
        #expect(try JSON(all.listing).items.count == 6)
    }

    @Test func `of two files with one name neither is asked, and both say so`() throws {
        let bytes = Array("{ meta { version } }".utf8)
        let files = ["town", nil, "village"].map { SavedQuestions.File(name: "twice", role: $0, bytes: bytes) }
        let all = SavedQuestions(files: files, model: music, limits: QueryLimits())
        #expect(all.questions.map(\.role) == [nil, "town", "village"])
        for question in all.questions { #expect(question.problems == ["Several files have its name, in ., town, village."]) }
        let alone = SavedQuestions(files: [files[0]], model: music, limits: QueryLimits())
        #expect(alone["twice"]?.problems == [])
        #expect(try JSON(alone.listing).items[0].role.string == "town")
    }

    @Test func `the shipped questions can be asked`() throws {
        let shipped = try model(in: root.appending(path: "Schema/model"))
        let questions = SavedQuestions(files: try Sample.questionFiles(), model: shipped, limits: QueryLimits())
        #expect(questions.questions.count >= 2)
        for question in questions.questions {
            #expect(question.problems == [], "\(question.name)")
            #expect(question.role != nil, "\(question.name)")
            #expect(
                question.titleChinese != nil && question.titleEnglish != nil && question.description != nil
                    && !question.rules.isEmpty)
        }
    }
}
