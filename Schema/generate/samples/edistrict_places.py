"""What the document of sample B prints, and the places of the sample.

The document prints one year for what cannot have happened in one. N is 2019 here, an assumption: the exits are of N-2 and N-1, everybody
has left by the end of N-1, and the register is locked on 31 July of N.
"""

from datetime import date

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
