"""Sample A: 21 villages of a subdistrict, assisted by 66 units of another district, on 30 June 2017 (document D1)."""

from datetime import date, timedelta

from assistance import Assistance, quarters
from hanyang_places import (
    CAUSES,
    CODES,
    DAY,
    DISTRICT,
    DOCUMENT,
    EARLY,
    F,
    G,
    M,
    NUMERALS,
    PLAN,
    SIZES,
    SOURCE,
    TOWN,
    VILLAGES,
    areas,
    documents,
    village_rows,
)
from livelihood import Measures, income
from people import People, iso
from tables import Chance, Register

NAME = "hanyang"


def dealt(pool, wanted):
    """A mix of sizes dealt out to places that each take a number of households and of persons. The mix stays as it is."""
    rest = [size for size in sorted(pool) for _ in range(pool[size])]
    # Round and round from the smallest, then exchanged until every place has its persons.
    hands = [[] for _ in wanted]
    order = [
        place for turn in range(max(count for count, _ in wanted)) for place, (count, _) in enumerate(wanted) if turn < count
    ]
    for place, size in zip(order, rest):
        hands[place].append(size)
    while True:
        over = [sum(hand) - persons for hand, (_, persons) in zip(hands, wanted)]
        if not any(over):
            return [sorted(hand) for hand in hands]
        high, low = over.index(max(over)), over.index(min(over))
        for big, small in sorted(
            ((b, s) for b in set(hands[high]) for s in set(hands[low]) if b > s), key=lambda pair: pair[0] - pair[1]
        ):
            if big - small <= min(over[high], -over[low]):
                hands[high].remove(big)
                hands[low].append(big)
                hands[low].remove(small)
                hands[high].append(small)
                break
        else:
            raise ValueError("no exchange left")


def chosen(households, count, persons):
    """So many of the households with so many persons among them."""
    picked, rest = households[:count], households[count:]
    while (over := sum(h["size"] for h in picked) - persons) != 0:
        one, other = next(
            (a, b) for a in picked for b in rest if 0 < (a["size"] - b["size"]) * (1 if over > 0 else -1) <= abs(over)
        )
        picked[picked.index(one)], rest[rest.index(other)] = other, one
    return picked, rest


def plan(register, households):
    register.add(
        "ExitPlan",
        name=PLAN,
        area=TOWN,
        approvedOn="2015-10-24",
        document=DOCUMENT,
        baselineDate="2015-10-24",
        baselineVillages=21,
        baselineHouseholds=1097,
        baselinePersons=2469,
    )
    shares = {"PERSON": (2469, (30, 50, 20)), "HOUSEHOLD": (1097, (30, 50, 20)), "VILLAGE": (21, (30, 40, 30))}
    for subject, (total, parts) in shares.items():
        before = share = 0
        for year, part in zip((2016, 2017, 2018), parts):
            share += part
            # Half up, of what there is up to the year: the three parts come to the whole.
            after = (total * share + 50) // 100
            register.add("ExitPlanTarget", plan=PLAN, year=year, subject=subject, share=part * 100, count=after - before)
            before = after
    for place, (code, village) in enumerate(zip(CODES, VILLAGES)):
        year, number = village[4], f"V{place + 1:02d}"
        register.add(
            "ExitPlanAssignment", source=SOURCE, recordNumber=number, plan=PLAN, village=code, year=year, batch=year - 2015
        )
        for name, due in [("民主评议", f"{year}-10-31"), ("公示公告", f"{year}-11-30"), ("验收销号", f"{year}-12-31")]:
            register.add("Milestone", assignment=f"{SOURCE}|{number}", name=name, dueOn=due, doneOn=due if year == 2016 else None)
    for household in households:
        year = household["plannedExitYear"]
        register.add(
            "ExitPlanAssignment",
            source=SOURCE,
            recordNumber=household["number"],
            plan=PLAN,
            household=household["number"],
            year=year,
            batch=year - 2015,
        )


