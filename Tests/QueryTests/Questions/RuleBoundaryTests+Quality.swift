import Foundation
import Query
import Testing

/// Data that cannot be right, one defect a household.
extension `Rules at their boundaries` {
    @Test func `R9, R136, R138, R139: what cannot be right of who is registered, and nothing of who was struck off or has left`()
        throws
    {
        let files = household([
            // As they should be; no members; struck off with its last member; the head elsewhere; no head; nobody can work; no status.
            "Household":
                "number,village,category,head\na,v,GENERAL,a1\nb,v,,a1\nc,v,GENERAL,c1\nd,v,,a1\ne,v,,\nf,v,GENERAL,f1\ng,v,,g1\n",
            "HouseholdStatusPeriod":
                "household,status,validFrom\na,POOR,2019-01-01\nb,POOR,2019-01-01\nc,DEREGISTERED,2020-01-01\n"
                + "d,EXITED,2019-01-01\ne,RETURNED,2019-01-01\nf,POOR,2019-01-01\n",
            "Person": "number,name,idNumber,labourCapacity\na1,A,990000198001010010,ORDINARY\nc1,C,990000198001010029,ORDINARY\n"
                + "d1,D,990000198001010037,NONE\ne1,E,990000198001010045,NONE\nf1,F,990000198001010053,NONE\ng1,G,990000198001010061,NONE\n"
                + "z1,Z,,NONE\n",
            "Membership": "person,household,validFrom,validTo\na1,a,2019-01-01,\nc1,c,2019-01-01,2020-01-01\nd1,d,2019-01-01,\n"
                + "e1,e,2019-01-01,\nf1,f,2019-01-01,\ng1,g,2019-01-01,\n",
        ])
        let data = try desk(files, asOf: "2020-06-30").data(try Sample.question("data-quality"))
        #expect(data.withoutHead.totalCount.int == 1, "e")
        #expect(data.withoutMembers.totalCount.int == 1, "b")
        #expect(data.withoutStatus.totalCount.int == 1, "g")
        #expect(data.headElsewhere.totalCount.int == 2, "b and d")
        #expect(data.withoutHousehold.totalCount.int == 1, "z1; c1 belonged to one")
        #expect(data.withoutIdentityNumber.totalCount.int == 1, "z1")
        #expect(data.generalWithoutLabour.totalCount.int == 1, "f; of c nobody is left")
    }
}
