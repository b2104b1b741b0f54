import Expressions
import Foundation
import GraphQLTypes
import Model
import Query
import QueryPlanning
import StoreColumns
import Testing

/// A list that grows beyond a limit of the code is found, sorted or written in another way. On both sides of every limit the answer is what
/// the walk of a server says that was never asked before.
@Suite struct `Lists about as long as a limit` {
    private static let seeds: [UInt64] = {
        if let text = ProcessInfo.processInfo.environment["HEARTH_SEED"], let seed = UInt64(text) { return [seed] }
        return ProcessInfo.processInfo.environment["HEARTH_LONG_TESTS"] == nil ? [1, 2] : Array(1...30)
    }()

    private static let limits: QueryLimits = {
        var limits = QueryLimits()
        limits.pageSize = 2_000
        limits.rowsReturned = 1_000_000
        limits.rootFields = 1_000
        limits.aliases = 1_000
        return limits
    }()

    /// Data, or data and errors: bytes, not only what they mean.
    private func data(_ answer: QueryAnswer) throws -> String {
        let body = try JSON(answer.body)
        guard body["errors"].isNull else { return body["data"].description + body["errors"].description }
        let text = String(decoding: answer.body, as: UTF8.self)
        return text.firstRange(of: "},\"extensions\"").map { String(text[..<$0.lowerBound]) } ?? text
    }

    /// Field by field, with nothing kept from before, as where each step is to be told.
    private func walked(_ query: String, _ variables: String, _ desk: Desk) throws -> String {
        let fresh = Desk(music, desk.version, asOf: desk.asOf, limits: Self.limits)
        var request = try QueryRequest.parse(
            query: query, variables: variables, extensions: nil, operationName: nil, limits: Self.limits)
        request.explainClock = { 0 }
        return try data(
            fresh.service.answer(
                request, version: fresh.version, asOf: fresh.asOf, viewer: .local, budget: fresh.service.makeBudget()))
    }

    private func check(_ query: String, _ variables: String = "{}", _ desk: Desk, _ comment: Comment, times: Int = 1) throws {
        let expected = try walked(query, variables, desk)
        for time in 0..<times {
            let found = try data(desk.answer(query, variables: variables))
            guard found != expected else { continue }
            let place = zip(found.utf8, expected.utf8).prefix { $0 == $1 }.count
            func beside(_ text: String) -> Substring { text.dropFirst(max(0, place - 60)).prefix(160) }
            Issue.record(
                "\(comment), time \(time): \(query) \(variables)\n\(beside(found))\n\(beside(expected))\nat \(place), first differing"
            )
            return
        }
    }

    // MARK: - A register whose lists have about as many rows as there are limits

    private static let pupilCounts = [1, 31, 32, 33, 63, 64, 65, 127, 255, 256, 257, 1_023, 1_024, 1_025]
    private static let songCounts = [0, 1, 31, 32, 33, 255, 256, 257]

    /// The first players teach as many as `pupilCounts` says, the first bands have as many songs as `songCounts` says. Numbers of rows are in
    /// no order of keys.
    private static func graph(_ chance: inout Chance) -> NaiveGraph {
        let graph = NaiveGraph.random(&chance, players: 0)
        graph.rows["Song"] = []
        graph.rows["Band"] = songCounts.indices.map {
            ["code": .string("B\($0 * 5 % 8)"), "name": .string(chance.pick(NaiveGraph.words)), "founded": .date(9_000 + $0)]
        }
        // Each of the first is taught by the next, too.
        var teachers = pupilCounts.indices.map { ($0 + 1) % pupilCounts.count }
        for (teacher, count) in pupilCounts.enumerated() { teachers += Array(repeating: teacher, count: count - 1) }
        let later = teachers[pupilCounts.count...].shuffled(using: &chance)
        teachers.replaceSubrange(pupilCounts.count..., with: later)
        for (player, teacher) in teachers.enumerated() {
            graph.rows["Player"]!.append([
                "number": .string(number(player)), "name": .string(chance.pick(NaiveGraph.words)), "teacher": .row(teacher),
                "height": chance.oneIn(4) ? .null : .int(chance.below(7) * 30),
                "rank": chance.oneIn(4) ? .null : .enumeration(chance.pick(NaiveGraph.ranks)),
            ])
        }
        for (band, count) in songCounts.enumerated() {
            for index in 0..<count {
                graph.rows["Song"]!.append([
                    "band": .row(band), "title": .string("\(chance.pick(NaiveGraph.words)) \(index * 37 % 300)"),
                    "writers": .rows([index % 2, 2 + index % 300, 0].uniqued),
                    "seconds": chance.oneIn(4) ? .null : .int(chance.below(5) * 60),
                ])
            }
        }
        for player in 0..<768 {
            graph.rows["Stint"]!.append([
                "player": .row(player), "band": .row(player < 255 ? 0 : player < 511 ? 1 : 2),
                "since": .date(graph.asOf - 20 + chance.below(40)), "role": .enumeration(chance.pick(NaiveGraph.skills)),
            ])
        }
        return graph
    }

