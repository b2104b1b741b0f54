import Foundation
import Query
import Testing

/// The edges of time: first and last days, ends that are not days of what ended, what was recorded too late.
extension `Rules at their boundaries` {
    /// One household with one cadre, paired from a day to another, and one visit at home.
    private func visited(_ visit: String, pairedFrom: String = "2019-01-01", to: String = "") -> [String: String] {
        household([
            "Cadre": "number,name,active\nc,C,true\n",
            "Pairing": "cadre,household,role,validFrom,validTo\nc,h,PRIMARY,\(pairedFrom),\(to)\n",
            "Visit": "source,recordNumber,household,cadres,date,place,status\n"
                + (visit.isEmpty ? "" : "s,1,h,c,\(visit),AT_HOME,RECORDED\n"),
        ])
    }

    private func unvisited(_ files: [String: String], on day: String) throws -> [String] {
        try desk(files, asOf: day).data(
            try Sample.question("unvisited-households-for-cadre"), variables: #"{"cadre": "c"}"#
        ).pairings.nodes.items.map { line($0.household.number, $0.visitStatus) }
    }

    @Test(arguments: [
        // The second quarter of 2020, on its last day: 1 April and 30 June are in it, the days beside are not.
        ("2020-04-01", []), ("2020-06-30", []), ("2020-03-31", ["h AT_RISK"]), ("2020-07-01", ["h AT_RISK"]), ("", ["h AT_RISK"]),
    ])
    func `R60: a visit on the first or the last day of the quarter counts, one on the day beside does not`(
        visit: String, expected: [String]
    ) throws {
        #expect(try unvisited(visited(visit), on: "2020-06-30") == expected)
    }

    @Test(arguments: [
        // The end is the first day on which a pairing no longer holds.
        ("2020-07-01", ["h AT_RISK"]), ("2020-06-30", []), ("2020-06-29", []),
    ])
    func `R61: a pairing that ended on the last day of the quarter is not unvisited on that day`(end: String, expected: [String])
        throws
    {
        #expect(try unvisited(visited("", to: end), on: "2020-06-30") == expected)
    }

    @Test func `R60: a visit on the day on which the pairing ended is no visit of it`() throws {
        func status(_ visit: String) throws -> String? {
            try desk(visited(visit, to: "2020-06-20"), asOf: "2020-06-19").data("{ pairings { nodes { visitStatus } } }")
                .pairings.nodes[0].visitStatus.string
        }
        #expect(try status("2020-06-19") == "MET")
        // On the day itself the visit is still to come, and once it has come the pairing is over.
        #expect(try status("2020-06-20") == "AT_RISK")
    }

    @Test(arguments: [
        // 15 days of the quarter are enough to owe a visit: 16 June to 30 June are 15, 17 June to 30 June 14.
        ("2020-06-16", ["h AT_RISK"]), ("2020-06-17", []),
    ])
    func `R61: who is paired for fewer than fifteen days of the quarter owes no visit in it`(from: String, expected: [String])
        throws
    {
        #expect(try unvisited(visited("", pairedFrom: from), on: "2020-06-30") == expected)
    }

    @Test(arguments: [
        ("2018-12-31", "1 2", ["2018 1 2"]), ("2019-01-01", "2 5", ["2018 1 2", "2019 1 3"]), ("2018-12-30", "0 0", []),
    ])
    func `R12, R13: an exit announced on 31 December is of that year, one on 1 January of the next, and each counts from its day`(
        day: String, total: String, years: [String]
    ) throws {
        let files = household([
            "Household": "number,village\nh,v\nk,v\n",
            "HouseholdStatusPeriod": "household,status,validFrom,validTo\nh,POOR,2016-01-01,2018-12-31\nh,EXITED,2018-12-31,\n"
                + "k,POOR,2016-01-01,2019-01-01\nk,EXITED,2019-01-01,\n",
            "ProcessCase": "caseNumber,type,subjectHousehold,profile,year,openedOn,personCountAtDecision\n"
                + "1,HOUSEHOLD_EXIT,h,D3,2018,2018-10-01,2\n2,HOUSEHOLD_EXIT,k,D3,2019,2018-10-01,3\n",
            "ProcessStep": "case,number,action,actorBody,date,toState\n1,1,ANNOUNCE,COUNTY_OFFICE,2018-12-31,ANNOUNCED\n"
                + "2,1,ANNOUNCE,COUNTY_OFFICE,2019-01-01,ANNOUNCED\n",
        ])
        let desk = try desk(files, asOf: day)
        let announced = try desk.data(try Sample.question("exit-reconciliation")).announced
        #expect(line(announced.aggregate["count"], announced.aggregate.sum.personCountAtDecision) == total)
        #expect(
            announced.groups.items.map {
                line($0.key.year["value"], $0.aggregate["count"], $0.aggregate.sum.personCountAtDecision)
            } == years)
        let left = try desk.data("{ households(where: {status: {eq: EXITED}}) { totalCount } }").households.totalCount.int
        #expect(left == years.count)
    }

    @Test(arguments: [("2020-06-29", []), ("2020-06-30", ["t 2"])])
    func `R85: a team of three that loses a member today has two today`(day: String, expected: [String]) throws {
        let files = household([
            "Cadre": "number,name,active\na,A,true\nb,B,true\nc,C,true\n",
            "WorkTeam": "number,name,village,startDate\nt,T,v,2019-01-01\n",
            "TeamMembership": "team,cadre,role,startDate,endDate\nt,a,LEADER,2019-01-01,\nt,b,MEMBER,2019-01-01,\n"
                + "t,c,MEMBER,2019-01-01,2020-06-30\n",
        ])
        let small = try desk(files, asOf: day).data(try Sample.question("small-work-teams")).workTeams
        #expect(small.nodes.items.map { line($0.number, $0.members.totalCount) } == expected)
    }

    @Test func `R4: a death that is recorded after the lock changes what is counted, and not what was locked`() throws {
        // Who died on 20 March was still counted when the first round was locked on the 31st; the second knows.
        let files = household([
            "Person": "number,name,deceasedOn\np,P,\nq,Q,2020-03-20\n",
            "Membership": "person,household,validFrom,validTo\np,h,2019-01-01,\nq,h,2019-01-01,2020-03-20\n",
            "AdjustmentRound": "year,ordinal,state,cutoffOn,lockedOn,lockedHouseholds,lockedPersons\n"
                + "2020,1,PUBLISHED,2020-03-31,2020-03-31,1,2\n2020,2,LOCKED,2020-06-30,2020-06-30,1,1\n",
            "PersonChange":
                "source,recordNumber,type,household,person,eventDate,state,round\ns,1,DIED,h,q,2020-03-20,EFFECTIVE,2020|2\n",
        ])
        func figures(_ day: String) throws -> String {
            let tables = try desk(files, asOf: day).data(try Sample.question("published-tables"))
            let round = tables.lockedRound.nodes[0]
            return line(round.ordinal, round.lockedHouseholds, round.lockedPersons, tables.registered.aggregate.sum.memberCount)
        }
        #expect(try figures("2020-03-19") == "null null null 2")
        #expect(try figures("2020-03-31") == "1 1 2 1")
        #expect(try figures("2020-06-29") == "1 1 2 1")
        #expect(try figures("2020-06-30") == "2 1 1 1")
        let pending = try desk(files, asOf: "2020-04-01").data(
            "{ personChanges(where: {round: {state: {eq: LOCKED}}}) { totalCount } }")
        #expect(pending.personChanges.totalCount.int == 1, "it belongs to the second round")
    }
}