def household_rows(register, chance, people):
    """The households of all villages, with the year for which the exit of each is planned."""
    drawn = []
    hands = {kind: dealt(SIZES[kind], [row[column] for row in VILLAGES]) for column, kind in enumerate((M, F, G))}
    for place, code in enumerate(CODES):
        kinds = [(kind, size) for kind in (M, F, G) for size in hands[kind][place]]
        for serial, (kind, size) in enumerate(chance.shuffled(kinds, "order", code)):
            drawn.append(
                {
                    "number": f"{code}{serial + 1:04d}",
                    "village": code,
                    "category": kind,
                    "size": size,
                    "plannedExitYear": VILLAGES[place][4],
                }
            )
    last = chance.shuffled_rows([household for household in drawn if household["plannedExitYear"] == 2018], "early")
    for year, count, persons in EARLY:
        picked, last = chosen(last, count, persons)
        for household in picked:
            household["plannedExitYear"] = year
    made = []
    groups = {code: [row["name"] for row in register.rows("SubVillageUnit") if row["village"] == code] for code in CODES}
    for household in drawn:
        number, code, kind = household["number"], household["village"], household["category"]
        cause = chance.pick(CAUSES[kind], "cause", number)
        if cause == "SCHOOLING" and household["size"] == 1:
            cause = "LACK_OF_TECHNOLOGY"
        since = date(2014 if chance.happens(0.9, "since", number) else 2015, 1, 1)
        members = people.household(number, household["size"], kind, cause, since)
        has_left = household["plannedExitYear"] == 2016
        group = chance.pick(groups[code], "group", number)
        made.append(
            (
                register.add(
                    "Household",
                    number=number,
                    village=code,
                    group=f"{code}|{group}",
                    category=kind,
                    head=members[0]["number"],
                    address=f"湖北省武汉市江夏区山坡街道样本{NUMERALS[CODES.index(code)]}村{group}{chance.between(1, 180, 'door', number)}号",
                    phone=people.phone(number) if chance.happens(0.9, "phone", number) else None,
                    identificationStandard="NATIONAL",
                    firstRegisteredOn=iso(since),
                    plannedExitYear=household["plannedExitYear"],
                    exitYear=2016 if has_left else None,
                    policyContinues=chance.happens(0.8, "continues", number) if has_left else None,
                    householdKind="RURAL",
                ),
                members,
                cause,
                has_left,
            )
        )
        register.add(
            "HouseholdStatusPeriod",
            household=number,
            status="POOR",
            validFrom=iso(since),
            validTo="2016-12-31" if has_left else None,
        )
        if has_left:
            register.add("HouseholdStatusPeriod", household=number, status="EXITED", validFrom="2016-12-31")
        register.add("CauseAssignment", household=number, cause=cause, rank="MAIN", validFrom=iso(since))
        others = chance.shuffled(
            [
                other
                for other in ("ILLNESS", "LACK_OF_LABOUR", "LACK_OF_TECHNOLOGY", "LACK_OF_FUNDS", "DISASTER")
                if other != cause
            ],
            "others",
            number,
        )
        for other in others[: chance.pick({0: 45, 1: 40, 2: 15}, "otherCount", number)]:
            register.add("CauseAssignment", household=number, cause=other, rank="OTHER", validFrom=iso(since))
    return made


def livelihood(register, chance, made):
    measures = Measures(register, chance, SOURCE, 2016, date(2016, 1, 4), date(2016, 12, 28))
    for household, members, cause, has_left in made:
        number = household["number"]
        spread = chance.part("income", number, 1) + chance.part("income", number, 2)
        per_head = 320_000 + int(spread * 240_000) if has_left else 120_000 + int(spread * 150_000)
        income(register, chance, household, 2016, "REPORTED", per_head, members)
        grade = chance.pick({"A": 49, "B": 35, "C": 10, "D": 6}, "grade", number)
        register.add(
            "LivingCondition",
            household=number,
            year=2016,
            housingSafety=grade,
            waterSafe=chance.happens(0.91, "water", number),
            electricity=True,
            distanceToMainRoadKilometres=chance.between(0, 45, "road", number),
            arableMu=chance.between(0, 90, "land", number) * 10,
        )
        if grade in ("C", "D") and chance.happens(0.6, "renovated", number):
            measures.add(number, "HOUSING", None, f"{grade}级危房改造", chance.between(140, 240, "renovation", number) * 100)
        measures.household(household, members, cause, "VISIBLE" if chance.happens(0.85, "effect", number) else "NOT_YET")


