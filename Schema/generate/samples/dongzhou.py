"""Sample C: two poor villages and two others of a district at the end of its three-year plan, 30 April 2020 (document D4).

The document prints no totals of households and persons; those here are invented. It names two clinics and two health centres, and does not
name the two poor villages: the clinics stand in other ones.
"""

from datetime import date, timedelta

from assistance import Assistance, quarters
from livelihood import Measures, income
from people import People, iso
from tables import Chance, Register

NAME = "dongzhou"
DAY = date(2020, 4, 30)
SOURCE = "sample"
DOCUMENT = "东脱贫发〔2020〕3号"
PLAN = "2018—2020年脱贫攻坚三年行动计划"
DISTRICT = "210403000000"
# Code, name, level, kind, parent. Townships and villages have codes that nobody has.
AREAS = [
    ("210000000000", "辽宁省", "PROVINCE", "PROVINCE", None),
    ("210400000000", "抚顺市", "PREFECTURE", "PREFECTURE_CITY", "210000000000"),
    (DISTRICT, "东洲区", "COUNTY", "DISTRICT", "210400000000"),
    ("210403901000", "章党镇", "TOWNSHIP", "TOWN", DISTRICT),
    ("210403902000", "哈达镇", "TOWNSHIP", "TOWN", DISTRICT),
    ("210403901201", "样本一村", "VILLAGE", "ADMINISTRATIVE_VILLAGE", "210403901000"),
    ("210403901202", "洼子村", "VILLAGE", "ADMINISTRATIVE_VILLAGE", "210403901000"),
    ("210403902201", "样本二村", "VILLAGE", "ADMINISTRATIVE_VILLAGE", "210403902000"),
    ("210403902202", "阿及村", "VILLAGE", "ADMINISTRATIVE_VILLAGE", "210403902000"),
]
# Village, whether it is a poor village, hamlets, households by size, rural population.
VILLAGES = [
    ("210403901201", True, ["东屯", "西屯", "上屯"], {1: 16, 2: 12, 3: 5, 4: 2, 5: 1}, 1180),
    ("210403901202", False, [], {1: 4, 2: 3, 3: 1}, 1420),
    ("210403902201", True, ["南屯", "北屯", "下屯"], {1: 14, 2: 11, 3: 5, 4: 3}, 1065),
    ("210403902202", False, [], {1: 3, 2: 2, 3: 1}, 1310),
]
INSTITUTIONS = [
    ("H01", "章党镇卫生院", "TOWNSHIP", "210403901000", ["STANDARDISED_CENTRE"]),
    ("H02", "哈达镇卫生院", "TOWNSHIP", "210403902000", ["STANDARDISED_CENTRE"]),
    ("H03", "洼子村卫生室", "VILLAGE_CLINIC", "210403901202", ["INTEGRATED_MANAGEMENT", "SETUP_STANDARD"]),
    ("H04", "阿及村卫生室", "VILLAGE_CLINIC", "210403902202", ["INTEGRATED_MANAGEMENT", "SETUP_STANDARD"]),
]


