"""Sample B: a district's register after its two exits, locked on 31 July of year N (document D0).

The document prints one year for what cannot have happened in one. N is 2019 here, an assumption: the exits are of N-2 and N-1, everybody
has left by the end of N-1, and the register is locked on 31 July of N.
"""

from datetime import date, timedelta

from assistance import Assistance, quarters
from livelihood import Measures, income
from people import People, iso
from procedures import HouseholdExits
from tables import Chance, Register

NAME = "edistrict"
N = 2019
DAY = date(N, 7, 31)
SOURCE = "sample"
DOCUMENT = "区基本概况（应知应会）"
PROVINCE, CITY, DISTRICT = "420000000000", "420700000000", "420799000000"
TOWNS = [f"4207990{town:02d}000" for town in (1, 2, 3)]
VILLAGES = [f"{TOWNS[place // 4][:9]}{201 + place % 4}" for place in range(12)]
NUMERALS = "一 二 三 四 五 六 七 八 九 十 十一 十二".split()
# The first of each town are poor villages.
POOR = [place for place in range(12) if place % 4 < 2]

# Exits: the year, how many households of each size, the day of the replies that end the procedure.
BATCHES = [
    ("第一批", N - 2, {1: 30, 2: 35, 3: 34, 4: 10, 5: 6}, date(N - 2, 12, 20)),
    ("第二批", N - 1, {1: 184, 2: 126, 3: 50, 4: 19, 5: 5}, date(N - 1, 12, 20)),
]
STRUCK_OFF = 25
LEFT = {"DIED": 18, "MARRIED_OUT": 8, "MOVED_OUT": 3, "IMPRISONED": 1}
JOINED = {"BORN": 5, "MARRIED_IN": 3}
CAUSES = {
    "ILLNESS": 301,
    "DISABILITY": 127,
    "SCHOOLING": 10,
    "LACK_OF_LABOUR": 25,
    "LACK_OF_TECHNOLOGY": 6,
    "LACK_OF_MOTIVATION": 4,
    "LACK_OF_FUNDS": 1,
}
POSTS = 75
# In the order of the document; the last three treat one kind of illness.
CITY_HOSPITALS = "市中心医院 市中医医院 市妇幼保健院 市三医院 市精神卫生中心 市优抚医院 飞鹅社区医院 凤凰社区医院 西山社区医院 怡亭铭社区医院 鄂钢医院 鄂州二医院 市优抚医院城东分院 凤凰医院 华仁康复医院".split()
COUNTIES = [
    ("420704000000", "鄂城区", "DISTRICT"),
    ("420703000000", "华容区", "DISTRICT"),
    ("420702000000", "梁子湖区", "DISTRICT"),
    ("420791000000", "葛店开发区", "DEVELOPMENT_ZONE"),
    ("420792000000", "鄂州经济开发区", "DEVELOPMENT_ZONE"),
]
# The line of poverty that the sample takes: the document prints none, and that of the last year was not entered yet.
LINES = {N - 3: 295_200, N - 2: 300_000}


