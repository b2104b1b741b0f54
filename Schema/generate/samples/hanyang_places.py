"""What the document of sample A prints, and the places of the sample."""

from datetime import date

DAY = date(2017, 6, 30)
PLAN = "2016—2018年对口帮扶脱贫计划"
DOCUMENT = "阳办发〔2015〕26号"
SOURCE = "sample"
DISTRICT, TOWN = "420105000000", "420115010000"

# Codes that the subdistrict has; what is said of the villages is invented, as are their names.
CODES = [
    TOWN[:9] + number for number in "200 201 203 204 205 206 217 218 221 222 223 224 228 231 233 234 237 238 239 241 245".split()
]
NUMERALS = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十 二十一".split()

# Per village: households and persons on minimum allowance, with five guarantees, general; rural population; year; units.
M, F, G = "MINIMUM_ALLOWANCE", "FIVE_GUARANTEES", "GENERAL"
VILLAGES = [
    ((26, 43), (3, 3), (24, 72), 1180, 2016, 4),
    ((26, 43), (2, 2), (24, 72), 1240, 2016, 4),
    ((26, 43), (2, 2), (24, 72), 1305, 2016, 4),
    ((26, 43), (2, 2), (24, 72), 1410, 2016, 3),
    ((26, 43), (2, 2), (24, 72), 1466, 2016, 3),
    ((26, 43), (2, 2), (24, 72), 1520, 2016, 3),
    ((26, 43), (3, 3), (24, 72), 1275, 2017, 3),
    ((26, 43), (2, 2), (24, 71), 1333, 2017, 3),
    ((26, 43), (2, 2), (24, 71), 1388, 2017, 3),
    ((26, 43), (2, 2), (24, 71), 1442, 2017, 3),
    ((26, 43), (2, 2), (25, 74), 1497, 2017, 3),
    ((25, 42), (2, 2), (25, 74), 1551, 2017, 3),
    ((25, 42), (3, 3), (25, 74), 1606, 2017, 3),
    ((25, 42), (2, 2), (25, 74), 1660, 2017, 3),
    ((25, 42), (2, 2), (25, 74), 1715, 2017, 3),
    ((25, 42), (2, 2), (25, 74), 1349, 2018, 3),
    ((25, 42), (2, 2), (25, 74), 1404, 2018, 3),
    ((25, 42), (2, 2), (25, 74), 1458, 2018, 3),
    ((25, 42), (3, 3), (25, 74), 1513, 2018, 3),
    ((25, 42), (2, 2), (25, 74), 1567, 2018, 3),
    ((25, 41), (2, 2), (25, 74), 1621, 2018, 3),
]
# How many households of each size there are, over all villages.
SIZES = {M: {1: 268, 2: 196, 3: 56, 4: 16}, F: {1: 46}, G: {1: 40, 2: 130, 3: 189, 4: 116, 5: 40}}
# Of the villages that leave last, the households and persons that leave before.
EARLY = [(2016, 16, 38), (2017, 78, 176)]
CAUSES = {
    G: {
        "ILLNESS": 40,
        "LACK_OF_TECHNOLOGY": 18,
        "LACK_OF_FUNDS": 11,
        "SCHOOLING": 9,
        "DISABILITY": 6,
        "LACK_OF_LABOUR": 5,
        "DISASTER": 3,
        "LACK_OF_LAND": 2,
        "POOR_TRANSPORT": 2,
        "LACK_OF_MOTIVATION": 2,
        "LACK_OF_WATER": 1,
        "OTHER": 1,
    },
    M: {
        "ILLNESS": 51,
        "LACK_OF_LABOUR": 16,
        "DISABILITY": 12,
        "LACK_OF_TECHNOLOGY": 9,
        "LACK_OF_FUNDS": 5,
        "SCHOOLING": 2,
        "DISASTER": 2,
        "LACK_OF_LAND": 1,
        "LACK_OF_MOTIVATION": 1,
        "BEREAVEMENT": 1,
    },
    F: {"LACK_OF_LABOUR": 46, "ILLNESS": 33, "DISABILITY": 19, "OTHER": 2},
}
NINE = "LEADING_INDUSTRY COLLECTIVE_INCOME SERVICE_CENTRE SCHOOL_HEALTH_CULTURE PAVED_ROAD HOUSEHOLD_SAFE_WATER SAFE_GRID BROADCAST_TELECOM_FIBRE CLEAN_ENERGY".split()
EIGHT = "ONE_LEADING_INDUSTRY HARD_SURFACE_ROAD SERVICE_CENTRE SOCIAL_SECURITY_MEASURES CLEAN_VILLAGE STRONG_LEADING_BODY STABLE_WORK_TEAM PAIRING_MECHANISM".split()
# What the first six villages brought in in 2016: a person's disposable income and the village's, in cents. Seven tenths of the
# province's average are 8,890.00, and 100,000.00 a village is asked: at both, a hundredth below each, clear of both, and not known.
BROUGHT_IN = [
    (889_000, 10_000_000),
    (888_999, 12_000_000),
    (950_000, 10_000_000),
    (960_000, 9_999_999),
    (970_000, 15_000_000),
    (None, 13_000_000),
]


