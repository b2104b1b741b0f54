import Expressions
import Foundation
import Query
import StoreColumns
import Testing

/// Figures of the register that is known by heart.
@Suite struct `Aggregates and groups` {
    func desk() throws -> Desk { try Desk(SmallRegister.make()) }

    /// The bytes of `data`.
    func check(_ query: String, gives expected: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let body = try desk().ask(query)
        let end = try #require(body.range(of: ",\"extensions\""))
        #expect(body[..<end.lowerBound].dropFirst(8) == expected, "\(query)", sourceLocation: sourceLocation)
    }

    @Test func `figures are of all rows that the filter holds, whatever the page`() throws {
        try check(
            "{ players(first: 1) { nodes { number } totalCount aggregate { count } } }",
            gives: #"{"players":{"nodes":[{"number":"P1"}],"totalCount":5,"aggregate":{"count":5}}}"#)
        try check(
            "{ players(where: {retired: {eq: true}}, first: 0) { aggregate { count sum { fee height } } } }",
            gives: #"{"players":{"aggregate":{"count":1,"sum":{"fee":-5.07,"height":0}}}}"#)
    }

    @Test func `sums by an enum are exact up to 63 bits, and rows without the enum are a group of their own`() throws {
        let graph = NaiveGraph()
        graph.asOf = days(2019, 7, 1)
        let ranks: [NaiveGraph.Value] = [.null, .enumeration("NOVICE"), .enumeration("MASTER")]
        // Hundredths that end in other digits for each row; twelve of them nearly fill 63 bits.
        func hundredths(_ row: Int) -> Int { 700_000_000_000_000_000 + row }
        graph.rows["Player"] = (0..<36).map { row in
            [
                "number": .string("P\(row)"), "name": .string("n"), "rank": ranks[row % 3],
                "fee": row == 0 ? .null : .decimal(hundredths(row) * 10),
            ]
        }
        let body = try Desk(graph).ask(
            "{ players { groups(by: [{field: rank}]) { key { rank } aggregate { count sum { fee } } } } }")
        for (place, key) in ["null", "\"NOVICE\"", "\"MASTER\""].enumerated() {
            let rows = stride(from: place, to: 36, by: 3).filter { $0 != 0 }
            let sum = rows.reduce(Int128(0)) { $0 + Int128(hundredths($1)) }
            let text = "\(sum / 100).\(sum % 100 < 10 ? "0" : "")\(sum % 100)"
            let expected = "{\"key\":{\"rank\":\(key)},\"aggregate\":{\"count\":12,\"sum\":{\"fee\":\(text)}}}"
            #expect(body.contains(expected), "\(expected) in \(body)")
        }
    }

    @Test func `every figure of every kind`() throws {
        try check(
            """
            { players { aggregate {
              count suppressed
              countDistinct { number name height weight fee seenAt retired rank teacher band role songCount share }
              sum { height weight fee songCount }
              avg { height weight fee songCount }
              min { height weight fee born seenAt songCount share name nickname rank retired role }
              max { height weight fee born seenAt songCount share name nickname rank retired role }
              median { height weight fee born seenAt songCount share name nickname rank retired role }
            } } }
            """,
            gives: #"{"players":{"aggregate":{"count":5,"suppressed":false,"#
                + #""countDistinct":{"number":5,"name":4,"height":3,"weight":2,"fee":3,"seenAt":1,"retired":2,"rank":3,"teacher":2,"#
                + #""band":2,"role":2,"songCount":3,"share":2},"#
                + #""sum":{"height":335,"weight":131.5,"fee":1245.43,"songCount":3},"#
                + #""avg":{"height":111.6667,"weight":65.75,"fee":415.1433,"songCount":0.6000},"#
                + #""min":{"height":0,"weight":61.5,"fee":-5.07,"born":"1980-05-17","seenAt":"2019-03-01T12:34:56Z","songCount":0,"share":0.0000,"#
                + #""name":"Ada","nickname":"ace","rank":"NOVICE","retired":false,"role":"SINGING"},"#
                + #""max":{"height":175,"weight":70.0,"fee":1250.50,"born":"1990-01-01","seenAt":"2019-03-01T12:34:56Z","songCount":2,"share":0.0125,"#
                + #""name":"李明","nickname":"ace","rank":"MASTER","retired":true,"role":"KEYS"},"#
                + #""median":{"height":160.0,"weight":65.75,"fee":0.000,"born":"1980-05-17","seenAt":"2019-03-01T12:34:56Z","songCount":0.0,"share":0.0063,"#
                + #""name":"Bela","nickname":"ace","rank":"SKILLED","retired":false,"role":"SINGING"}}}}"#
        )
    }

    @Test func `of nothing counts and sums are 0 and the others null`() throws {
        try check(
            """
            { players(where: {number: {eq: "none"}}) { aggregate {
              count countDistinct { name } sum { height weight fee } avg { height weight } min { born share } max { fee } median { height }
            } } }
            """,
            gives: #"{"players":{"aggregate":{"count":0,"countDistinct":{"name":0},"sum":{"height":0,"weight":0.0,"fee":0.00},"#
                + #""avg":{"height":null,"weight":null},"min":{"born":null,"share":null},"max":{"fee":null},"median":{"height":null}}}}"#
        )
    }

    @Test func `an average is rounded half up to the digits that are asked for`() throws {
        try check(
            "{ players { aggregate { avg(scale: 0) { height } two: avg(scale: 2) { height } nine: avg(scale: 9) { fee } } } }",
            gives: #"{"players":{"aggregate":{"avg":{"height":112},"two":{"height":111.67},"nine":{"fee":415.143333333}}}}"#)
    }

    @Test func `figures of a row's set, filtered or not`() throws {
        try check(
            """
            { bands { nodes { code songs { aggregate { count sum { price } max { seconds } } }
              long: songs(where: {seconds: {gt: 60}}) { aggregate { count } } players { aggregate { count avg(scale: 1) { height } } } } } }
            """,
            gives:
                #"{"bands":{"nodes":[{"code":"B1","songs":{"aggregate":{"count":3,"sum":{"price":1.490},"max":{"seconds":180}}},"#
                + #""long":{"aggregate":{"count":1}},"players":{"aggregate":{"count":2,"avg":{"height":80.0}}}},"#
                + #"{"code":"B2","songs":{"aggregate":{"count":0,"sum":{"price":0.000},"max":{"seconds":null}}},"long":{"aggregate":{"count":0}},"#
                + #""players":{"aggregate":{"count":1,"avg":{"height":175.0}}}}]}}"#)
    }

    // MARK: - Groups

    @Test func `groups by a field, sorted by their keys`() throws {
        try check(
            "{ players { groups(by: [{field: rank}]) { key { rank name } aggregate { count max { height } } } } }",
            gives: #"{"players":{"groups":[{"key":{"rank":"NOVICE","name":null},"aggregate":{"count":1,"max":{"height":0}}},"#
                + #"{"key":{"rank":"SKILLED","name":null},"aggregate":{"count":1,"max":{"height":175}}},"#
                + #"{"key":{"rank":"MASTER","name":null},"aggregate":{"count":1,"max":{"height":160}}},"#
                + #"{"key":{"rank":null,"name":null},"aggregate":{"count":2,"max":{"height":null}}}]}}"#)
    }

    @Test func `groups by several keys, of texts, flags and related rows`() throws {
        try check(
            """
            { players { groups(by: [{field: name}, {band: {field: code}}, {field: retired}]) {
              key { name retired band { code } } aggregate { count } } } }
            """,
            gives: #"{"players":{"groups":[{"key":{"name":"Ada","retired":false,"band":{"code":"B1"}},"aggregate":{"count":1}},"#
                + #"{"key":{"name":"Ada","retired":null,"band":{"code":"B2"}},"aggregate":{"count":1}},"#
                + #"{"key":{"name":"Bela","retired":true,"band":{"code":"B1"}},"aggregate":{"count":1}},"#
                + #"{"key":{"name":"tab\tand \\ \"quote\"","retired":null,"band":{"code":null}},"aggregate":{"count":1}},"#
                + #"{"key":{"name":"李明","retired":null,"band":{"code":null}},"aggregate":{"count":1}}]}}"#)
    }

    @Test func `a row can be the key, and all of it is there`() throws {
        try check(
            """
            { players { groups(by: [{band: {field: id}}]) { key { band { code name id node { code founded } } } aggregate { count }
              nodes(first: 1) { number } } } }
            """,
            gives: try {
                let ids = try desk().data("{ bands { nodes { id } } }").bands.nodes.items.map { $0.id.string ?? "" }
                return
                    #"{"players":{"groups":[{"key":{"band":{"code":"B1","name":"The \"Quoted\" 乐队","id":"\#(ids[0])","node":{"code":"B1","founded":"1999-12-31"}}},"aggregate":{"count":2},"nodes":[{"number":"P1"}]},"#
                    + #"{"key":{"band":{"code":"B2","name":"Zoë & 李","id":"\#(ids[1])","node":{"code":"B2","founded":"2000-02-29"}}},"aggregate":{"count":1},"nodes":[{"number":"P3"}]},"#
                    + #"{"key":{"band":{"code":null,"name":null,"id":null,"node":null}},"aggregate":{"count":2},"nodes":[{"number":"P4"}]}]}}"#
            }())
    }

    @Test func `periods of dates and of instants`() throws {
        try check(
            "{ stints { groups(by: [{since: HALF}]) { key { since { period from to } } aggregate { count } } } }",
            gives:
                #"{"stints":{"groups":[{"key":{"since":{"period":"2017-H1","from":"2017-01-01","to":"2017-06-30"}},"aggregate":{"count":1}},"#
                + #"{"key":{"since":{"period":"2018-H1","from":"2018-01-01","to":"2018-06-30"}},"aggregate":{"count":2}},"#
                + #"{"key":{"since":{"period":"2019-H1","from":"2019-01-01","to":"2019-06-30"}},"aggregate":{"count":1}},"#
                + #"{"key":{"since":{"period":"2019-H2","from":"2019-07-01","to":"2019-12-31"}},"aggregate":{"count":1}}]}}"#)
        for (unit, text) in [
            ("YEAR", "2019"), ("QUARTER", "2019-Q1"), ("MONTH", "2019-03"), ("WEEK", "2019-W09"), ("DAY", "2019-03-01"),
        ] {
            try check(
                "{ players(where: {seenAt: {isNull: false}}) { groups(by: [{seenAt: \(unit)}]) { key { seenAt { period } } } } }",
                gives: #"{"players":{"groups":[{"key":{"seenAt":{"period":"\#(text)"}}}]}}"#)
        }
    }

    @Test func `intervals of numbers`() throws {
        try check(
            "{ players { groups(by: [{height: {width: 50, origin: 10}}]) { key { height { value from to } } aggregate { count } } } }",
            gives: #"{"players":{"groups":[{"key":{"height":{"value":null,"from":-40,"to":10}},"aggregate":{"count":1}},"#
                + #"{"key":{"height":{"value":null,"from":160,"to":210}},"aggregate":{"count":2}},{"key":{"height":null},"aggregate":{"count":2}}]}}"#
        )
        try check(
            "{ players { groups(by: [{fee: {bounds: [-5.07, 1000]}}]) { key { fee { from to } } aggregate { count } } } }",
            gives: #"{"players":{"groups":[{"key":{"fee":{"from":-5.07,"to":1000}},"aggregate":{"count":2}},"#
                + #"{"key":{"fee":{"from":1000,"to":null}},"aggregate":{"count":1}},{"key":{"fee":null},"aggregate":{"count":2}}]}}"#
        )
        try check(
            "{ players { groups(by: [{share: {width: 0.01}}]) { key { share { from to } } aggregate { count } } } }",
            gives: #"{"players":{"groups":[{"key":{"share":{"from":0.00,"to":0.01}},"aggregate":{"count":1}},"#
                + #"{"key":{"share":{"from":0.01,"to":0.02}},"aggregate":{"count":1}},{"key":{"share":null},"aggregate":{"count":3}}]}}"#
        )
        try check(
            "{ players { groups(by: [{field: height}]) { key { height { value from } } } } }",
            gives:
                #"{"players":{"groups":[{"key":{"height":{"value":0,"from":null}}},{"key":{"height":{"value":160,"from":null}}},"#
                + #"{"key":{"height":{"value":175,"from":null}}},{"key":{"height":null}}]}}"#)
    }

    @Test func `groups are chosen and sorted by their figures`() throws {
        try check(
            """
            { players { groups(by: [{field: name}], having: {count: {gte: 2}}) { key { name } aggregate { count } } } }
            """,
            gives: #"{"players":{"groups":[{"key":{"name":"Ada"},"aggregate":{"count":2}}]}}"#)
        try check(
            """
            { players { groups(by: [{field: name}], orderBy: [{aggregate: {sum: {field: height, order: DESC}}}, {key: {order: DESC}}],
              first: 2, offset: 1) { key { name } aggregate { sum { height } } } } }
            """,
            gives: #"{"players":{"groups":[{"key":{"name":"李明"},"aggregate":{"sum":{"height":0}}},"#
                + #"{"key":{"name":"tab\tand \\ \"quote\""},"aggregate":{"sum":{"height":0}}}]}}"#)
        try check(
            """
            { players { groups(by: [{field: name}], having: {where: {rank: {eq: SKILLED}}, count: {eq: 1}, avg: {height: {gt: 174.5}}}) {
              key { name } aggregate { count } } } }
            """,
            gives: #"{"players":{"groups":[{"key":{"name":"Ada"},"aggregate":{"count":2}}]}}"#)
    }

    @Test func `groups of a row's set`() throws {
        try check(
            "{ bands { nodes { code stints { groups(by: [{field: role}]) { key { role } aggregate { count } nodes { since } } } } } }",
            gives:
                #"{"bands":{"nodes":[{"code":"B1","stints":{"groups":[{"key":{"role":"KEYS"},"aggregate":{"count":1},"nodes":[{"since":"2018-01-01"}]},"#
                + #"{"key":{"role":null},"aggregate":{"count":1},"nodes":[{"since":"2019-07-01"}]}]}},"#
                + #"{"code":"B2","stints":{"groups":[{"key":{"role":"SINGING"},"aggregate":{"count":1},"nodes":[{"since":"2019-01-01"}]},"#
                + #"{"key":{"role":"DRUMS"},"aggregate":{"count":1},"nodes":[{"since":"2017-01-01"}]},"#
                + #"{"key":{"role":null},"aggregate":{"count":1},"nodes":[{"since":"2018-01-01"}]}]}}]}}"#)
    }

    @Test func `groups are chosen and sorted by every figure that can be asked of them`() throws {
        func check(_ having: String, _ order: String, gives names: [String], sourceLocation: SourceLocation = #_sourceLocation)
            throws
        {
            let query =
                "{ bands { nodes { stints { groups(by: [{field: role}] having: {\(having)} orderBy: [\(order)]) { key { role } } } } } }"
            let found = try desk().data(query).bands.nodes[1].stints.groups.items.map { $0.key.role.string ?? "null" }
            #expect(found == names, "\(having), \(order)", sourceLocation: sourceLocation)
        }
        // The second band: DRUMS of P1 in 2017, SINGING of P3 in 2019, none of P4 in 2018.
        try check(
            "median: {since: {gte: \"2018-01-01\"}}", "{aggregate: {median: {field: since, order: DESC}}}",
            gives: ["SINGING", "null"])
        try check(
            "countDistinct: {field: player, count: {eq: 1}}", "{aggregate: {min: {field: until, order: DESC_NULLS_FIRST}}}",
            gives: ["SINGING", "null", "DRUMS"])
        try check(
            "countDistinct: [{field: until, count: {gt: 0}}, {field: role, count: {lte: 1}}]",
            "{aggregate: {countDistinct: {field: role, order: ASC}}}", gives: ["null", "DRUMS"])
        try check("max: {role: {gte: STRINGS}}", "{aggregate: {max: {field: role, order: ASC}}}", gives: ["DRUMS"])
        let players =
            "{ players { groups(by: [{field: rank}] having: {%} orderBy: [{aggregate: {max: {field: name, order: DESC}}}]) { key { rank } } } }"
        for (having, ranks) in [
            ("min: {name: {startsWith: \"A\"}}", ["SKILLED", "MASTER"]), ("max: {retired: {eq: true}}", ["NOVICE"]),
            ("median: {name: {gt: \"a\"}}", ["null"]), ("median: {height: {gte: 160}}", ["SKILLED", "MASTER"]),
            ("min: {name: {eq: \"BELA\", caseInsensitive: true}}", ["NOVICE"]),
            ("min: {retired: {isNull: true}}", ["null", "SKILLED"]),
            ("max: {name: {in: [\"Ada\", \"Bela\"]}}", ["NOVICE", "SKILLED", "MASTER"]),
        ] {
            let found = try desk().data(players.replacing("%", with: having)).players.groups.items.map {
                $0.key.rank.string ?? "null"
            }
            #expect(found == ranks, "\(having)")
        }
    }

    @Test func `equal dates and related rows make groups by their field's name`() throws {
        try check(
            "{ stints(where: {band: {code: {eq: \"B1\"}}}) { groups(by: [{field: since}, {field: band}]) { key { since { period } band { code } } } } }",
            gives: #"{"stints":{"groups":[{"key":{"since":{"period":"2018-01-01"},"band":{"code":"B1"}}},"#
                + #"{"key":{"since":{"period":"2019-07-01"},"band":{"code":"B1"}}}]}}"#)
        for (field, hint) in [("seenAt", "periods"), ("share", "intervals"), ("weight", "intervals")] {
            let errors = try desk().errors("{ players { groups(by: [{field: \(field)}]) { aggregate { count } } } }")
            #expect(errors.map { $0.extensions.argumentPath.string } == ["by[0].field"])
            #expect(errors[0].message.string?.contains(hint) == true, "\(errors)")
        }
    }

    // MARK: - Figures in filters and sorts

    @Test func `rows are found by figures of their sets`() throws {
        try check(
            "{ bands(where: {songs: {aggregate: {where: {seconds: {gte: 0}}, count: {eq: 2}, sum: {seconds: {gt: 179.5}}}}}) { nodes { code } } }",
            gives: #"{"bands":{"nodes":[{"code":"B1"}]}}"#)
        try check(
            "{ bands(where: {songs: {aggregate: {avg: {price: {eq: 0.745}}, max: {price: {gt: 1.98}}, min: {price: {lt: 0}}}}}) { nodes { code } } }",
            gives: #"{"bands":{"nodes":[{"code":"B1"}]}}"#)
        try check(
            "{ bands(where: {songs: {aggregate: {max: {seconds: {isNull: true}}}}}) { nodes { code } } }",
            gives: #"{"bands":{"nodes":[{"code":"B2"}]}}"#)
    }

    @Test func `rows are sorted by figures of their sets`() throws {
        try check(
            "{ players(orderBy: [{stints: {count: {order: DESC}}}]) { nodes { number } } }",
            gives: #"{"players":{"nodes":[{"number":"P1"},{"number":"P2"},{"number":"P3"},{"number":"P4"},{"number":"P5"}]}}"#)
        try check(
            "{ players(orderBy: [{stints: {max: {where: {role: {isNull: false}}, field: since, order: DESC}}}]) { nodes { number } } }",
            gives: #"{"players":{"nodes":[{"number":"P3"},{"number":"P1"},{"number":"P2"},{"number":"P4"},{"number":"P5"}]}}"#)
        try check(
            "{ players(orderBy: [{teacher: {songs: {sum: {field: price, order: ASC_NULLS_FIRST}}}}]) { nodes { number } } }",
            gives: #"{"players":{"nodes":[{"number":"P1"},{"number":"P5"},{"number":"P2"},{"number":"P3"},{"number":"P4"}]}}"#)
    }

    // MARK: - What is refused

    func check(
        _ query: String, isRefusedAt path: String, code: String = "BAD_USER_INPUT",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let errors = try desk().errors(query)
        #expect(errors.map { $0.extensions.argumentPath.string } == [path], "\(errors)", sourceLocation: sourceLocation)
        #expect(errors.map { $0.extensions.code.string } == [code], sourceLocation: sourceLocation)
    }

    @Test func `what cannot be grouped or asked is refused at its place`() throws {
        try check("{ players { groups(by: []) { aggregate { count } } } }", isRefusedAt: "by")
        try check("{ players { groups(by: [{height: {width: 0}}]) { aggregate { count } } } }", isRefusedAt: "by[0].height.width")
        try check(
            "{ players { groups(by: [{height: {width: -1.5}}]) { aggregate { count } } } }", isRefusedAt: "by[0].height.width")
        try check("{ players { groups(by: [{height: {}}]) { aggregate { count } } } }", isRefusedAt: "by[0].height")
        try check(
            "{ players { groups(by: [{height: {width: 1, bounds: [1]}}]) { aggregate { count } } } }", isRefusedAt: "by[0].height"
        )
        try check(
            "{ players { groups(by: [{height: {bounds: [1, 1]}}]) { aggregate { count } } } }",
            isRefusedAt: "by[0].height.bounds[1]")
        try check(
            "{ players { groups(by: [{height: {bounds: [1], origin: 2}}]) { aggregate { count } } } }",
            isRefusedAt: "by[0].height.origin")
        try check(
            "{ players { groups(by: [{field: name}, {field: name}]) { aggregate { count } } } }", isRefusedAt: "by[1]")
        try check("{ players { groups(by: [{field: name}], having: {}) { aggregate { count } } } }", isRefusedAt: "having")
        try check(
            "{ players { groups(by: [{field: name}], having: {where: {}}) { aggregate { count } } } }", isRefusedAt: "having")
        try check(
            "{ players { groups(by: [{field: name}], having: {sum: {}}) { aggregate { count } } } }", isRefusedAt: "having.sum")
        try check(
            "{ players { groups(by: [{field: name}], having: {count: {gt: null}}) { aggregate { count } } } }",
            isRefusedAt: "having.count.gt", code: "NULL_OPERAND")
        try check(
            "{ players { groups(by: [{field: name}], having: {count: null}) { aggregate { count } } } }",
            isRefusedAt: "having.count",
            code: "NULL_OPERAND")
        try check(
            "{ players { groups(by: [{field: name}], orderBy: [{key: {index: 1, order: ASC}}]) { aggregate { count } } } }",
            isRefusedAt: "orderBy[0].key.index")
        try check("{ players { groups(by: [{field: name}], first: 1001) { aggregate { count } } } }", isRefusedAt: "first")
        try check("{ players { groups(by: [{field: name}], offset: -1) { aggregate { count } } } }", isRefusedAt: "offset")
        try check("{ players { groups(by: [{field: name}]) { nodes(first: 1001) { number } } } }", isRefusedAt: "first")
        try check("{ players { aggregate { avg(scale: 10) { height } } } }", isRefusedAt: "scale")
        try check("{ players(where: {songs: {aggregate: {}}}) { totalCount } }", isRefusedAt: "where.songs.aggregate")
        for (figure, field) in [
            ("sum", "born"), ("avg", "role"), ("median", "band"), ("min", "teacher"), ("countDistinct", "id"),
        ] {
            try check(
                "{ players { groups(by: [{field: rank}] orderBy: [{aggregate: {\(figure): {field: \(field), order: ASC}}}]) { aggregate { count } } } }",
                isRefusedAt: "orderBy[0].aggregate.\(figure).field")
        }
        let having = "{ players { groups(by: [{field: name}], having: {countDistinct: %}) { aggregate { count } } } }"
        try check(having.replacing("%", with: "[]"), isRefusedAt: "having.countDistinct")
        try check(
            having.replacing("%", with: "{field: id, count: {gt: 1}}"), isRefusedAt: "having.countDistinct[0].field")
        try check(
            having.replacing("%", with: "{field: rank, count: {gt: null}}"), isRefusedAt: "having.countDistinct[0].count.gt",
            code: "NULL_OPERAND")
    }

    @Test func `a figure that does not fit is an error of its own field`() throws {
        let graph = SmallRegister.make()
        for index in 0..<3 { graph.rows["Song"]![index]["price"] = .decimal(Int.max / 2) }
        let body = try JSON(try Desk(graph).answer("{ songs { aggregate { count sum { price } max { price } } } }").body)
        #expect(body.data.songs.aggregate["count"].int == 3)
        #expect(body.data.songs.aggregate.sum.price.isNull && !body.data.songs.aggregate.max.price.isNull)
        #expect(body["errors"][0].path.strings == ["songs", "aggregate", "sum", "price"])
        #expect(body["errors"][0].message.string?.contains("64 bits") == true)
    }

    @Test func `the two integers of a ratio are written where they are asked for`() throws {
        let query = "{ player(number: \"P1\") { share } players { aggregate { avg { height } max { share } } } }"
        let found = String(
            decoding: try desk().answer(query, extensions: "{\"ratios\": \"fraction\"}").body, as: UTF8.self)
        let expected =
            #"{"data":{"player":{"share":"2/160"},"players":{"aggregate":{"avg":{"height":"335/3"},"max":{"share":"2/160"}}}}"#
        #expect(found.hasPrefix(expected), "\(found)")
    }

    @Test func `more groups than may be are refused by the limit's name`() throws {
        var limits = QueryLimits()
        limits.groups = 2
        let errors = try Desk(SmallRegister.make(), limits: limits).errors(
            "{ players { groups(by: [{field: name}]) { aggregate { count } } } }")
        #expect(errors.map { $0.extensions.limit.string } == ["max-groups"])
        #expect(errors.map { $0.extensions.code.string } == ["QUERY_TOO_COMPLEX"])
    }

    @Test func `a condition of a variable that was not sent goes, and the condition on figures with it`() throws {
        let query = """
            query ($least: Int) { bands(where: {songs: {aggregate: {where: {seconds: {gt: 1}}, count: {gte: $least}}}}) { totalCount } }
            """
        #expect(try desk().data(query).bands.totalCount.int == 2)
        #expect(try desk().data(query, variables: "{\"least\": 1}").bands.totalCount.int == 1)
    }
}
