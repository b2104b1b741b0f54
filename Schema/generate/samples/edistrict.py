"""Sample B: a district's register after its two exits, locked on 31 July of year N (document D0)."""

from datetime import date, timedelta

from edistrict_living import benefits, helpers, livelihood, schooling
from edistrict_places import (
    BATCHES,
    CAUSES,
    DAY,
    DISTRICT,
    JOINED,
    LEFT,
    N,
    NUMERALS,
    POOR,
    SOURCE,
    STRUCK_OFF,
    TOWNS,
    VILLAGES,
    areas,
    documents,
)
from people import People, iso
from procedures import HouseholdExits
from tables import Chance, Register

NAME = "edistrict"


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
    schooling(made, chance, households)
    helpers(made, chance, people, households)
    exits = HouseholdExits(made, SOURCE, DISTRICT, round_of)
    for place, code in enumerate(VILLAGES):
        for batch, (name, year, _, replied) in enumerate(BATCHES):
            here = [h for h in households if h["batch"] == batch and h["row"]["village"] == code]
            exits.add(code, TOWNS[place // 4], year, name, replied, here)
    return made