def places(register, chance):
    for code, name, level, kind, parent in AREAS:
        register.add("AdministrativeArea", code=code, name=name, level=level, kind=kind, parent=parent)
    register.add(
        "PolicyDocument",
        number=DOCUMENT,
        title="脱贫攻坚三年行动计划（2018—2020年）",
        issuer="东洲区脱贫攻坚领导小组",
        issuedOn="2020-04-30",
        area=DISTRICT,
    )
    for key in ("medical.insuredShareMin", "health.contractShare", "health.checkupShare", "health.screeningShare"):
        register.add(
            "PolicyParameter", key=key, area=DISTRICT, profile="D4", value="1.00", validFrom="2018-01-01", document=DOCUMENT
        )
    # The line of one year was not entered.
    for year, line in ((2017, 320_000), (2018, 332_000)):
        register.add("AreaIncomeBenchmark", area="210000000000", year=year, measure="POVERTY_LINE_NATIONAL", value=line)
    names = {area[0]: area[1] for area in AREAS}
    samples = 0
    for code, is_poor, hamlets, _, population in VILLAGES:
        register.add(
            "Village",
            code=code,
            area=code,
            name=names[code],
            isPoorVillage=is_poor,
            exitStatus="EXITED" if is_poor else None,
            exitDate="2018-12-31" if is_poor else None,
            exitYear=2018 if is_poor else None,
            plannedExitYear=2018 if is_poor else None,
        )
        for year in (2017, 2018, 2019):
            register.add(
                "VillageYear",
                village=code,
                year=year,
                ruralRegisteredPopulation=population - (2019 - year) * 3,
                collectiveIncome=chance.between(30, 160, "collective", code, year) * 100_000,
                ncmsEligible=population - 40,
                ncmsEnrolled=population - 44,
            )
        for name in hamlets:
            register.add("SubVillageUnit", village=code, name=name, kind="NATURAL_HAMLET", centralisedWater=True)
            # Twelve samples: one in spring and one in autumn of every hamlet.
            for sampled, tested in (("2019-04-16", "2019-04-26"), ("2019-10-15", "2019-10-25")):
                samples += 1
                register.add(
                    "WaterTest",
                    village=code,
                    sampleNumber=f"W{samples:02d}",
                    hamlet=f"{code}|{name}",
                    sampledOn=sampled,
                    testedOn=tested,
                    result="PASS",
                    standard="农村饮水安全评价准则",
                )
        for group in range(1, 4):
            register.add("SubVillageUnit", village=code, name=f"{group}组", kind="VILLAGER_GROUP")
    for code, name, level, area, standards in INSTITUTIONS:
        register.add(
            "Hospital",
            code=code,
            name=name,
            level=level,
            area=area,
            designatedFrom="2017-01-01",
            specialScope="NONE",
            standards=standards,
        )
    register.add("ExitPlan", name=PLAN, area=DISTRICT, approvedOn="2020-04-06", document=DOCUMENT)
    register.add("ExitPlanTarget", plan=PLAN, year=2018, subject="PERSON", share=10_000, count=154)


def services(register, household, members):
    for member in members:
        person = member["number"]
        for year in (2019, 2020):
            register.add(
                "InsuranceEnrollment",
                person=person,
                year=year,
                scheme="RESIDENT_MEDICAL",
                premium=25_000,
                fiscalSubsidy=25_000,
                paidOn=f"{year - 1}-12-10",
            )
            register.add(
                "HealthService",
                source=SOURCE,
                recordNumber=f"{person}-{year}-1",
                person=person,
                kind="FAMILY_DOCTOR_CONTRACT",
                date=f"{year}-01-10",
                validTo=f"{year + 1}-01-10",
                provider=household["provider"],
            )
            register.add(
                "HealthService",
                source=SOURCE,
                recordNumber=f"{person}-{year}-2",
                person=person,
                kind="CHECKUP",
                date=f"{year}-03-12",
                provider=household["provider"],
            )
            register.add(
                "HealthService",
                source=SOURCE,
                recordNumber=f"{person}-{year}-3",
                person=person,
                kind="CHRONIC_SCREENING",
                date=f"{year}-03-12",
                provider=household["provider"],
            )


