"""Invented persons and households. Identity numbers begin with 98 or 99, which no area has, and telephone numbers with 12, which no
network uses; the check character is right, so that only the area gives them away."""

from datetime import timedelta

SURNAMES = dict(
    zip(
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶余潘",
        [72, 71, 67, 54, 46, 31, 23, 22, 21, 20, 17, 15, 13, 12, 12, 11, 11, 11, 10, 9] + [6] * 30,
    )
)
OLD = {
    "MALE": "国建德明文金福志平生永春成海荣光林清正祥贵忠学云世长富庆",
    "FEMALE": "秀英兰玉桂珍芳凤莲香梅菊花翠素淑银美琼琴芝娥妹云荣",
}
GROWN = {
    "MALE": "建伟勇强平国志明华辉斌海峰文涛波刚兵龙飞永东亮忠武利俊新",
    "FEMALE": "丽芳燕敏霞艳红英玲梅秀娟华萍琴云春凤静莉香小琼群会珍",
}
YOUNG = {
    "MALE": "浩宇轩俊杰泽睿博豪昊天佳嘉梓辰逸宏鑫涵晨阳思远瑞航诚",
    "FEMALE": "欣雨怡涵子萱梓佳思诗婷妍琪瑶馨梦语嘉慧雪琳可心悦依彤",
}


def iso(day):
    return day.isoformat()


def check_character(body):
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights)) % 11]


