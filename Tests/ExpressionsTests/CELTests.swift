import Expressions
import StoreColumns
import Testing

@Suite struct `CEL, read` {
    func check(
        _ text: String, on type: NodeTypeID = Fixture.call, gives shown: String, expecting: ExpressionType? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            let expression = try parseCEL(text, on: type, in: Fixture.rowTypes, expecting: expecting)
            #expect(expression.shown == shown, sourceLocation: sourceLocation)
        } catch {
            Issue.record("\(text): \(error)", sourceLocation: sourceLocation)
        }
    }

    @Test func `the fixture's derived fields are expressions`() {
        #expect(Fixture.errors == [])
    }

    @Test func `operators bind as in CEL`() {
        check(
            "minutes + 1 * 2 > 3 && isJoint || !isJoint",
            gives: "(or (and (> (add v0.minutes (multiply 1 2)) 3) v0.isJoint) (not v0.isJoint))")
        check("(minutes + 1) * 2 == 4", gives: "(= (multiply (add v0.minutes 1) 2) 4)")
        check("minutes - 1 - 2", gives: "(subtract (subtract v0.minutes 1) 2)")
        check("isJoint ? 1 : minutes > 3 ? 2 : 3", gives: "(if v0.isJoint 1 (if (> v0.minutes 3) 2 3))")
        check("!(minutes > 1)", gives: "(not (> v0.minutes 1))")
        check("--minutes", gives: "(subtract 0 (subtract 0 v0.minutes))")
        check("minutes > -1", gives: "(> v0.minutes -1)")
        check("minutes / 2 % 3", gives: "(remainder (divide v0.minutes 2) 3)")
    }

    @Test func `literals are exact, and take the other side's type`() {
        check("cost > 1.50", gives: "(> v0.cost 1.5)")
        check("0.125 < cost", gives: "(< 0.125 v0.cost)")
        check("weight > 1.5", on: Fixture.family, gives: "(> v0.weight 1.5f)")
        check("weight > 2", on: Fixture.family, gives: "(> v0.weight 2.0f)")
        check("place == 'OFFICE'", gives: "(= v0.place #1)")
        check("'OFFICE' != place", gives: "(!= #1 v0.place)")
        check("place == Place.OFFICE", gives: "(= v0.place #1)")
        check("remark == 'OFFICE'", gives: "(= v0.remark 'OFFICE')")
        check("isJoint ? 'MET' : 'DUE'", gives: "(if v0.isJoint #0 #1)", expecting: .enumeration(Fixture.duty))
        check("isJoint ? null : minutes", gives: "(if v0.isJoint null v0.minutes)")
        check("date == date('2016-02-29')", gives: "(= v0.date 2016-02-29)")
    }

    @Test func `strings have CEL's escapes`() {
        check(#"remark == 'a\'b\\\n\u6751\U0001F600'"#, gives: "(= v0.remark 'a'b\\\n村😀')")
        check(#"remark == "it's""#, gives: "(= v0.remark 'it's')")
        check(#"remark.matches(r'^\d+$')"#, gives: #"(regex v0.remark '^\d+$')"#)
    }

    @Test func `comments and line breaks are space`() {
        check("minutes // how long\n  > 3", gives: "(> v0.minutes 3)")
    }

    @Test func `null is asked for by name`() {
        check("date == null", gives: "(isNull v0.date)")
        check("null != date", gives: "(not (isNull v0.date))")
        check("has(family.town.name)", gives: "(not (isNull v0.family.town.name))")
        check("has(family)", gives: "(not (isNull v0.family))")
    }

    @Test func `bare names are fields of the outer row, inside a macro too`() {
        check(
            "family.cares.exists(c, c.validFrom <= date && c.helper in helpers)",
            gives: "(some v0.family.cares v1: (and (<= v1.validFrom v0.date) (contains v0.helpers v1.helper)))")
        check(
            "families.all(f, f.calls.exists_one(c, c.family == f))", on: Fixture.town,
            gives: "(every v0.families v1: (exactlyOne v1.calls v2: (= v2.family v1)))")
    }

    @Test func `sets are filtered, counted, summed and picked from`() {
        check(
            "size(families.filter(f, f.isPoor)) > 0", on: Fixture.town, gives: "(> (count (filter v0.families v1: v1.isPoor)) 0)")
        check("families.size()", on: Fixture.town, gives: "(count v0.families)")
        check("sum(families.map(f, f.income))", on: Fixture.town, gives: "(sum v0.families v1: v1.income)")
        check(
            "max(families.filter(f, has(f.town)).map(f, f.since))", on: Fixture.town,
            gives: "(maximum (filter v0.families v1: (not (isNull v1.town))) v1: v1.since)")
        check("latest(years, y, y.year).residents", on: Fixture.town, gives: "(greatest v0.years v1: v1.year).residents")
        check("earliest(years, y, y.year).town == null", on: Fixture.town, gives: "(isNull (least v0.years v1: v1.year).town)")
    }

    @Test func `dated fields read the row valid on the as-of date`() {
        check("standing == 'POOR'", on: Fixture.family, gives: "(= v0.validStandingPeriod.standing #0)")
        check("care.helper.name == 'x'", on: Fixture.family, gives: "(= v0.validCare.helper.name 'x')")
        check("home.memberCount", on: Fixture.person, gives: "v0.validFamily.memberCount")
        check("members.exists(m, m.number == 7)", on: Fixture.family, gives: "(some v0.validPersons v1: (= v1.number 7))")
    }

    @Test func `lists hold constants, or are compared one by one`() {
        check("place in ['OFFICE', Place.AT_HOME]", gives: "(in v0.place [#1 #0])")
        check("minutes in [1, 2.5]", gives: "(in v0.minutes [1 2.5])")
        check("minutes in []", gives: "(in v0.minutes [])")
        check("minutes in [1, number]", gives: "(or (in v0.minutes [1]) (= v0.minutes v0.number))")
        check("'HEALTH' in topics", gives: "(all v0.topics [0])")
    }

    @Test func `dates are computed with`() {
        check("date + 3 > asOf", gives: "(> (addDays v0.date 3) asOf)")
        check("date - 3 > asOf()", gives: "(> (addDays v0.date (subtract 0 3)) asOf)")
        check("asOf - date", gives: "(daysBetween v0.date asOf)")
        check("quarterStart(asOf) <= date", gives: "(<= (periodStart(Expressions.CalendarUnit.quarter) asOf) v0.date)")
        check("yearOf(date) == 2016", gives: "(= (year v0.date) 2016)")
        check("max(date, asOf, date(2016, 1, 1))", gives: "(greatest v0.date asOf (makeDate 2016 1 1))")
        check("math.least(minutes, 3)", gives: "(least v0.minutes 3)")
    }
}

@Suite struct `CEL, refused` {
    func check(
        _ text: String, on type: NodeTypeID = Fixture.call, reports message: String, at column: Int, line: Int = 1,
        expecting: ExpressionType? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            let expression = try parseCEL(text, on: type, in: Fixture.rowTypes, expecting: expecting)
            Issue.record("\(text) gave \(expression.shown)", sourceLocation: sourceLocation)
        } catch {
            #expect(error.message == message, sourceLocation: sourceLocation)
            #expect(error.column == column && error.line == line, "\(error.line):\(error.column)", sourceLocation: sourceLocation)
        }
    }

    @Test func `what is no expression is named with what was expected`() {
        check("", reports: "Found the end, expected a value.", at: 1)
        check("minutes >", reports: "Found the end, expected a value.", at: 10)
        check("minutes 3", reports: "Found number 3, expected an operator or the end.", at: 9)
        check("(minutes > 3", reports: "Found the end, expected ')' to close '('.", at: 13)
        check("isJoint ? 1", reports: "Found the end, expected ':' between the two results of '?'.", at: 12)
        check("minutes = 3", reports: "'=' means nothing here. Write '=='.", at: 9)
        check("minutes > 3 & isJoint", reports: "'&' means nothing here. Write '&&'.", at: 13)
        check("minutes > 3 and isJoint", reports: "Found 'and', expected an operator or the end.", at: 13)
        check("for", reports: "'for' is a reserved word of CEL and cannot be a name.", at: 1)
        check("family.calls[0]", reports: "Sets and maps have no subscripts here; use 'filter', 'latest' or 'earliest'.", at: 13)
        check("remark == 'x", reports: "The string is not closed by ' on its line.", at: 11)
        check(#"remark == '\q'"#, reports: #"'\q' is no escape. A backslash itself is written '\\'."#, at: 12)
        check(#"remark == '\uD800'"#, reports: #"'\u' takes 4 hexadecimal digits of a Unicode scalar."#, at: 12)
        check("minutes > 1e3", reports: "A number is digits with perhaps a fraction, but 'e' follows '1'.", at: 11)
        check("minutes > 99999999999999999999", reports: "99999999999999999999 does not fit in 64 bits.", at: 11)
        check("cost > 0.1234567891", reports: "0.1234567891 has 10 fraction digits; 9 are kept.", at: 8)
    }

    @Test func `places count lines, and columns in scalars`() {
        check("isJoint &&\n  remark == '村' && 村", reports: "'村' means nothing here.", at: 20, line: 2)
    }

    @Test func `an unknown name suggests a near one`() {
        check("minute > 3", reports: "Call has no field 'minute', and no row here is named so. Did you mean 'minutes'?", at: 1)
        check("family.twon.name == 'x'", reports: "Family has no field 'twon'. Did you mean 'town'?", at: 8)
        check("place == 'AT_HOM'", reports: "Place has no value 'AT_HOM'. Did you mean 'AT_HOME'?", at: 10)
        check("place == Place.HOME", reports: "Place has no value 'HOME'. Did you mean 'AT_HOME'?", at: 16)
        check("Place == 'HOME'", reports: "'Place' is an enum; name one of its values, such as Place.AT_HOME.", at: 1)
        check("quarterstart(date) == date", reports: "There is no function 'quarterstart'. Did you mean 'quarterStart'?", at: 1)
        check("family.calls.exist(c, true)", reports: "A set of Call has no 'exist(…)'. Did you mean 'exists'?", at: 14)
        check("remark.startWith('x')", reports: "A String has no 'startWith(…)'. Did you mean 'startsWith'?", at: 8)
    }

    @Test func `types must fit`() {
        check("minutes && isJoint", reports: "'&&' takes a Boolean, found an Int.", at: 1)
        check("!minutes", reports: "'!' takes a Boolean, found an Int.", at: 2)
        check("date > '2016-01-01'", reports: "'>' cannot compare a Date with a String. Write date('2016-01-31').", at: 6)
        check("minutes == isJoint", reports: "'==' cannot compare an Int with a Boolean.", at: 9)
        check("place == state", reports: "'==' cannot compare a value of Place with a value of State.", at: 7)
        check("family < family", reports: "A row of Family has no order: only == and != apply.", at: 8)
        check("date + date", reports: "'+' does not go with a Date and a Date.", at: 6)
        check("cost % 2", reports: "'%' does not go with a Decimal and an Int.", at: 6)
        check("isJoint ? 1 : 'a'", reports: "The results of '?' must be of one type, but are an Int and a String.", at: 9)
        check("minutes in [1, 'a']", reports: "The list should hold an Int, found a String.", at: 16)
        check("minutes in [null]", reports: "null is in no list; ask with '== null'.", at: 13)
        check("family in family.calls", reports: "'in' looks for a row of Call, found a row of Family.", at: 8)
        check("minutes", reports: "The expression gives an Int, expected a Boolean.", at: 1, expecting: .boolean)
        check("family.calls", reports: "The expression gives a set of Call, expected a single value.", at: 8)
        check("null", reports: "null has no type here; compare with '== null', or use 'has'.", at: 1)
        check("minutes.year", reports: "An Int has no field 'year'.", at: 9)
        check(
            "family.calls.minutes", reports: "'minutes' is asked of a set of Call; say of which: exists, all, filter, latest, ….",
            at: 14)
    }

    @Test func `macros and functions say what they take`() {
        check("family.calls.exists(c)", reports: "'exists' takes 2 arguments, found 1.", at: 14)
        check("family.calls.exists('c', true)", reports: "The first argument of 'exists' is a new name for a row.", at: 21)
        check("family.calls.exists(c, c.minutes)", reports: "'exists' takes a Boolean, found an Int.", at: 26)
        check(
            "family.calls.exists(c, c.family.calls.exists(c, true))",
            reports: "'c' already names a row around here; choose another name.", at: 46)
        check(
            "family.calls.map(c, c.minutes)",
            reports: "'map' stands only inside sum, min, max or avg: sum(rows.map(r, r.value)).", at: 14)
        check("sum(family.calls)", reports: "'sum' takes values of rows: sum(rows.map(r, r.value)).", at: 12)
        check("sum(family.calls.map(c, c.remark))", reports: "'sum' does not go with a String.", at: 27)
        check("has(family.calls)", reports: "'has' asks for one value, found a set of Call; ask 'size(…) > 0'.", at: 12)
        check("coalesce(minutes)", reports: "'coalesce' takes two or more arguments, found 1.", at: 1)
        check("ratio(date, 1)", reports: "'ratio' takes Ints or Decimals, found a Date.", at: 7)
        check(
            "latest(family.calls, c, c.isJoint)", reports: "'latest' orders by a value that has an order, found a Boolean.",
            at: 27)
        check("remark.matches(remark)", reports: "'matches' takes a string literal.", at: 16)
        check(
            "date('2016-02-30') == date", reports: "'date' takes year, month and day, or a literal such as '2016-01-31'.", at: 6)
    }

    @Test func `depth and length are bounded`() {
        let deep = "The expression nests deeper than 32; a chain of '+' counts one a sign."
        check(String(repeating: "(", count: 32) + "1", reports: deep, at: 33)
        check(String(repeating: "!", count: 5_000) + "isJoint", reports: deep, at: 33)
        check("1" + String(repeating: "+1", count: 40), reports: deep, at: 64)
        check("[" + String(repeating: "[", count: 4_000), reports: deep, at: 33)
        check(
            String(repeating: "x", count: 10_001), reports: "The expression has 10001 bytes; 10000 are allowed.", at: 1)
        check(String(repeating: "coalesce(1,", count: 900), reports: deep, at: 31 * 11 + 10)
    }

    @Test func `nested calls are checked once each`() {
        let text = String(repeating: "coalesce(", count: 20) + "minutes" + String(repeating: ", 1)", count: 20)
        let clock = ContinuousClock()
        let start = clock.now
        #expect((try? parseCEL(text, on: Fixture.call, in: Fixture.rowTypes, expecting: nil)) != nil)
        #expect(start.duration(to: clock.now) < .seconds(1))
    }
}