def register():
    made, chance = Register(NAME), Chance(NAME)
    people = People(made, chance, "2104", DAY)
    places(made, chance)
    help = Assistance(made, chance, people, DISTRICT, "东洲区")
    units = help.units(8)
    measures = Measures(made, chance, SOURCE, 2018, date(2018, 2, 1), date(2018, 10, 30))
    names = {area[0]: area[1] for area in AREAS}
    for place, (code, is_poor, hamlets, sizes, _) in enumerate(VILLAGES):
        own = units[place * 2 : place * 2 + 2]
        start = date(2018, 1, 8)
        for index, unit in enumerate(own):
            made.add("UnitVillageAssignment", unit=unit, village=code, role="MEMBER" if index else "LEAD", validFrom=iso(start))
        pool = help.team(code, names[code], start, own[0], own, 3) + [
            help.cadre(unit) for unit in own for _ in range(3 if is_poor else 1)
        ]
        drawn = chance.shuffled([size for size, count in sizes.items() for _ in range(count)], "order", code)
        for serial, size in enumerate(drawn):
            number = f"{code}{serial + 1:04d}"
            luck = chance.part("category", number)
            category = (
                ("FIVE_GUARANTEES" if luck < 0.3 else "MINIMUM_ALLOWANCE" if luck < 0.8 else "GENERAL")
                if size == 1
                else "MINIMUM_ALLOWANCE" if luck < 0.45 else "GENERAL"
            )
            cause = chance.pick(
                {"ILLNESS": 60, "DISABILITY": 20, "LACK_OF_LABOUR": 12, "LACK_OF_TECHNOLOGY": 5, "LACK_OF_FUNDS": 3},
                "cause",
                number,
            )
            since = date(2016, 1, 1)
            members = people.household(number, size, category, cause, since)
            hamlet = chance.pick(hamlets, "hamlet", number) if hamlets else None
            group = f"{chance.between(1, 3, 'group', number)}组"
            household = made.add(
                "Household",
                number=number,
                village=code,
                group=f"{code}|{group}",
                hamlet=f"{code}|{hamlet}" if hamlet else None,
                category=category,
                head=members[0]["number"],
                address=f"辽宁省抚顺市东洲区{names[code[:9] + '000']}{names[code]}{group}{chance.between(1, 90, 'door', number)}号",
                phone=people.phone(number),
                identificationStandard="NATIONAL",
                firstRegisteredOn=iso(since),
                plannedExitYear=2018,
                exitYear=2018,
                policyContinues=True,
                householdKind="RURAL",
            )
            made.add("HouseholdStatusPeriod", household=number, status="POOR", validFrom=iso(since), validTo="2018-12-31")
            made.add("HouseholdStatusPeriod", household=number, status="EXITED", validFrom="2018-12-31")
            made.add("CauseAssignment", household=number, cause=cause, rank="MAIN", validFrom=iso(since))
            made.add("ExitPlanAssignment", source=SOURCE, recordNumber=number, plan=PLAN, household=number, year=2018, batch=1)
            made.add(
                "HousingAppraisal",
                household=number,
                date=f"2019-{chance.between(3, 6, 'appraised', number):02d}-11",
                grade=chance.pick({"A": 7, "B": 3}, "grade", number),
                appraiser="区住建局",
            )
            for year in (2017, 2018, 2019):
                over = 1.1 + chance.part("over", number, year) * 0.9
                income(
                    made,
                    chance,
                    household,
                    year,
                    "VERIFIED",
                    int(3_200 * over) * 100,
                    members,
                    stableSource=True,
                    selfPaidMedical=chance.between(0, 30, "paid", number, year) * 1000,
                )
            for year in (2018, 2019):
                made.add(
                    "GuaranteeAssessment",
                    household=number,
                    assessedOn=f"{year}-10-{chance.between(9, 27, 'assessed', number, year):02d}",
                    food=True,
                    clothing=True,
                    compulsoryEducation=True,
                    basicMedical=True,
                    safeHousing=True,
                    safeWater=True,
                    electricity=True,
                    method=["INCOME", "FOOD_CLOTHING", "GUARANTEES", "TREND"],
                )
            if category != "GENERAL":
                made.add(
                    "AllowanceEnrollment",
                    household=number,
                    kind=category,
                    persons=[members[0]["number"]],
                    careMode="DISPERSED" if category == "FIVE_GUARANTEES" else None,
                    monthlyAmount=47_000 if category == "MINIMUM_ALLOWANCE" else 94_000,
                    validFrom=iso(since),
                )
            made.add(
                "HouseholdPlan",
                household=number,
                year=2020,
                agreedOn=f"2020-03-{chance.between(2, 30, 'agreed', number):02d}",
                items=chance.pick(["种植玉米", "养鸡30只", "护林", "外出务工", "保障兜底"], "items", number),
                expectedIncome=chance.between(4, 20, "expected", number) * 50_000,
                signedByHousehold=True,
            )
            measures.household(household, members, cause, "STABLE")
            services(made, {"provider": "H01" if code.startswith("210403901") else "H02"}, members)
            cadre = pool[serial % len(pool)]
            help.pair(number, cadre, date(2018, 2, 1) + timedelta(days=chance.between(0, 40, "paired", number)))
            for first, last in quarters(date(2019, 10, 1), DAY):
                help.meet(number, lambda day: cadre, first, last, 0.15, SOURCE, date(2018, 4, 1))
    return made