def areas(register):
    for code, name, level, kind, parent, short in [
        ("420000000000", "湖北省", "PROVINCE", "PROVINCE", None, None),
        ("420100000000", "武汉市", "PREFECTURE", "PREFECTURE_CITY", "420000000000", None),
        (DISTRICT, "汉阳区", "COUNTY", "DISTRICT", "420100000000", None),
        ("420115000000", "江夏区", "COUNTY", "DISTRICT", "420100000000", None),
        (TOWN, "山坡街道", "TOWNSHIP", "SUBDISTRICT", "420115000000", None),
    ] + [
        (code, f"样本{numeral}村", "VILLAGE", "ADMINISTRATIVE_VILLAGE", TOWN, f"V{place + 1:02d}")
        for place, (code, numeral) in enumerate(zip(CODES, NUMERALS))
    ]:
        register.add("AdministrativeArea", code=code, name=name, shortName=short, level=level, kind=kind, parent=parent)
    for year, province, city, district in [(2015, 1_180_000, 1_770_000, 1_540_000), (2016, 1_270_000, 1_910_000, 1_660_000)]:
        for area, value in [("420000000000", province), ("420100000000", city), ("420115000000", district)]:
            register.add("AreaIncomeBenchmark", area=area, year=year, measure="RURAL_DISPOSABLE", value=value)


def documents(register):
    register.add(
        "PolicyDocument",
        number=DOCUMENT,
        title="全力推进精准扶贫对口帮扶实施方案",
        issuer="中共汉阳区委办公室、汉阳区人民政府办公室",
        issuedOn="2015-10-24",
        area=DISTRICT,
    )
    for key, value in [
        ("village.exit.incidenceMax", "0"),
        ("village.exit.incidenceInclusive", "true"),
        ("village.exit.collectiveIncomeMin", "100000"),
        ("village.exit.incomeShareOfProvince", "0.70"),
        ("village.exit.checklist", "NINE_HAVE"),
        ("household.exit.incomeShareOfDistrict", "0.70"),
        ("household.exit.line", "POVERTY_LINE_MUNICIPAL"),
        ("medical.villageInsuredShareMin", "0.99"),
        ("medical.d1.ratioIncrease", "0.20"),
        ("fund.districtAssistanceMin", "3000000"),
        ("fund.unitMin", "30000"),
    ]:
        register.add("PolicyParameter", key=key, area=TOWN, profile="D1", value=value, validFrom="2015-10-24", document=DOCUMENT)


def village_rows(register, chance):
    for place, (code, numeral, row) in enumerate(zip(CODES, NUMERALS, VILLAGES)):
        population, exit_year = row[3], row[4]
        groups = chance.between(8, 13, "groups", code)
        for group in range(1, groups + 1):
            register.add("SubVillageUnit", village=code, name=f"{group}组", kind="VILLAGER_GROUP")
        late = [
            (
                chance.between(6_500, 11_500, "disposable", code, year) * 100,
                chance.between(3, 95, "collective", code, year) * 1000_00,
            )
            for year in (2014, 2015, 2016)
        ]
        incomes = late[:2] + [BROUGHT_IN[place] if place < len(BROUGHT_IN) else late[2]]
        for year, (person, collective) in zip((2014, 2015, 2016), incomes):
            register.add(
                "VillageYear",
                village=code,
                year=year,
                ruralRegisteredPopulation=population,
                ruralRegisteredHouseholds=population * 10 // 32,
                perCapitaDisposableIncome=person,
                collectiveIncome=collective,
                ncmsEligible=population - 20,
                ncmsEnrolled=(population - 20) * (992 if year == 2016 else 985) // 1000 + 1,
                broadbandCoverage=year == 2016 and place < 9,
                fourGCoverage=year == 2016 and place < 12,
                ecommerceStationCount=1 if year == 2016 and place < 6 else 0,
                modernServiceCoverage=year == 2016 and place < 4,
                villagerGroupCount=groups,
            )
        register.add(
            "Village",
            code=code,
            area=code,
            name=f"样本{numeral}村",
            isPoorVillage=True,
            exitStatus="EXITED" if exit_year == 2016 else "POOR",
            exitDate="2016-12-31" if exit_year == 2016 else None,
            exitYear=2016 if exit_year == 2016 else None,
            plannedExitYear=exit_year,
            leadingIndustry=chance.pick(["茶叶", "油茶", "小龙虾", "苗木", "蔬菜", "养猪"], "industry", code),
            collectiveIncome=incomes[2][1],
            assistedByDistrict=DISTRICT,
        )
        # What every village plans; the economic plan of the last year was not handed in by the last village.
        for kind, day in [
            ("EXIT_PLAN", "2015-12-10"),
            ("BEAUTIFUL_VILLAGE_PLAN", "2016-03-01"),
            ("ECONOMIC_PLAN", "2016-02-20"),
            ("ECONOMIC_PLAN", "2017-02-20" if place < 20 else None),
        ]:
            if day:
                register.add("ArchiveItem", source=SOURCE, recordNumber=f"{code}-{kind}-{day[:4]}", kind=kind, village=code, date=day)
        # Found before the first six left; one of them lacks one thing. The others were looked at in spring.
        for item in NINE:
            met = chance.happens(0.7, "nine", code, item) if exit_year > 2016 else not (place == 4 and item == "CLEAN_ENERGY")
            register.add(
                "ChecklistAssessment",
                village=code,
                scheme="NINE_HAVE",
                item=item,
                met=met,
                assessedOn="2016-11-15" if exit_year == 2016 else "2017-03-20",
            )
        for item in EIGHT if place < 2 else []:
            register.add(
                "ChecklistAssessment",
                village=code,
                scheme="EIGHT_HAVE",
                item=item,
                met=not (place == 1 and item == "CLEAN_VILLAGE"),
                assessedOn="2016-11-15",
            )
