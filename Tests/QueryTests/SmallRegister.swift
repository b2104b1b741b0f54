/// A register small enough to know by heart.
enum SmallRegister {
    /// As of 2019-07-01: P1 and P2 play in B1, P3 in B2, P4 in none, P5 never did. P3's band has no song.
    static func make() -> NaiveGraph {
        let graph = NaiveGraph()
        graph.asOf = days(2019, 7, 1)
        graph.rows["Band"] = [
            ["code": .string("B1"), "name": .string("The \"Quoted\" 乐队"), "founded": .date(days(1999, 12, 31)), "home": .row(2)],
            ["code": .string("B2"), "name": .string("Zoë & 李"), "founded": .date(days(2000, 2, 29)), "home": .row(1)],
        ]
        // R1 > R2 > R3, and R4 by itself.
        graph.rows["Region"] = [
            ["code": .string("R1"), "level": .enumeration("LAND")],
            ["code": .string("R2"), "level": .enumeration("CITY"), "parent": .row(0)],
            ["code": .string("R3"), "level": .enumeration("STREET"), "parent": .row(1)],
            ["code": .string("R4"), "level": .enumeration("CITY")],
        ]
        graph.rows["Player"] = [
            [
                "number": .string("P1"), "name": .string("Ada"), "nickname": .string("ace"), "born": .date(days(1980, 5, 17)),
                "height": .int(160), "weight": .float(61.5), "fee": .decimal(1_250_500),
                "seenAt": .instant(days(2019, 3, 1) * 86_400_000_000 + 45_296_000_000), "retired": .boolean(false),
                "rank": .enumeration("MASTER"), "skills": .enumerations(["KEYS", "SINGING"]), "passport": .string("X-1"),
            ],
            [
                "number": .string("P2"), "name": .string("Bela"), "born": .date(days(1990, 1, 1)), "height": .int(0),
                "fee": .decimal(-5_070), "retired": .boolean(true), "rank": .enumeration("NOVICE"),
                "skills": .enumerations([]), "teacher": .row(0),
            ],
            [
                "number": .string("P3"), "name": .string("Ada"), "height": .int(175), "weight": .float(70),
                "rank": .enumeration("SKILLED"), "skills": .enumerations(["DRUMS"]), "teacher": .row(0),
            ],
            ["number": .string("P4"), "name": .string("李明"), "fee": .decimal(0), "teacher": .row(1)],
            ["number": .string("P5"), "name": .string("tab\tand \\ \"quote\"")],
        ]
        graph.rows["Stint"] = [
            [
                "player": .row(0), "band": .row(1), "since": .date(days(2017, 1, 1)), "until": .date(days(2018, 1, 1)),
                "role": .enumeration("DRUMS"),
            ],
            [
                "player": .row(0), "band": .row(0), "since": .date(days(2018, 1, 1)), "role": .enumeration("KEYS"),
                "stage": .string("Ada K."), "wage": .decimal(120_500),
            ],
            ["player": .row(1), "band": .row(0), "since": .date(days(2019, 7, 1)), "until": .date(days(2019, 7, 2))],
            [
                "player": .row(2), "band": .row(1), "since": .date(days(2019, 1, 1)), "role": .enumeration("SINGING"),
                "stage": .string("Zora"), "wage": .decimal(80_000),
            ],
            ["player": .row(3), "band": .row(1), "since": .date(days(2018, 1, 1)), "until": .date(days(2019, 7, 1))],
        ]
        graph.rows["Song"] = [
            [
                "band": .row(0), "title": .string("Waltz"), "writers": .rows([0, 1]), "seconds": .int(180),
                "price": .decimal(1_990),
            ],
            ["band": .row(0), "title": .string("Anthem"), "writers": .rows([0]), "price": .decimal(-500)],
            ["band": .row(0), "title": .string("Chant"), "writers": .rows([]), "seconds": .int(0)],
        ]
        return graph
    }
}
