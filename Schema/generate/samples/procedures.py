"""Cases that took every step of their documents, with the papers and the notices that prove it."""

from datetime import timedelta

from people import iso

# Exit of a household, as document D0 has it: days before the replies, action, who acts, state, papers, notice.
STEPS = [
    (60, "SURVEY", "VILLAGE_COMMITTEE", "NOMINATED", []),
    (52, "AGREE", "VILLAGE_ASSEMBLY", "HOUSEHOLD_AGREED", ["MINUTES", "HOUSEHOLD_SIGNATURE"]),
    (50, "VERIFY", "VILLAGE_COMMITTEE", "VERIFIED", ["SURVEY_FORM", "INCOME_STATEMENT"]),
    (48, "POST_NOTICE", "VILLAGE_COMMITTEE", "VILLAGE_NOTICE", ["NOTICE_PHOTO"]),
    (38, "CLOSE_NOTICE", "VILLAGE_COMMITTEE", "VILLAGE_CLEARED", []),
    (34, "REVIEW", "TOWN", "TOWN_REVIEWED", ["TOWN_REVIEW_OPINION", "SURVEY_FORM"]),
    (33, "POST_NOTICE", "TOWN", "TOWN_NOTICE", ["NOTICE_PHOTO"]),
    (22, "CLOSE_NOTICE", "TOWN", "TOWN_CLEARED", []),
    (15, "REVIEW", "COUNTY_OFFICE", "COUNTY_REVIEWED", ["COMPARISON_REPORT"]),
    (8, "ANNOUNCE", "COUNTY_OFFICE", "ANNOUNCED", []),
    (0, "REPLY", "TOWN_COUNTY_REPLY", "REPLIED", ["COUNTY_REPLY"]),
]
OF_HOUSEHOLD = {"HOUSEHOLD_SIGNATURE", "SURVEY_FORM", "INCOME_STATEMENT"}
DISCLOSED = "村、组、户主姓名、人数、户属性、决定、日期"


class HouseholdExits:
    """The exits of a village's households, batch by batch: one meeting and one notice for all of a batch."""

    def __init__(self, register, source, district, round_of):
        self.register, self.source, self.district, self.round_of = register, source, district, round_of
        # The household agrees in the assembly; who acts together is said where the model holds it.
        holds_joint = "jointBodies" in register.model.types["ProcessStep"][1]
        self.joint = {"jointBodies": ["HOUSEHOLD"]} if holds_joint else {}

    def paper(self, name, kind, day):
        self.register.add("Evidence", source=self.source, recordNumber=name, kind=kind, date=iso(day))
        return f"{self.source}|{name}"

    def add(self, village, town, year, batch, replied, households):
        if not households:
            return
        register, key = self.register, f"{village}-{year}"
        days = {state: replied - timedelta(days=before) for before, _, _, state, _ in STEPS}
        shared = {}
        for before, _, _, state, kinds in STEPS:
            for kind in kinds:
                if kind not in OF_HOUSEHOLD:
                    shared[state, kind] = self.paper(f"{key}-{state}-{kind}", kind, days[state])
        second_reply = self.paper(f"{key}-REPLIED-COUNTY_REPLY-2", "COUNTY_REPLY", replied)
        cases = []
        for household in households:
            number = f"EX{year}-{household['number']}"
            cases.append(number)
            opened = days["NOMINATED"]
            register.add(
                "ProcessCase",
                caseNumber=number,
                type="HOUSEHOLD_EXIT",
                subjectHousehold=household["number"],
                profile="D0",
                round=self.round_of(replied),
                year=year,
                openedOn=iso(opened),
                closedOn=iso(replied),
                outcome="APPROVED",
                personCountAtDecision=household["size"],
            )
            state_before, own = None, {}
            for serial, (_, action, body, state, kinds) in enumerate(STEPS):
                papers = []
                for kind in kinds:
                    if kind in OF_HOUSEHOLD and (state, kind) not in own:
                        own[state, kind] = self.paper(f"{number}-{state}-{kind}", kind, days[state])
                    papers.append(own.get((state, kind)) or shared[state, kind])
                register.add(
                    "ProcessStep",
                    case=number,
                    number=serial + 1,
                    action=action,
                    actorBody=body,
                    date=iso(days[state]),
                    fromState=state_before,
                    toState=state,
                    evidence=papers or None,
                    **(self.joint if state == "HOUSEHOLD_AGREED" else {}),
                )
                state_before = state
            # Two replies, of the county and of the town.
            register.rows("ProcessStep")[-1]["evidence"].append(second_reply)
        register.add(
            "DataComparison",
            runNumber=f"DC-{key}",
            round=self.round_of(replied),
            runOn=iso(days["COUNTY_REVIEWED"] - timedelta(days=3)),
            departments=["CIVIL_AFFAIRS", "TRAFFIC_POLICE", "HOUSING", "INDUSTRY_COMMERCE", "FINANCE"],
            cases=cases,
        )
        register.add(
            "Appraisal",
            source=self.source,
            recordNumber=key,
            cases=cases,
            level="VILLAGE_REPRESENTATIVES",
            village=village,
            heldOn=iso(days["HOUSEHOLD_AGREED"]),
            villagers=12,
            villageRepresentatives=30,
            supervisors=3,
            villageCadres=5,
            residentCadres=3,
            votesFor=30,
            votesAgainst=0,
            abstentions=0,
            minutes=shared["HOUSEHOLD_AGREED", "MINUTES"],
        )
        for ordinal, (level, area, posted, closed) in enumerate(
            [("VILLAGE", village, "VILLAGE_NOTICE", "VILLAGE_CLEARED"), ("TOWN", town, "TOWN_NOTICE", "TOWN_CLEARED")]
        ):
            register.add(
                "PublicNotice",
                source=self.source,
                recordNumber=f"{key}-{ordinal + 1}",
                type="NOTICE",
                ordinal=ordinal + 1,
                level=level,
                area=area,
                cases=cases,
                postedOn=iso(days[posted]),
                closesOn=iso(days[posted] + timedelta(days=8)),
                channel="BOARD",
                photos=[shared[posted, "NOTICE_PHOTO"]],
                disclosedFields=DISCLOSED,
                removedOn=iso(days[closed]),
            )
        register.add(
            "PublicNotice",
            source=self.source,
            recordNumber=f"{key}-3",
            type="ANNOUNCEMENT",
            level="COUNTY",
            area=self.district,
            cases=cases,
            postedOn=iso(days["ANNOUNCED"]),
            channel="MEDIA",
            disclosedFields=DISCLOSED,
        )