    private static func number(_ player: Int) -> String { "P\(player * 13 % 100)-\(player)" }

    private static func desk(_ graph: NaiveGraph) throws -> Desk { try Desk(graph, limits: limits) }

    /// Some pupils go to another teacher, in the register and in the next version of the engine's.
    private func moved(_ graph: NaiveGraph, _ version: GraphVersion, _ chance: inout Chance) throws -> GraphVersion {
        let type = try #require(music.type(named: "Player")?.nodeType)
        let columns = music.catalog[type].columns
        var changes = TypeChanges(
            type: type, columns: try ["number", "teacher"].map { name in try #require(columns.firstIndex { $0.name == name }) })
        var moved: Set<Int> = []
        while moved.count < 12 {
            let player = Self.pupilCounts.count + chance.below(graph.rows["Player"]!.count - Self.pupilCounts.count)
            guard moved.insert(player).inserted else { continue }
            let teacher = chance.below(Self.pupilCounts.count)
            graph.rows["Player"]![player]["teacher"] = .row(teacher)
            changes.cells += [.string(Self.number(player)), .reference(Key([.string(Self.number(teacher))]))]
        }
        return try version.applying(
            ChangeSet(types: [changes]), number: version.number + 1, publishedAt: version.publishedAt)
    }

    // MARK: - Questions

    private static let questions = [
        "query($n: Int) { bands(first: 1000) { nodes { code songs(first: $n) { nodes { title seconds } } } } }",
        "query($n: Int, $s: Int) { bands(first: 1000) { nodes { code songs(where: {seconds: {gt: $s}} first: $n) "
            + "{ totalCount nodes { title } } } } }",
        "query($n: Int, $k: String) { players(where: {number: {eq: $k}}) { totalCount nodes { number pupils(first: $n) "
            + "{ nodes { number name teacher { number } } } } } }",
        "query($n: Int, $k: String) { players(where: {teacher: {number: {eq: $k}}} first: $n) { totalCount nodes { number name } } }",
        "query($n: Int, $k: String, $s: Int) { players(where: {teacher: {number: {eq: $k}} height: {gte: $s}} first: $n) "
            + "{ totalCount nodes { number } } }",
        "query($n: Int, $k: String) { players(where: {teacher: {teacher: {number: {eq: $k}}}} last: $n) { totalCount nodes { number } } }",
        "query($n: Int, $c: String) { songs(where: {band: {code: {eq: $c}}} first: $n) { totalCount nodes { title band { code } } } }",
        "query($n: Int, $c: String, $k: String) { songs(where: {band: {code: {eq: $c}} writers: {some: {number: {eq: $k}}}} first: $n) "
            + "{ totalCount nodes { title } } }",
        "query($n: Int, $c: String, $s: Int) { songs(where: {or: [{band: {code: {eq: $c}}} {seconds: {eq: $s}}]} "
            + "orderBy: [{seconds: DESC}] first: $n) { totalCount nodes { title } } }",
        "query($n: Int, $s: Int) { players(where: {height: {gte: $s}} orderBy: [{rank: DESC} {height: ASC}] first: $n) "
            + "{ totalCount nodes { number height rank } } }",
        "query($n: Int, $s: Int) { players(where: {pupils: {some: {height: {eq: $s}}}} first: $n) "
            + "{ totalCount nodes { number pupils(where: {height: {lt: $s}} first: 3) { totalCount nodes { number } } } } }",
        "query($n: Int, $c: String) { stints(where: {band: {code: {eq: $c}}} first: $n) { totalCount nodes { since player { number } } } }",
        "query($n: Int, $c: String) { bands(where: {code: {eq: $c}}) { nodes { code players(first: $n) "
            + "{ nodes { number band { code } } } } } }",
        "query($n: Int, $s: Int) { players(first: $n) { nodes { number name height } } songs(where: {seconds: {lte: $s}} first: $n) "
            + "{ totalCount nodes { title } } }",
    ]

    private static let sizes = [
        0, 1, 3, 31, 32, 33, 63, 64, 65, 255, 256, 257, 300, 511, 513, 999, 1_000, 1_023, 1_024, 1_025, 1_600,
    ]

    private func variables(_ chance: inout Chance) -> String {
        let teacher = chance.oneIn(9) ? "nobody" : Self.number(chance.below(Self.pupilCounts.count))
        let band = chance.oneIn(9) ? "nothing" : "B\(chance.below(Self.songCounts.count))"
        return """
            {"n": \(chance.pick(Self.sizes)), "k": "\(teacher)", "c": "\(band)", "s": \(chance.below(5) * 60)}
            """
    }

    @Test(arguments: seeds) func `are answered alike at first, again, with other values and after a change`(seed: UInt64) throws {
        var chance = Chance(seed: seed &+ 11_000)
        let graph = Self.graph(&chance)
        var desk = try Self.desk(graph)
        for turn in 0..<2 {
            for question in Self.questions {
                let declared = question.prefix { $0 != "{" }
                for round in 0..<3 {
                    let all = variables(&chance)
                    // Only what the question declares.
                    let members = all.dropFirst().dropLast().split(separator: ", ").filter { member in
                        declared.contains("$" + member.split(separator: "\"")[0])
                    }
                    let given = "{" + members.joined(separator: ", ") + "}"
                    try check(question, given, desk, "seed \(seed), turn \(turn), round \(round)", times: round == 0 ? 4 : 2)
                }
            }
            desk.version = try moved(graph, desk.version, &chance)
        }
    }

    @Test func `by the row outside have the rows that refer to it, however many they are`() throws {
        var chance = Chance(seed: 5)
        let graph = Self.graph(&chance)
        let desk = try Self.desk(graph)
        let query =
            "query($k: String!) { players(where: {teacher: {number: {eq: $k}}} first: 2000) { totalCount nodes { number } } }"
        // Only those with many, for so long that others are not looked for any more.
        let many = Array(repeating: Self.pupilCounts.indices.suffix(4), count: 3).flatMap(\.self)
        for (round, teachers) in [many, Array(Self.pupilCounts.indices), Self.pupilCounts.indices.shuffled(using: &chance)]
            .enumerated()
        {
            for teacher in teachers {
                let count = Self.pupilCounts[teacher]
                let pupils = graph.rows["Player"]!.indices.filter { graph.rows["Player"]![$0]["teacher"] == .row(teacher) }
                try #require(pupils.count == count)
                let found = try desk.data(query, variables: "{\"k\": \"\(Self.number(teacher))\"}").players
                #expect(found.totalCount.int == count, "round \(round)")
                let numbers = pupils.map(Self.number).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
                #expect(found.nodes.items.map { $0.number.string ?? "" } == numbers, "round \(round): \(count)")
            }
        }
    }

    @Test(arguments: [1_022, 1_023, 1_024, 1_025, 1_026]) func `behind a row are written up to any size`(size: Int) throws {
        var chance = Chance(seed: 9)
        let desk = try Self.desk(Self.graph(&chance))
        let query =
            "query($k: String, $n: Int) { players(where: {number: {gte: $k}} first: 2) { nodes { number pupils(first: $n) { nodes { number } } } } }"
        for teacher in Self.pupilCounts.indices.suffix(3) {
            let variables = "{\"k\": \"\(Self.number(teacher))\", \"n\": \(size)}"
            try check(query, variables, desk, "\(Self.pupilCounts[teacher])", times: 2)
            let first = try desk.data(query, variables: variables).players.nodes[0]
            #expect(first.pupils.nodes.items.count == min(size, Self.pupilCounts[teacher]))
        }
    }

    /// Rows are asked one by one until so many were asked that all are.
    @Test(arguments: [1, 2, 3] as [UInt64]) func `hold the rows that a filter holds for, asked together or each alone`(
        seed: UInt64
    ) throws {
        var chance = Chance(seed: seed)
        let graph = Self.graph(&chance)
        let desk = try Self.desk(graph)
        func holds(_ song: Int, _ seconds: Int) -> Bool {
            if case .int(let own)? = graph.rows["Song"]![song]["seconds"] { own > seconds } else { false }
        }
        for seconds in [0, 60, 180] {
            let text = "songs(where: {seconds: {gt: $s}} first: 2) { totalCount nodes { title } }"
            let variables = "{\"s\": \(seconds)}"
            let together = try desk.data("query($s: Int) { bands { nodes { code \(text) } } }", variables: variables).bands.nodes
                .items
            #expect(together.count == Self.songCounts.count)
            for band in together {
                let code = band.code.string ?? ""
                let alone = try desk.data("query($s: Int) { band(code: \"\(code)\") { code \(text) } }", variables: variables)
                    .band
                #expect(alone.description == band.description, "seed \(seed)")
                let row = graph.rows["Band"]!.firstIndex { $0["code"] == .string(code) }
                let count = graph.rows["Song"]!.indices.filter {
                    graph.rows["Song"]![$0]["band"] == row.map { .row($0) } && holds($0, seconds)
                }.count
                #expect(band.songs.totalCount.int == count, "seed \(seed): \(code)")
            }
        }
    }

    /// 127 pupils of one teacher: themselves, their teachers, and the teachers' pupils are 128² - 1 rows inside one, one below the most that
    /// are found at once.
    @Test(arguments: 0...2) func `are written as the walk writes them where one row has about as many inside as may be`(more: Int)
        throws
    {
        var chance = Chance(seed: 3)
        let graph = Self.graph(&chance)
        let desk = try Self.desk(graph)
        let teacher = Self.number(try #require(Self.pupilCounts.firstIndex(of: 127)))
        let others = (0..<more).map { "o\($0): teacher { number }" }
        let deep = "pupils(first: 1000) { nodes { teacher { number pupils(first: 1000) { nodes { number } } } } }"
        let behind = "last: pupils(first: 2) { nodes { name } }"
        // The list that is too long comes first, or last, or with others on both sides.
        let one = "players(where: {number: {eq: $k}})"
        let two = "players(where: {number: {lte: $k}} orderBy: [{number: DESC}] first: 2)"
        // A pupil of the teacher has one row more inside, and what is behind it is found only if that is not too many.
        let pupil = Self.number(
            try #require(graph.rows["Player"]!.firstIndex { $0["teacher"] == .row(Self.pupilCounts.firstIndex(of: 127) ?? 0) }))
        let nested = ["t: teacher { number \(([deep] + others).joined(separator: " ")) }", "b: teacher { name }"]
        for (rows, key, members) in [
            (one, teacher, [deep] + others), (two, teacher, others + [deep, behind]), (one, pupil, nested),
        ] {
            let query = "query($k: String) { \(rows) { nodes { number \(members.joined(separator: " ")) } } }"
            try check(query, "{\"k\": \"\(key)\"}", desk, "\(more) more", times: 2)
        }
    }

    // MARK: - As many fields as a limit

    @Test(arguments: [15, 63, 64, 65]) func `of about as many fields as a shape has are written as the walk writes them`(
        count: Int
    ) throws {
        var chance = Chance(seed: 4)
        let desk = try Desk(NaiveGraph.random(&chance, players: 300), limits: Self.limits)
        let leaves = (0..<count - 3).map { "m\($0): \(chance.pick(["number", "name", "height", "fee", "rank", "skills"]))" }
        for inside in ["a: teacher { number }", "a: stints(first: 3) { nodes { since } }", "a: number b: name"] {
            let query = "query($n: Int) { players(first: $n) { nodes { o: number \(leaves.joined(separator: " ")) \(inside) } } }"
            for size in [3, 256, 257] { try check(query, "{\"n\": \(size)}", desk, "\(count) fields", times: 2) }
        }
    }

    @Test(arguments: [2, 63, 64, 65]) func `as many as are written without a walk are written as the walk writes them`(count: Int)
        throws
    {
        var chance = Chance(seed: 6)
        let desk = try Desk(NaiveGraph.random(&chance, players: 20), limits: Self.limits)
        let lists = (0..<count).map {
            "l\($0): players(where: {height: {gte: $h}} first: \($0 % 4)) { totalCount nodes { number } }"
        }
        let parts = (0..<count).map {
            $0 % 3 == 0 ? "p\($0): totalCount" : "p\($0): nodes { \($0 % 3 == 1 ? "number" : "name height") }"
        }
        let queries = [
            "query($h: Int) { \(lists.joined(separator: " ")) }",
            "query($h: Int) { players(where: {height: {gte: $h}} first: 3) { \(parts.joined(separator: " ")) } }",
        ]
        for query in queries {
            for height in [0, 90, 0] { try check(query, "{\"h\": \(height)}", desk, "\(count)", times: 3) }
        }
    }

    /// More questions than are kept, each of which is asked again when it was forgotten.
    @Test func `asked in turn with more questions than are kept are answered as when they were first asked`() throws {
        var chance = Chance(seed: 8)
        let graph = NaiveGraph.random(&chance, players: 40)
        let desk = try Desk(graph, limits: Self.limits)
        func query(_ index: Int) -> String {
            "query($h: Int) { players(where: {height: {gte: $h}} first: \(index)) { totalCount nodes { number } } }"
        }
        for round in 0..<4 {
            for index in 0..<70 {
                let height = (round + index) % 4 * 60
                let count = graph.rows["Player"]!.filter {
                    if case .int(let own)? = $0["height"] { own >= height } else { false }
                }.count
                // The last one is asked now and again between the others.
                for index in [index, 69] {
                    let found = try desk.data(query(index), variables: "{\"h\": \(height)}").players
                    #expect(
                        found.totalCount.int == count && found.nodes.items.count == min(count, index), "round \(round), \(index)")
                }
            }
        }
    }
}

/// Questions that are asked again in other forms, of which more are planned, and more orders made, than are kept.
@Suite struct `More forms of a question than are kept` {
    @Test func `are each answered by their own plan`() throws {
        var chance = Chance(seed: 12)
        let desk = try Desk(NaiveGraph.random(&chance, players: 5))
        let fields = ["name", "born", "height", "fee", "rank"]
        let parts = fields.enumerated().map { "\($1) @include(if: $f\($0))" }.joined(separator: " ")
        let declared = fields.indices.map { "$f\($0): Boolean!" }.joined(separator: " ")
        let query = "query(\(declared)) { players { nodes { number \(parts) } } }"
        for round in 0..<2 {
            for form in 0..<32 {
                let chosen = fields.indices.filter { form >> $0 & 1 == 1 }
                let values = fields.indices.map { "\"f\($0)\": \(chosen.contains($0))" }.joined(separator: ", ")
                let wanted = try desk.data("{ players { nodes { number \(chosen.map { fields[$0] }.joined(separator: " ")) } } }")
                #expect(
                    try desk.data(query, variables: "{\(values)}").description == wanted.description, "round \(round), \(form)")
            }
        }
    }

    /// So often that an order pays, then with others between, so that some are forgotten, and again.
    @Test func `are each answered in their own order`() throws {
        var chance = Chance(seed: 13)
        let graph = NaiveGraph.random(&chance, players: 33)
        let desk = try Desk(graph)
        let orders = ["name", "born", "height", "weight", "fee", "rank"].flatMap { ["{\($0): ASC}", "{\($0): DESC}"] }
        let query = orders.map { order in
            "query($n: Int) { players(orderBy: [\(order)] first: $n) { nodes { number } } }"
        }
        let expected = try query.map { text in
            try Desk(graph).data(text, variables: "{\"n\": 33}").players.nodes.items.map { $0.number.string ?? "" }
        }
        for round in 0..<3 {
            for (place, text) in round == 1 ? Array(query.enumerated().reversed()) : Array(query.enumerated()) {
                for turn in 0..<24 {
                    let size = turn % 2 == 0 ? 33 : chance.below(34)
                    // Another document finds the order that was made for one before.
                    let text = "\(text) # \(round)"
                    let found = try desk.data(text, variables: "{\"n\": \(size)}").players.nodes.items.map {
                        $0.number.string ?? ""
                    }
                    #expect(found == Array(expected[place].prefix(size)), "round \(round), turn \(turn): \(text)")
                }
            }
        }
    }
}

/// Values of a request that are few are read in another way than many.
@Suite struct `A request of many values` {
    @Test(arguments: 0...11) func `hands over each of them, and finds one that is given twice`(count: Int) throws {
        func parse(_ members: [String]) throws(RequestError) -> QueryRequest {
            try QueryRequest.parse(
                query: "{ meta { version } }", variables: "{\(members.joined(separator: ","))}", extensions: nil,
                operationName: nil,
                limits: QueryLimits())
        }
        let members = (0..<count).map { "\"v\($0)\":\($0 % 3 == 0 ? "null" : $0 % 3 == 1 ? "\"t\($0)\"" : "true")" }
        let variables = try parse(members).variables
        #expect(variables.entries.map(\.name) == (0..<count).map { "v\($0)" })
        for place in 0..<count {
            #expect(variables["v\(place)"] == (place % 3 == 0 ? .null : place % 3 == 1 ? .string("t\(place)") : .boolean(true)))
            #expect(throws: RequestError.self) { try parse(members + ["\"v\(place)\":null"]) }
        }
    }
}