def areas(register):
    register.add("AdministrativeArea", code=PROVINCE, name="湖北省", level="PROVINCE", kind="PROVINCE")
    register.add("AdministrativeArea", code=CITY, name="鄂州市", level="PREFECTURE", kind="PREFECTURE_CITY", parent=PROVINCE)
    for code, name, kind in COUNTIES + [(DISTRICT, "样本区", "DISTRICT")]:
        register.add("AdministrativeArea", code=code, name=name, level="COUNTY", kind=kind, parent=CITY)
    for place, code in enumerate(TOWNS):
        register.add(
            "AdministrativeArea", code=code, name=f"样本{NUMERALS[place]}镇", level="TOWNSHIP", kind="TOWN", parent=DISTRICT
        )
    for place, code in enumerate(VILLAGES):
        register.add(
            "AdministrativeArea",
            code=code,
            name=f"样本{NUMERALS[place]}村",
            level="VILLAGE",
            kind="ADMINISTRATIVE_VILLAGE",
            parent=TOWNS[place // 4],
        )
        for group in range(1, 7):
            register.add("SubVillageUnit", village=code, name=f"{group}组", kind="VILLAGER_GROUP")
    for year, line in LINES.items():
        register.add("AreaIncomeBenchmark", area=PROVINCE, year=year, measure="POVERTY_LINE_NATIONAL", value=line)
    for year, average in [(N - 3, 1_450_000), (N - 2, 1_560_000), (N - 1, 1_680_000)]:
        register.add("AreaIncomeBenchmark", area=DISTRICT, year=year, measure="RURAL_NET", value=average)


def documents(register):
    register.add("PolicyDocument", number=DOCUMENT, title="基本概况、应知应会和主要政策", area=DISTRICT)
    for key, value, printed in [
        ("village.exit.incidenceMax", "0.02", None),
        ("household.exit.line", "POVERTY_LINE_NATIONAL", None),
        ("exit.requireComparison", "true", None),
        ("meeting.city.everyMonths", "2", None),
        ("meeting.county.everyMonths", "1", None),
        ("team.minSizeProvincialPoorVillage", "3", None),
        ("team.rotationMinYears", "2", None),
        ("team.leaderRank.city", "DEPUTY_COUNTY", None),
        ("team.leaderRank.district", "DEPUTY_SECTION", None),
        ("medical.inpatientRatio", "0.90", None),
        ("medical.outpatientRatio", "0.80", None),
        ("medical.annualCap", "5000", None),
        ("medical.premiumSubsidyGeneral", "200", None),
        ("edu.primary", "1000", None),
        ("edu.junior", "1250", None),
        ("edu.seniorGrant", "3000", None),
        ("edu.vocationalTuitionPrivate", "2025", "2025"),
        ("edu.vocationalSubsidy", "2025", "2025"),
        ("edu.yuluMin", "5000", None),
        ("dibao.monthly", "470", None),
        ("tekun.monthly", "940", None),
        ("allowance.months", "13", None),
        ("loan.cap", "100000", None),
        ("loan.termMonths", "36", None),
        ("house.cMinSubsidy", "14000", None),
        ("post.ecoCount", "75", None),
        ("fund.revenueIncrementShare", "0.15", None),
        ("fund.stockShare", "0.50", None),
        ("adjust.roundsPerYear", "2", None),
    ]:
        register.add(
            "PolicyParameter",
            key=key,
            area=DISTRICT,
            profile="D0",
            value=value,
            validFrom=f"{N - 4}-01-01",
            document=DOCUMENT,
            printedValue=printed,
            note="SUSPECT_DATE_SUBSTITUTION" if printed else None,
        )


def rounds(register):
    """Two a year; the last is locked on the day that the document prints, the others with what the register held."""
    held = {}
    for year in range(N - 4, N + 1):
        for ordinal, cut in ((1, date(year, 7, 31)), (2, date(year, 12, 31))):
            if cut > DAY:
                continue
            households, persons = totals(register, cut)
            held[year, ordinal] = cut
            register.add(
                "AdjustmentRound",
                year=year,
                ordinal=ordinal,
                title=f"{year}年第{ordinal}次动态调整",
                opensOn=iso(cut - timedelta(days=150)),
                cutoffOn=iso(cut),
                state="LOCKED" if cut == DAY else "PUBLISHED",
                lockedOn=iso(cut),
                lockedHouseholds=households,
                lockedPersons=persons,
            )
    return held


def totals(register, day):
    """Households that are registered on a day, and their members."""
    day = iso(day)

    def holds(row):
        return row["validFrom"] <= day and (not row.get("validTo") or day < row["validTo"])

    registered = {
        row["household"]
        for row in register.rows("HouseholdStatusPeriod")
        if holds(row) and row["status"] in ("POOR", "EXITED", "RETURNED")
    }
    return len(registered), sum(row["household"] in registered and holds(row) for row in register.rows("Membership"))


def round_of(day):
    """The round that binds what happened on a day: the first whose cut-off is not before it."""
    return f"{day.year}|{1 if day <= date(day.year, 7, 31) else 2}"


def household_rows(register, chance, people):
    drawn = [
        {"batch": batch, "size": size}
        for batch, (_, _, sizes, _) in enumerate(BATCHES)
        for size, count in sizes.items()
        for _ in range(count)
    ]
    drawn = [drawn[place] for place in chance.shuffled(list(range(len(drawn))), "order")]
    # Some of the households of one end afterwards; causes are counted over the others.
    single = [place for place, household in enumerate(drawn) if household["size"] == 1]
    ending = set(chance.shuffled(single, "ending")[:STRUCK_OFF])
    for place, household in enumerate(drawn):
        household["ends"] = place in ending
    causes = chance.shuffled([cause for cause, count in CAUSES.items() for _ in range(count)], "causes")
    staying = [household for household in drawn if not household["ends"]]
    for household, cause in zip(staying, causes):
        household["cause"] = cause
    # A household of one has nobody to send to school: it changes causes with the nearest larger one.
    for place, household in enumerate(staying):
        if household["cause"] == "SCHOOLING" and household["size"] == 1:
            other = next(h for h in staying[place:] + staying if h["size"] > 2 and h["cause"] == "ILLNESS")
            household["cause"], other["cause"] = other["cause"], household["cause"]
    made, serials = [], {}
    for place, household in enumerate(drawn):
        village = VILLAGES[place % 12]
        serials[village] = serials.get(village, 0) + 1
        number = f"{village}{serials[village]:04d}"
        size, cause = household["size"], household.get("cause", "ILLNESS")
        luck = chance.part("category", number)
        category = (
            ("FIVE_GUARANTEES" if luck < 0.3 else "MINIMUM_ALLOWANCE" if luck < 0.75 else "GENERAL")
            if size == 1
            else ("MINIMUM_ALLOWANCE" if luck < 0.4 else "GENERAL")
        )
        since = date(N - 4, 1, 1)
        members = people.household(number, size, category, cause, since)
        name, year, _, replied = BATCHES[household["batch"]]
        row = register.add(
            "Household",
            number=number,
            village=village,
            group=f"{village}|{chance.between(1, 6, 'group', number)}组",
            category=category,
            head=members[0]["number"],
            address=f"湖北省鄂州市样本区样本{NUMERALS[VILLAGES.index(village) // 4]}镇样本{NUMERALS[VILLAGES.index(village)]}村{chance.between(1, 180, 'door', number)}号",
            phone=people.phone(number) if chance.happens(0.9, "phone", number) else None,
            identificationStandard="NATIONAL",
            firstRegisteredOn=iso(since),
            plannedExitYear=year,
            exitYear=year,
            exitBatch=name,
            policyContinues=True,
            householdKind="RURAL",
        )
        register.add("CauseAssignment", household=number, cause=cause, rank="MAIN", validFrom=iso(since))
        made.append(
            {
                "row": row,
                "members": members,
                "cause": cause,
                "ends": household["ends"],
                "replied": replied,
                "batch": household["batch"],
                "size": size,
                "number": number,
                "since": since,
            }
        )
    return made


def afterwards(register, chance, people, made):
    """What changed between the exits and the cut-off: who died, left, was born or came."""
    memberships = {row["person"]: row for row in register.rows("Membership")}
    changes = 0

    def change(kind, household, person, day):
        nonlocal changes
        changes += 1
        register.add(
            "PersonChange",
            source=SOURCE,
            recordNumber=str(changes),
            type=kind,
            household=household["number"],
            person=person,
            eventDate=iso(day),
            state="EFFECTIVE",
            round=round_of(day),
        )

    def day_after(household, *names):
        first = household["replied"] + timedelta(days=12)
        return first + timedelta(days=chance.between(0, (DAY - first).days - 5, "changed", household["number"], *names))

    for household in made:
        number, replied = household["number"], iso(household["replied"])
        register.add("HouseholdStatusPeriod", household=number, status="POOR", validFrom=iso(household["since"]), validTo=replied)
        ended = register.add(
            "HouseholdStatusPeriod", household=number, status="EXITED", validFrom=replied, reason=household["row"]["exitBatch"]
        )
        if household["ends"]:
            day = day_after(household)
            kind = "DIED" if chance.happens(0.72, "how", number) else "MOVED_OUT"
            person = household["members"][0]
            memberships[person["number"]].update(leaveReason=kind, validTo=iso(day))
            if kind == "DIED":
                person["deceasedOn"] = iso(day)
            ended["validTo"] = iso(day)
            register.add(
                "HouseholdStatusPeriod",
                household=number,
                status="DEREGISTERED",
                validFrom=iso(day),
                reason="户内人口全部自然减少",
            )
            change(kind, household, person["number"], day)
            household["endedOn"] = day
    larger = sorted((h for h in made if h["size"] >= 2), key=lambda h: chance.part("leaver", h["number"]))
    leavers, joiners = larger[:30], larger[30:60]
    kinds = [kind for kind, count in LEFT.items() for _ in range(count)]
    # Who dies is the oldest, who marries out a grown daughter where there is one; the head stays.
    for household, kind in zip(leavers, kinds):
        others = household["members"][1:]
        person = (
            min(others, key=lambda member: member["birthDate"])
            if kind == "DIED"
            else max(others, key=lambda member: (member["birthDate"] < f"{N - 18}", member["birthDate"]))
        )
        day = day_after(household)
        memberships[person["number"]].update(leaveReason=kind, validTo=iso(day))
        if kind == "DIED":
            person["deceasedOn"] = iso(day)
        change(kind, household, person["number"], day)
    # Born where there is a couple, married in where a grown son is left.
    for kind in [kind for kind, count in JOINED.items() for _ in range(count)]:
        household = joiners.pop(0)
        day = day_after(household, kind)
        number = f"{household['number']}{household['size'] + 1:02d}"
        sex = "FEMALE" if kind == "MARRIED_IN" or chance.happens(0.5, "babySex", number) else "MALE"
        born = day if kind == "BORN" else people.born(chance.between(22, 30, "bride", number), number)
        person = people.person(
            number, sex, 0, household["members"][0]["name"][0] if kind == "BORN" else "林", "HEALTHY", born=born
        )
        relation = ("GRANDSON" if sex == "MALE" else "GRANDDAUGHTER") if kind == "BORN" else "DAUGHTER_IN_LAW"
        register.add(
            "Membership",
            person=person["number"],
            household=household["number"],
            relationToHead=relation,
            joinReason=kind,
            validFrom=iso(day),
        )
        household["members"].append(person)
        change(kind, household, person["number"], day)


def village_rows(register, chance, made):
    # Between the exits, on 30 June of N-1, the households of the second are still poor.
    still = {code: sum(h["size"] for h in made if h["batch"] == 1 and h["row"]["village"] == code) for code in VILLAGES}
    # Of the six poor villages, on that day: exactly 3 % (of one whose persons make that), 1.9 %, 2.5 %, 3.5 %, exactly 2 %, and one
    # whose population nobody entered. Shares that are not exact fall short by less than a person.
    third = next(place for place in POOR if still[VILLAGES[place]] % 3 == 0)
    shares = {third: 30, **dict(zip((place for place in POOR if place != third), [19, 25, 35, 20, None]))}
    for place, code in enumerate(VILLAGES):
        is_poor = place in POOR
        share = shares.get(place, 12)
        population = None if share is None else still[code] * 1000 // share
        register.add(
            "Village",
            code=code,
            area=code,
            name=f"样本{NUMERALS[place]}村",
            isPoorVillage=is_poor,
            poorVillageGrade="PROVINCIAL" if is_poor else None,
            exitStatus="EXITED" if is_poor else None,
            exitDate=f"{N - 1}-12-28" if is_poor else None,
            exitYear=N - 1 if is_poor else None,
            plannedExitYear=N - 1 if is_poor else None,
        )
        for year in (N - 3, N - 2, N - 1):
            register.add(
                "VillageYear",
                village=code,
                year=year,
                ruralRegisteredPopulation=population,
                collectiveIncome=chance.between(40, 190, "collective", code, year) * 100_000,
                villagerGroupCount=6,
            )


def livelihood(register, chance, made):
    """Incomes of three years and assessments before each exit. Fourteen households, by their place among those of the second exit, show
    every way in which an exit fails a year before it comes, and what keeps a household out; what they are is said beside each."""
    measures = Measures(register, chance, SOURCE, N - 2, date(N - 3, 3, 1), date(N - 3, 12, 1))
    second = sorted((h for h in made if h["batch"] == 1 and h["size"] >= 2 and not h["ends"]), key=lambda h: h["number"])
    special = {h["number"]: place for place, h in enumerate(second[:14])}
    for household in made:
        number, members, batch = household["number"], household["members"][: household["size"]], household["batch"]
        place = special.get(number)
        for year in (N - 3, N - 2, N - 1):
            line = LINES.get(year, 310_000)
            over = year >= N - 3 + batch or place is not None
            per_head = (
                int(line * (1.1 + chance.part("over", number, year) * 1.2))
                if over
                else int(line * (0.55 + chance.part("under", number, year) * 0.4))
            )
            # Treatment costs no more than half of what is over the line.
            paid = max((per_head - line) * len(members) // 2, 20_000) if any(m["health"][0] != "HEALTHY" for m in members) else 0
            more = {"selfPaidMedical": int(paid * chance.part("paid", number, year)) // 1000 * 1000, "stableSource": over}
            if year == N - 3 and place is not None:
                # On the line, a hundredth over it, a hundredth below it; below it and in an unsafe house, with a car and with a business that rests.
                per_head = {0: line, 1: line + 1, 2: line - 1, 12: 210_000, 13: 238_500}.get(place, 400_000)
                more["stableSource"] = place not in (3, 12, 13)  # over the line, without a stable source
                more["selfPaidMedical"] = {4: (per_head - line) * len(members), 5: (per_head - line) * len(members) - 100}.get(
                    place, 0
                )  # treatment takes it to the line, and not quite
                if place == 6:
                    continue  # nobody knows the income
            income(register, chance, household["row"], year, "VERIFIED", per_head, members, **more)
        for year in ((N - 2,) if batch == 0 else (N - 2, N - 1)):
            looks = {
                "food": True,
                "clothing": True,
                "compulsoryEducation": True,
                "basicMedical": True,
                "safeHousing": batch == 0 or year == N - 1 or chance.happens(0.6, "house", number),
                "safeWater": True,
                "electricity": True,
            }
            if place is not None and year == N - 2:
                looks["safeHousing"] = place < 12
                if place == 7:
                    looks["safeWater"] = False  # water that is not safe
                if place == 8:
                    looks["safeHousing"] = None  # the house was not looked at
                if place == 9:
                    continue  # nobody assessed the household
                if place == 10:
                    looks["electricity"] = False  # no electricity
            register.add(
                "GuaranteeAssessment",
                household=number,
                assessedOn=f"{year}-10-{chance.between(8, 26, 'assessed', number, year):02d}",
                method=["INCOME", "FOOD_CLOTHING", "GUARANTEES", "TREND"],
                incomeOverLine=True if year == N - 1 or batch == 0 else None,
                **looks,
            )
        if place == 12:
            register.add("AssetDeclaration", household=number, declaredOn=f"{N - 2}-09-01", luxuryCar=True)
        if place == 13:
            register.add(
                "AssetDeclaration",
                household=number,
                declaredOn=f"{N - 2}-09-01",
                ownsOrInvestsEnterprise=True,
                longTermEmployees=False,
                taxpayerInNormalOperation=False,
            )
        # Of the one whose measures show no effect yet, none is visible or stable before the exits of the last year.
        measures.household(household["row"], members, household["cause"], "NOT_YET" if place == 11 else "STABLE")
        if place == 11:
            measures.add(
                number,
                "INDUSTRY",
                "PRODUCTION",
                "产业到户奖补",
                3000,
                route="INDUSTRY",
                effectState="NOT_YET",
                startedOn=date(N - 2, 4, 1),
            )
            measures.add(
                number,
                "INDUSTRY",
                "PRODUCTION",
                "产业到户奖补",
                2000,
                route="INDUSTRY",
                effectState="STABLE",
                startedOn=date(N - 1, 4, 1),
            )
    # One loan of exactly what may be lent.
    measures.loan(second[20]["number"], 100_000, date(N - 2, 9, 1), effectState="STABLE")


def benefits(register, chance, made):
    for index, name in enumerate(CITY_HOSPITALS):
        register.add(
            "Hospital",
            code=f"H{index + 1:02d}",
            name=name,
            level="CITY",
            area=CITY,
            designatedFrom=f"{N - 4}-01-01",
            specialScope="CEREBRAL_PALSY" if index == 14 else "SEVERE_MENTAL" if index >= 12 else "NONE",
        )
    for index, (code, name, _) in enumerate(COUNTIES):
        register.add(
            "Hospital",
            code=f"H{index + 21:02d}",
            name=name + "医院",
            level="COUNTY_AREA",
            area=code,
            designatedFrom=f"{N - 4}-01-01",
            specialScope="NONE",
        )
    for index, code in enumerate(TOWNS):
        register.add(
            "Hospital",
            code=f"H{index + 31:02d}",
            name=f"样本{NUMERALS[index]}镇卫生院",
            level="TOWNSHIP",
            area=code,
            designatedFrom=f"{N - 4}-01-01",
            specialScope="NONE",
            standards=["STANDARDISED_CENTRE"],
        )
    register.add(
        "FiscalStatement",
        area=DISTRICT,
        year=N - 1,
        localRevenue=1_240_000_000_00,
        localRevenuePreviousYear=1_200_000_000_00,
        specialPovertyBudgetAdded=6_000_000_00,
        recoveredReusableStock=9_000_000_00,
        recoveredUsedForPoverty=4_500_000_00,
    )
    # The printed start of the standards is of a year that was put in its place; here it is the first of April of N.
    start, posts, bills, subsidies = f"{N}-04-01", 0, 0, 0
    gone = {row["person"] for row in register.rows("Membership") if row.get("validTo")}
    for household in made:
        number, category = household["number"], household["row"]["category"]
        present = [member for member in household["members"] if member["number"] not in gone]
        ended = iso(household["endedOn"]) if household["ends"] else None
        if category != "GENERAL":
            until = None if ended is None or ended >= start else ended
            head = [household["members"][0]["number"]]
            register.add(
                "AllowanceEnrollment",
                household=number,
                kind=category,
                persons=head,
                careMode="DISPERSED" if category == "FIVE_GUARANTEES" else None,
                validFrom=iso(household["since"]),
                validTo=until or start,
            )
            if until is None:
                register.add(
                    "AllowanceEnrollment",
                    household=number,
                    kind=category,
                    persons=head,
                    careMode="DISPERSED" if category == "FIVE_GUARANTEES" else None,
                    monthlyAmount=47_000 if category == "MINIMUM_ALLOWANCE" else 94_000,
                    validFrom=start,
                    validTo=ended,
                )
        if household["ends"]:
            continue
        for member in present:
            person = member["number"]
            is_full = category != "GENERAL" or (member["disabilityGrade"] or 9) <= 2
            register.add(
                "InsuranceEnrollment",
                person=person,
                year=N,
                scheme="RESIDENT_MEDICAL",
                premium=22_000,
                fiscalSubsidy=22_000 if is_full else 20_000,
                paidOn=f"{N - 1}-12-15",
            )
            register.add(
                "HealthService",
                source=SOURCE,
                recordNumber=f"card-{person}",
                person=person,
                kind="MEDICAL_CARD",
                date=f"{N - 1}-02-01",
                provider="H01",
            )
            grant = {
                "PRIMARY": ("PRIMARY", 100_000),
                "JUNIOR": ("JUNIOR", 125_000),
                "SENIOR": ("SENIOR_HIGH_GRANT", 300_000),
                "VOCATIONAL": ("VOCATIONAL_SUBSIDY", 202_500),
            }.get(member["schoolStatus"])
            for kind, amount in ([grant] if grant else []) + (
                [("YULU", 500_000)] if member["schoolStatus"] in ("VOCATIONAL", "HIGHER_VOCATIONAL") else []
            ):
                subsidies += 1
                register.add(
                    "Subsidy",
                    source=SOURCE,
                    recordNumber=str(subsidies),
                    kind=kind,
                    household=number,
                    beneficiary=person,
                    entitledAmount=amount,
                    period="YEAR",
                    year=N - 1,
                    document=DOCUMENT,
                )
            if member["labourCapacity"] == "WEAK_OR_HALF" and posts < POSTS and chance.happens(0.75, "post", person):
                posts += 1
                register.add(
                    "PublicPost",
                    postNumber=f"P{posts:03d}",
                    program="ECO_CIVILISATION",
                    funder="区政府",
                    holder=person,
                    holderFrom=f"{N - 1}-03-01",
                    wage=60_000,
                )
            if member["health"][0] == "SERIOUS_ILLNESS" and chance.happens(0.5, "bill", person):
                bills += 1
                total = chance.between(40, 300, "total", person) * 10_000
                settled = date(N, 1, 10) + timedelta(days=chance.between(0, 180, "settled", person))
                register.add(
                    "MedicalExpense",
                    source=SOURCE,
                    recordNumber=str(bills),
                    person=person,
                    hospital=f"H{chance.between(1, 4, 'where', person):02d}",
                    visitType="INPATIENT",
                    admittedOn=iso(settled - timedelta(days=9)),
                    dischargedOn=iso(settled),
                    settledOn=iso(settled),
                    total=total,
                    paidBasic=total * 60 // 100,
                    paidCritical=total * 12 // 100,
                    paidAssistance=total * 12 // 100,
                    paidSupplementary=total * 7 // 100,
                    oneStop=True,
                    singleBill=True,
                    deposit=0,
                    payAfterTreatment=True,
                    inCounty=True,
                )
    if posts != POSTS:
        raise ValueError(f"{posts} posts are filled")
    in_danger = [h for h in made if not h["ends"]][::40][:12]
    for index, household in enumerate(in_danger):
        register.add(
            "HouseRenovation",
            source=SOURCE,
            recordNumber=str(index + 1),
            household=household["number"],
            gradeBefore="C" if index < 8 else "D",
            targetGroup="REGISTERED_POOR",
            appliedOn=f"{N - 2}-03-10",
            approvedOn=f"{N - 2}-04-20",
            startedOn=f"{N - 2}-05-05",
            completedOn=f"{N - 2}-09-01",
            acceptedOn=f"{N - 2}-09-20",
            subsidyAmount=1_400_000 if index < 8 else 2_200_000,
        )


def helpers(register, chance, people, made):
    help = Assistance(register, chance, people, DISTRICT, "样本区")
    units = help.units(36)
    pools = {}
    for place, code in enumerate(VILLAGES):
        own = units[place * 3 : place * 3 + 3]
        start = date(N - 3, 1, 10)
        for index, unit in enumerate(own):
            register.add(
                "UnitVillageAssignment", unit=unit, village=code, role="MEMBER" if index else "LEAD", validFrom=iso(start)
            )
        team = help.team(code, f"样本{NUMERALS[place]}村", start, own[0], own, 3 if place in POOR else 2, rank="DEPUTY_SECTION")
        pools[code] = team + [help.cadre(unit) for unit in own for _ in range(4)]
    for place, household in enumerate(made):
        number, pool = household["number"], pools[household["row"]["village"]]
        cadre = pool[place // 12 % len(pool)]
        since = date(N - 3, 2, 1) + timedelta(days=chance.between(0, 60, "paired", number))
        help.pair(number, cadre, since, household.get("endedOn"), "HOUSEHOLD_LEFT" if household["ends"] else None)
        for first, last in quarters(date(N, 1, 1), DAY):
            until = household.get("endedOn")
            help.meet(number, lambda day: None if until and day >= until else cadre, first, last, 0.15, SOURCE, since)


def register():
    made, chance = Register(NAME), Chance(NAME)
    people = People(made, chance, "4207", DAY)
    areas(made)
    documents(made)
    households = household_rows(made, chance, people)
    afterwards(made, chance, people, households)
    rounds(made)
    village_rows(made, chance, households)
    livelihood(made, chance, households)
    benefits(made, chance, households)
    helpers(made, chance, people, households)
    exits = HouseholdExits(made, SOURCE, DISTRICT, round_of)
    for place, code in enumerate(VILLAGES):
        for batch, (name, year, _, replied) in enumerate(BATCHES):
            here = [h for h in households if h["batch"] == batch and h["row"]["village"] == code]
            exits.add(code, TOWNS[place // 4], year, name, replied, here)
    return made