def helpers(register, chance, people, made):
    help = Assistance(register, chance, people, DISTRICT, "汉阳区")
    units = help.units(66)
    given, of_village = iter(units), {}
    for place, code in enumerate(CODES):
        own = [next(given) for _ in range(VILLAGES[place][5])]
        start = date(2015, 9, 13) + timedelta(days=chance.between(0, 38, "start", code))
        for index, unit in enumerate(own):
            register.add(
                "UnitVillageAssignment", unit=unit, village=code, role="MEMBER" if index else "LEAD", validFrom=iso(start)
            )
        team = help.team(
            code,
            f"样本{NUMERALS[place]}村",
            start,
            own[0],
            own,
            3 + (chance.part("size", code) > 0.55) + (chance.part("size", code) > 0.8),
        )
        others = [help.cadre(unit) for unit in own for _ in range(18 // len(own) if len(own) == 3 else 4)]
        for cadre in others:
            if chance.happens(0.07, "leaves", cadre):
                help.leaving[cadre] = date(2016, 3, 1) + timedelta(days=chance.between(0, 440, "leavesOn", cadre))
                help.cadres[cadre]["active"] = False
        of_village[code] = team + others
    turns = {code: 0 for code in CODES}
    for household, _, _, _ in made:
        number, code = household["number"], household["village"]
        pool = of_village[code]
        cadre = pool[(turns[code] + (2 if chance.happens(0.3, "skip", number) else 0)) % len(pool)]
        turns[code] += 1
        since = date(2015, 11, 1) + timedelta(days=chance.between(0, 110, "paired", number))
        left = help.leaving.get(cadre)
        successor, resumed = None, None
        if left and chance.happens(0.65, "handed", number):
            successor = chance.pick([other for other in pool if other not in help.leaving], "successor", number)
            resumed = left + timedelta(days=chance.between(0, 20, "gap", number))
            help.pair(number, cadre, since, left, chance.pick(["CADRE_TRANSFERRED", "CADRE_RETIRED"], "why", number))
            help.pair(number, successor, resumed)
        else:
            help.pair(number, cadre, since)
        if chance.happens(0.035, "second", number):
            second = chance.pick(
                [other for other in pool if other not in (cadre, successor) and other not in help.leaving], "who2", number
            )
            help.pair(number, second, since + timedelta(days=200), role="SECONDARY")

        def in_charge(day):
            if successor and day >= resumed:
                return successor
            return None if left and day >= left else cadre

        for first, last in quarters(date(2016, 7, 1), DAY):
            has_left = household["exitYear"] and first.year > 2016
            help.meet(number, in_charge, first, last, 0.29 if has_left else 0.13, SOURCE, since)


def funds(register):
    for year in (2016, 2017):
        register.add(
            "FundSource",
            source=SOURCE,
            recordNumber=f"district-{year}",
            kind="DISTRICT_ASSISTANCE",
            ownerArea=DISTRICT,
            year=year,
            budgeted=300_000_000,
            arrived=300_000_000 if year == 2016 else 150_000_000,
        )
        for index in range(66):
            unit = f"{DISTRICT[:6]}{index + 1:04d}"
            register.add(
                "FundSource",
                source=SOURCE,
                recordNumber=f"{unit}-{year}",
                kind="UNIT_ASSISTANCE",
                ownerUnit=unit,
                year=year,
                budgeted=3_000_000,
                arrived=3_000_000 if year == 2016 or index % 7 else 2_000_000,
            )


def register():
    made, chance = Register(NAME), Chance(NAME)
    people = People(made, chance, "4201", DAY)
    areas(made)
    documents(made)
    village_rows(made, chance)
    households = household_rows(made, chance, people)
    plan(made, [household for household, _, _, _ in households])
    livelihood(made, chance, households)
    helpers(made, chance, people, households)
    funds(made)
    return made