def age_on(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class People:
    """Makes persons whose numbers are theirs alone."""

    def __init__(self, register, chance, area_digits, day):
        self.register, self.chance, self.digits, self.day = register, chance, area_digits, day
        self.serials, self.phones = {}, set()

    def name(self, sex, born, surname, *names):
        letters = (OLD if born.year < 1960 else GROWN if born.year < 2000 else YOUNG)[sex]
        first = self.chance.pick(letters, "first", *names)
        second = self.chance.pick(letters, "second", *names) if self.chance.happens(0.76, "two", *names) else ""
        return surname + first + second

    def identity(self, prefix, born, sex):
        serial = self.serials.setdefault((prefix, born, sex), 0) + 1
        self.serials[prefix, born, sex] = serial
        body = f"{prefix}{self.digits}{born:%Y%m%d}{serial * 2 - (sex == 'MALE'):03d}"
        return body + check_character(body)

    def phone(self, *names):
        attempt = 0
        while True:
            number = f"12{self.chance.between(0, 999_999_999, 'phone', attempt, *names):09d}"
            attempt += 1
            if number not in self.phones:
                self.phones.add(number)
                return number

    def born(self, age, *names):
        """A birthday of somebody who is so old on the register's day."""
        return self.day - timedelta(days=int(age * 365.25) + self.chance.between(1, 364, "born", *names))

    def person(self, number, sex, age, surname, condition=None, pupil=False, born=None):
        chance = self.chance
        born = born or self.born(age, number)
        age = age_on(born, self.day)
        luck = chance.part("luck", number)
        if age < 3:
            school = "NOT_IN_SCHOOL"
        elif age < 6:
            school = "PRESCHOOL" if luck < 0.7 else "PRESCHOOL_AGE"
        elif age < 12:
            school = "PRIMARY"
        elif age < 15:
            school = "JUNIOR"
        elif age < 18 and (pupil or luck < 0.8):
            school = "SENIOR" if luck < 0.55 else "VOCATIONAL"
        elif age < 22 and (pupil or luck < 0.3):
            school = "HIGHER_VOCATIONAL" if luck < 0.15 else "COLLEGE_PLUS"
        else:
            school = "NOT_IN_SCHOOL"
        if age < 6:
            education = "PRESCHOOL_CHILD"
        elif school in ("PRIMARY", "JUNIOR"):
            education = school
        elif school in ("SENIOR", "VOCATIONAL"):
            education = "SENIOR"
        elif school != "NOT_IN_SCHOOL":
            education = "COLLEGE" if school == "HIGHER_VOCATIONAL" else "BACHELOR_PLUS"
        elif age >= 60:
            education = chance.pick({"ILLITERATE": 43, "PRIMARY": 44, "JUNIOR": 10, "SENIOR": 3}, "education", number)
        else:
            education = chance.pick(
                {"ILLITERATE": 9, "PRIMARY": 38, "JUNIOR": 40, "SENIOR": 11, "COLLEGE": 2}, "education", number
            )
        if condition is None:
            table = (
                {"HEALTHY": 96, "LONG_TERM_CHRONIC": 4}
                if age < 16
                else (
                    {"HEALTHY": 84, "LONG_TERM_CHRONIC": 11, "SERIOUS_ILLNESS": 2, "DISABILITY": 3}
                    if age < 60
                    else {"HEALTHY": 58, "LONG_TERM_CHRONIC": 32, "SERIOUS_ILLNESS": 4, "DISABILITY": 6}
                )
            )
            condition = chance.pick(table, "health", number)
        if age < 16 or school != "NOT_IN_SCHOOL" or age >= 75:
            labour = "NONE"
        elif age >= 60:
            labour = "WEAK_OR_HALF" if condition == "HEALTHY" else "NONE"
        elif condition == "HEALTHY":
            labour = "SKILLED" if luck > 0.88 else "ORDINARY"
        elif condition == "LONG_TERM_CHRONIC":
            labour = "WEAK_OR_HALF"
        else:
            labour = "LOST"
        return self.register.add(
            "Person",
            number=number,
            name=self.name(sex, born, surname, number),
            idType="RESIDENT_ID",
            idNumber=self.identity("99", born, sex),
            sex=sex,
            birthDate=iso(born),
            ethnicity="汉族",
            educationLevel=education,
            schoolStatus=school,
            health=[condition],
            disabilityGrade=chance.between(1, 4, "grade", number) if condition == "DISABILITY" else None,
            labourCapacity=labour,
            partyMember=age > 25 and chance.happens(0.03, "party", number),
        )

    def household(self, number, size, category, cause, since, relations=None):
        """The members of a household, the head first; as many as said, each a member since the day."""
        chance = self.chance
        surname = chance.pick(SURNAMES, "surname", number)
        head_sex = "MALE" if chance.happens(0.78, "headSex", number) else "FEMALE"
        if category == "FIVE_GUARANTEES":
            head_age = chance.between(62, 84, "headAge", number)
        elif size == 1:
            head_age = chance.between(48, 59 if category == "GENERAL" else 76, "headAge", number)
        elif size == 2:
            head_age = chance.between(40, 58 if category == "GENERAL" else 70, "headAge", number)
        else:
            head_age = chance.between(36, 52, "headAge", number)
        if cause == "SCHOOLING":
            head_age = chance.between(38, 44, "headAge", number)
        # Who else lives there: a spouse, then children, then a parent of the head; a second child, the other parent.
        others = ["SPOUSE", "CHILD", "PARENT", "CHILD", "PARENT"]
        if size == 2 and cause == "SCHOOLING" or size == 2 and chance.happens(0.3, "alone", number):
            others = ["CHILD"]
        roles = ["HEAD"] + others[: size - 1]
        patient = {
            "ILLNESS": "LONG_TERM_CHRONIC" if chance.happens(0.7, "kind", number) else "SERIOUS_ILLNESS",
            "DISABILITY": "DISABILITY",
        }.get(cause)
        # Of a general household somebody can work: the head, unless nobody else is there.
        ill = next((place for place, role in enumerate(roles) if role == "PARENT"), 1 if size > 1 else 0) if patient else None
        if patient and size > 2 and chance.happens(0.5, "who", number):
            ill = 1
        if category == "GENERAL" and size == 1 and patient:
            patient = "LONG_TERM_CHRONIC" if patient != "DISABILITY" else patient
        members, counts = [], {"CHILD": 0, "PARENT": 0}
        for place, role in enumerate(roles):
            key = f"{number}{place + 1:02d}"
            if role == "HEAD":
                sex, age, relation, name = head_sex, head_age, "HEAD", surname
            elif role == "SPOUSE":
                sex = "FEMALE" if head_sex == "MALE" else "MALE"
                age, relation = max(22, head_age + chance.between(-4, 2, "spouse", number)), "SPOUSE"
                name = chance.pick(SURNAMES, "spouseName", number)
            elif role == "CHILD":
                sex = "MALE" if chance.happens(0.54, "childSex", key) else "FEMALE"
                age = max(5, head_age - 24 - chance.between(0, 6, "child", number) - 4 * counts["CHILD"])
                relation, name = ("SON" if sex == "MALE" else "DAUGHTER"), surname
                counts["CHILD"] += 1
            else:
                sex = "FEMALE" if counts["PARENT"] == 0 else "MALE"
                age = min(88, head_age + 22 + chance.between(0, 5, "parent", key))
                relation = "MOTHER" if sex == "FEMALE" else "FATHER"
                name = chance.pick(SURNAMES, "motherName", number) if sex == "FEMALE" else surname
                counts["PARENT"] += 1
            condition = patient if place == ill else "HEALTHY" if role == "HEAD" and category == "GENERAL" else None
            person = self.person(key, sex, age, name, condition, pupil=cause == "SCHOOLING" and role == "CHILD")
            if place == 0 and category == "GENERAL" and person["labourCapacity"] in ("NONE", "LOST"):
                person["labourCapacity"] = "WEAK_OR_HALF"
            members.append(person)
            self.register.add(
                "Membership", person=key, household=number, relationToHead=relation, joinReason="REGISTERED", validFrom=iso(since)
            )
        return members
