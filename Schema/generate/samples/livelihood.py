"""What households live on, how they live, and what they are given."""

from datetime import date, timedelta

from people import iso


def split_income(chance, total, category, members, *names):
    """A year's income in cents in four parts, and what it cost, that come to a total."""
    works = any(member["labourCapacity"] in ("ORDINARY", "SKILLED", "WEAK_OR_HALF") for member in members)
    transfer = (
        int(total * chance.between(55, 85, "transfer", *names) / 100)
        if category != "GENERAL"
        else int(total * chance.between(8, 30, "transfer", *names) / 100)
    )
    if not works:
        transfer = int(total * 0.94)
    transfer -= transfer % 100
    property_income = chance.between(1, 9, "property", *names) * 1000 if chance.happens(0.28, "has", *names) else 0
    rest = max(total - transfer - property_income, 0)
    wage = int(rest * chance.between(0, 80, "wage", *names) / 100) // 100 * 100 if works else 0
    net = total - transfer - property_income - wage
    cost = (abs(net) // 400 + 20) * 100
    return wage, net + cost, property_income, transfer, cost


def income(register, chance, household, year, kind, per_head, members, **more):
    """An income record with so many cents a person: the parts come to exactly that."""
    size = len(members)
    category = household["category"]
    wage, business, rent, transfer, cost = split_income(chance, per_head * size, category, members, household["number"], year)
    register.add(
        "IncomeRecord",
        household=household["number"],
        year=year,
        kind=kind,
        wageIncome=wage,
        businessIncome=business,
        propertyIncome=rent,
        transferIncome=transfer,
        businessCost=cost,
        memberCount=size,
        perCapitaNetIncomeReported=per_head,
        **more,
    )


class Measures:
    """Measures of a household, by what made it poor, and the loans that go with them."""

    def __init__(self, register, chance, source, year, first, last):
        self.register, self.chance, self.source, self.year, self.first, self.last = register, chance, source, year, first, last
        self.count = self.loans = 0

    def add(self, household, kind, batch, name, amount, persons=None, route=None, **more):
        self.count += 1
        started = more.pop("startedOn", None) or self.first + timedelta(
            days=self.chance.between(0, (self.last - self.first).days, "started", household, self.count)
        )
        self.register.add(
            "Measure",
            source=self.source,
            recordNumber=str(self.count),
            household=household,
            persons=persons,
            kind=kind,
            batch=batch,
            route=route,
            name=name,
            year=started.year,
            amount=amount * 100,
            startedOn=iso(started),
            **more,
        )
        return started

    def household(self, household, members, cause, effect=None):
        chance, number = self.chance, household["number"]
        more = {"effectState": effect} if effect else {}
        if household["category"] == "MINIMUM_ALLOWANCE":
            self.add(
                number,
                "MINIMUM_ALLOWANCE",
                "SOCIAL_SECURITY",
                "农村低保金",
                chance.between(12, 40, "dibao", number) * 120,
                route="SAFETY_NET",
                **more,
            )
        if household["category"] == "FIVE_GUARANTEES":
            self.add(
                number,
                "FIVE_GUARANTEES",
                "SOCIAL_SECURITY",
                "特困人员供养金",
                chance.between(40, 60, "tekun", number) * 120,
                route="SAFETY_NET",
                **more,
            )
        for member in members:
            person, condition, school = member["number"], member["health"][0], member["schoolStatus"]
            if condition != "HEALTHY" and chance.happens(0.6, "doctor", person):
                self.add(number, "HEALTH", "SOCIAL_SECURITY", "慢病签约服务", 0, [person], **more)
            if condition == "SERIOUS_ILLNESS" and chance.happens(0.65, "aid", person):
                self.add(
                    number,
                    "HEALTH",
                    "SOCIAL_SECURITY",
                    "医疗救助",
                    chance.between(8, 60, "aidAmount", person) * 100,
                    [person],
                    "MEDICAL",
                    **more,
                )
            grant = {
                "PRIMARY": ("义务教育阶段生活补助（小学）", 1000),
                "JUNIOR": ("义务教育阶段生活补助（初中）", 1250),
                "SENIOR": ("普通高中国家助学金", 3000),
                "VOCATIONAL": ("“雨露计划”补助", 5000),
                "HIGHER_VOCATIONAL": ("“雨露计划”补助", 5000),
            }.get(school)
            if grant and chance.happens(0.93, "grant", person):
                self.add(number, "EDUCATION", "EDUCATION", grant[0], grant[1], [person], "SCHOOLING", **more)
            if member["labourCapacity"] in ("ORDINARY", "SKILLED") and chance.happens(0.12, "training", person):
                self.add(
                    number,
                    "TRAINING",
                    "PRODUCTION",
                    "技能培训补贴",
                    chance.between(3, 12, "trained", person) * 100,
                    [person],
                    "SKILL_TRANSFER",
                    **more,
                )
            if member["birthDate"] < f"{self.year - 60}" and chance.happens(0.9, "pension", person):
                self.add(number, "OTHER", "SOCIAL_SECURITY", "城乡居民养老金", 860, [person], isUniversal=True, **more)
        if household["category"] == "GENERAL" and chance.happens(0.55, "industry", number):
            self.add(
                number,
                "INDUSTRY",
                "PRODUCTION",
                "产业到户奖补",
                chance.between(5, 40, "award", number) * 100,
                route="INDUSTRY",
                **more,
            )
        if chance.happens(0.03, "post", number):
            self.add(number, "PUBLIC_POST", "PRODUCTION", "公益性岗位", 6000, route="INDUSTRY", **more)
        if household["category"] == "GENERAL" and chance.happens(0.42, "loan", number) or chance.happens(0.05, "loan2", number):
            self.loan(number, **more)

    def loan(self, number, principal=None, start=None, **more):
        chance = self.chance
        self.loans += 1
        principal = principal or chance.pick({10_000: 8, 20_000: 15, 30_000: 22, 50_000: 54, 100_000: 1}, "principal", number)
        if start is None and chance.happens(0.25, "earlier", number):
            start = self.first - timedelta(days=chance.between(10, 300, "before", number))
        start = self.add(number, "MICROLOAN", "PRODUCTION", "扶贫小额信贷", principal, route="INDUSTRY", startedOn=start, **more)
        self.add(
            number, "MICROLOAN", "PRODUCTION", "小额信贷贴息", int(principal * 0.0435), route="INDUSTRY", startedOn=start, **more
        )
        quarter = principal * 25
        balance = quarter * chance.between(0, 4, "balance", number)
        due = date(start.year + 3, start.month, min(start.day, 28))
        self.register.add(
            "Loan",
            source=self.source,
            recordNumber=str(self.loans),
            household=number,
            principal=principal * 100,
            balance=balance,
            annualRate=435,
            termMonths=36,
            startDate=iso(start),
            dueDate=iso(due),
            collateral=False,
            guarantor=False,
            state="ACTIVE" if balance else "REPAID",
        )
