"""Who helps: units, their cadres, work teams, pairings, and what they did."""

from datetime import date, timedelta

from people import SURNAMES, iso

DEPARTMENTS = """委办公室 人大办公室 政府办公室 政协办公室 纪委 委组织部 委宣传部 委统战部 委政法委 编制办 直属机关工委 信访局 发展和改革局 教育局 科技局
工业和信息化局 公安局 民政局 司法局 财政局 人力资源和社会保障局 国土资源局 环境保护局 住房和城乡建设局 城市管理局 交通运输局 水务局 农业局 林业局
商务局 文化局 体育局 卫生局 审计局 统计局 扶贫办 安全监督局 食品药品监督局 市场监督局 旅游局 粮食局 供销社 档案局 残联 总工会 团委 妇联 科协
工商联 红十字会 人民法院 人民检察院 税务局 气象局 邮政公司 供电公司 电信公司 自来水公司 公交公司 信用社 农业银行 储蓄银行 人民医院 中医院
第一中学 职业学校""".split()
NOTES = [
    "入户了解收入变化",
    "讲解健康扶贫政策",
    "了解孩子上学情况",
    "查看住房安全",
    "联系务工岗位",
    "送去大米和食用油",
    "核对手册内容，补齐签字",
    "协助办理报销",
    "饮水管道已通，水压偏低",
    "帮助打扫院落",
    "了解春耕，需要复合肥2包",
    "动员参加医疗保险，已缴费",
    '反映"补贴没有到账"，已核实',
    "小额贷款快到期，提醒还款",
]


class Assistance:
    def __init__(self, register, chance, people, district, district_name):
        self.register, self.chance, self.people = register, chance, people
        self.district, self.district_name = district, district_name
        self.cadres, self.leaving = {}, {}
        self.visits = self.contacts = 0

    def units(self, count):
        codes = []
        for index in range(count):
            name = DEPARTMENTS[index]
            code = f"{self.district[:6]}{index + 1:04d}"
            self.register.add(
                "Unit",
                code=code,
                name=self.district_name + name,
                affiliation="COUNTY",
                unitType="STATE_ENTERPRISE" if name.endswith(("公司", "银行", "信用社")) else "STATE_ORGAN",
                area=self.district,
                isDispatchingUnit=True,
            )
            codes.append(code)
        return codes

    def cadre(self, unit, rank=None, born=None, **more):
        number = f"{self.district[:6]}{len(self.cadres) + 1:07d}"
        chance = self.chance
        sex = "MALE" if chance.happens(0.69, "cadreSex", number) else "FEMALE"
        born = self.people.born(chance.between(26, 58, "cadreAge", number), number)
        rank = rank or chance.pick(
            {"SECTION_MEMBER": 50, "DEPUTY_SECTION": 22, "OTHER": 16, "SECTION": 10, "COUNTY": 2}, "rank", number
        )
        self.cadres[number] = self.register.add(
            "Cadre",
            number=number,
            name=self.people.name(sex, born, chance.pick(SURNAMES, "cadreName", number), number),
            sex=sex,
            birthDate=iso(born),
            idNumber=self.people.identity("98", born, sex),
            phone=self.people.phone(number),
            unit=unit,
            rank=rank,
            partyMember=more.pop("partyMember", chance.happens(0.72, "party", number)),
            isVillageCadre=False,
            active=True,
            **more,
        )
        return number

    def team(self, village, village_name, start, lead_unit, units, size, rank="SECTION"):
        """A work team of cadres, the leader also the first secretary. Returns their numbers."""
        number = village + "01"
        self.register.add(
            "WorkTeam",
            number=number,
            name=village_name + "驻村工作队",
            village=village,
            dispatchLevel="COUNTY",
            startDate=iso(start),
            leadUnit=lead_unit,
            units=units,
        )
        members = []
        for place in range(size):
            cadre = self.cadre(units[place % len(units)], rank if place == 0 else None, partyMember=True)
            began = (
                start
                if place == 0 or self.chance.happens(0.8, "joined", cadre)
                else start + timedelta(days=self.chance.between(60, 560, "join", cadre))
            )
            role = "LEADER" if place == 0 else "DEPUTY_LEADER" if place == 1 else "MEMBER"
            self.register.add(
                "TeamMembership", team=number, cadre=cadre, role=role, isFirstSecretary=place == 0, startDate=iso(began)
            )
            members.append(cadre)
        return members

    def pair(self, household, cadre, since, until=None, reason=None, role="PRIMARY"):
        self.register.add(
            "Pairing",
            number=f"{household}{'01' if role == 'PRIMARY' and reason is None else '02' if role == 'PRIMARY' else '03'}",
            cadre=cadre,
            household=household,
            role=role,
            validFrom=iso(since),
            validTo=iso(until) if until else None,
            endReason=reason,
        )

    def meet(self, household, cadres, first, last, missed, source, began):
        """The visits and calls of a quarter. `cadres` says who was in charge on a day."""
        chance = self.chance
        if chance.happens(missed, "missed", household, first):
            return
        again = 1 + sum(chance.happens(0.3, "again", household, first, time) for time in range(2))
        for time in range(again):
            key = (household, first, time)
            days = (last - first).days
            day = (
                last - timedelta(days=chance.between(0, min(13, days), "late", *key))
                if chance.happens(0.3, "isLate", *key)
                else first + timedelta(days=chance.between(0, days, "day", *key))
            )
            cadre = cadres(day)
            if cadre is None or day < began:
                continue
            mode = chance.pick({"HOME": 80, "PHONE": 14, "ELSEWHERE": 6}, "mode", *key)
            summary = chance.pick(NOTES, "note", *key) if chance.happens(0.42, "noted", *key) else None
            if mode == "PHONE":
                self.contacts += 1
                self.register.add(
                    "Contact",
                    source=source,
                    recordNumber=str(self.contacts),
                    household=household,
                    cadre=cadre,
                    date=iso(day),
                    kind=chance.pick({"PHONE": 8, "SMS": 1}, "kind", *key),
                    direction="OUTGOING",
                    status="RECORDED",
                    minutes=chance.between(2, 19, "minutes", *key),
                    summary=summary,
                )
            else:
                self.visits += 1
                self.register.add(
                    "Visit",
                    source=source,
                    recordNumber=str(self.visits),
                    household=household,
                    cadres=[cadre],
                    date=iso(day),
                    place="AT_HOME" if mode == "HOME" else "ELSEWHERE",
                    status="RECORDED",
                    channel=chance.pick({"APP": 6, "PAPER": 4}, "channel", *key),
                    minutes=chance.between(15, 90, "minutes", *key),
                    summary=summary,
                )


def quarters(first, last):
    """The quarters that begin between two days, the last cut at the second."""
    while first <= last:
        month = first.month + 3
        following = date(first.year + (month > 12), month - 12 if month > 12 else month, 1)
        yield first, min(following - timedelta(days=1), last)
        first = following
