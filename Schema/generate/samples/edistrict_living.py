"""How the households of sample B live, what they are given, and who helps them."""

from datetime import date, timedelta

from assistance import Assistance, quarters
from edistrict_places import (
    CITY,
    CITY_HOSPITALS,
    COUNTIES,
    DAY,
    DISTRICT,
    DOCUMENT,
    LINES,
    N,
    NUMERALS,
    POOR,
    POSTS,
    SOURCE,
    TOWNS,
    VILLAGES,
)
from livelihood import Measures, income
from people import age_on, iso


def livelihood(register, chance, made):
    """Incomes of three years and assessments before each exit. Fourteen households, by their place among those of the second exit, show
    every way in which an exit fails a year before it comes, and what keeps a household out; what they are is said beside each."""
    measures = Measures(register, chance, SOURCE, N - 2, date(N - 3, 3, 1), date(N - 3, 12, 1))
    second = sorted((h for h in made if h["batch"] == 1 and h["size"] >= 2 and not h["ends"]), key=lambda h: h["number"])
    memberships = {row["person"]: row for row in register.rows("Membership")}

    def is_member(person, day):
        row = memberships[person["number"]]
        return row["validFrom"] <= iso(day) and (not row.get("validTo") or iso(day) < row["validTo"])

    special = {h["number"]: place for place, h in enumerate(second[:14])}
    for household in made:
        number, batch = household["number"], household["batch"]
        place = special.get(number)
        for year in (N - 3, N - 2, N - 1):
            members = [member for member in household["members"] if is_member(member, date(year, 12, 31))]
            if not members:
                continue
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
        measures.household(
            household["row"],
            household["members"][: household["size"]],
            household["cause"],
            "NOT_YET" if place == 11 else "STABLE",
        )
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
    start, posts, bills = f"{N}-04-01", 0, 0
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


def stage_of(member, school_year):
    """The stage of a pupil in a school year, by the age on its first day; later stages are those of the pupil's status."""
    age = age_on(date.fromisoformat(member["birthDate"]), date(school_year, 9, 1))
    later = {
        "SENIOR": "SENIOR_HIGH",
        "VOCATIONAL": "SECONDARY_VOCATIONAL",
        "HIGHER_VOCATIONAL": "HIGHER_VOCATIONAL",
        "COLLEGE_PLUS": "UNDERGRADUATE_PLUS",
    }
    return (
        "PRIMARY" if 6 <= age < 12 else "JUNIOR" if 12 <= age < 15 else later.get(member["schoolStatus"]) if age >= 15 else None
    )


def schooling(register, chance, made):
    """Two school years of every pupil, and what was paid in the second: half in each semester, but for one in twenty of the halves."""
    gone = {row["person"] for row in register.rows("Membership") if row.get("validTo")}
    kinds = {
        "PRIMARY": ("PRIMARY", 100_000),
        "JUNIOR": ("JUNIOR", 125_000),
        "SENIOR_HIGH": ("SENIOR_HIGH_GRANT", 300_000),
        "SECONDARY_VOCATIONAL": ("VOCATIONAL_SUBSIDY", 202_500),
    }
    subsidies = payments = 0
    for household in made:
        for member in household["members"]:
            person = member["number"]
            if household["ends"] or person in gone:
                continue
            for school_year in (N - 2, N - 1):
                if stage := stage_of(member, school_year):
                    for semester in (1, 2):
                        register.add(
                            "SchoolEnrollment",
                            person=person,
                            schoolYear=school_year,
                            semester=semester,
                            stage=stage,
                            schoolSector="PUBLIC",
                            state="IN_SCHOOL",
                        )
            stage = stage_of(member, N - 1)
            grants = [kinds[stage]] if stage in kinds else []
            if stage in ("SECONDARY_VOCATIONAL", "HIGHER_VOCATIONAL"):
                grants.append(("YULU", 500_000))
            for kind, amount in grants:
                subsidies += 1
                register.add(
                    "Subsidy",
                    source=SOURCE,
                    recordNumber=str(subsidies),
                    kind=kind,
                    household=household["number"],
                    beneficiary=person,
                    entitledAmount=amount,
                    period="YEAR",
                    year=N - 1,
                    document=DOCUMENT,
                )
                halves = (
                    [(amount, f"{N - 1}-11-20")]
                    if kind == "YULU"
                    else [(amount // 2, f"{N - 1}-11-20"), (amount - amount // 2, f"{N}-04-20")]
                )
                for half, (part, day) in enumerate(halves):
                    if kind != "YULU" and chance.happens(0.05, "unpaid", person, half):
                        continue
                    payments += 1
                    register.add(
                        "SubsidyPayment",
                        source=SOURCE,
                        recordNumber=str(payments),
                        subsidy=f"{SOURCE}|{subsidies}",
                        amount=part,
                        paidOn=day,
                        status="PAID",
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
