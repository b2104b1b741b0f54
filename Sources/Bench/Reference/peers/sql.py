"""The reference questions in SQL. Each system makes its JSON itself, with the functions that it has for it."""

from dataclasses import dataclass
from functools import cache
from typing import Callable

FROM, TO = "2017-04-01", "2017-06-30"
ADDRESS, NAME = "(新|红)[^镇乡街]*村(1|3|5)组[0-9]{2}号$", "^[王李陈].?[华英红明]$"


@dataclass(frozen=True)
class Dialect:
    """What the systems say in different words."""

    parameter: str
    day: Callable[[str], str]
    # Days from one column to another.
    days: Callable[[str, str], str]
    matches: Callable[[str, str], str]
    # Rows, their columns and their order -> one JSON list.
    listed: Callable[[str, list, str], str]
    # Q5, with one parameter or the same one twice.
    tree: str
    tree_parameters: int = 1


def _listed_by_pairs(rows, names, order):
    pairs = ", ".join(f"'{name}', {name}" for name in names)
    return f"SELECT json_group_array(json_object({pairs})) FROM ({rows})"


def _listed_as_structs(rows, names, order):
    keys = ", ".join("t." + key.strip() for key in order.split(","))
    return f"SELECT to_json(coalesce(list(t ORDER BY {keys}), [])) FROM ({rows}) t"


def _listed_as_rows(rows, names, order):
    return f"SELECT coalesce(json_agg(row_to_json(t)), '[]')::text FROM ({rows}) t"


SQLITE = Dialect(
    parameter="?",
    day=lambda text: f"'{text}'",
    days=lambda start, end: f"julianday({end}) - julianday({start})",
    matches=lambda column, pattern: f"{column} REGEXP '{pattern}'",
    listed=_listed_by_pairs,
    tree="""SELECT json_group_array(json_object('code', code, 'name', name, 'households', json((
        SELECT json_group_array(json_object('number', h.id, 'address', h.address, 'persons', json((
          SELECT json_group_array(json_object('number', p.id, 'name', p.name, 'relation', p.relation, 'health', p.health))
          FROM persons p WHERE p.household_id = h.id))))
        FROM households h WHERE h.village_code = v.code))))
      FROM (SELECT * FROM villages WHERE town_code = ? ORDER BY code) v""",
)

DUCKDB = Dialect(
    parameter="?",
    day=lambda text: f"DATE '{text}'",
    days=lambda start, end: f"date_diff('day', {start}, {end})",
    matches=lambda column, pattern: f"regexp_matches({column}, '{pattern}')",
    listed=_listed_as_structs,
    tree="""WITH
        hs AS (SELECT h.id, h.address, h.village_code FROM households h JOIN villages v ON v.code = h.village_code WHERE v.town_code = ?),
        ps AS (SELECT p.household_id,
            list({'number': p.id, 'name': p.name, 'relation': p.relation, 'health': p.health} ORDER BY p.id) AS persons
          FROM persons p JOIN hs ON hs.id = p.household_id GROUP BY 1),
        vs AS (SELECT hs.village_code,
            list({'number': hs.id, 'address': hs.address, 'persons': ps.persons} ORDER BY hs.id) AS households
          FROM hs JOIN ps ON ps.household_id = hs.id GROUP BY 1)
      SELECT to_json(list({'code': v.code, 'name': v.name, 'households': coalesce(vs.households, [])} ORDER BY v.code))
      FROM villages v LEFT JOIN vs ON vs.village_code = v.code WHERE v.town_code = ?""",
    tree_parameters=2,
)

POSTGRESQL = Dialect(
    parameter="%s",
    day=lambda text: f"DATE '{text}'",
    days=lambda start, end: f"{end} - {start}",
    matches=lambda column, pattern: f"{column} ~ '{pattern}'",
    listed=_listed_as_rows,
    tree="""SELECT coalesce(json_agg(json_build_object('code', v.code, 'name', v.name, 'households', (
        SELECT coalesce(json_agg(json_build_object('number', h.id, 'address', h.address, 'persons', (
          SELECT json_agg(json_build_object('number', p.id, 'name', p.name, 'relation', p.relation, 'health', p.health) ORDER BY p.id)
          FROM persons p WHERE p.household_id = h.id)) ORDER BY h.id), '[]')
        FROM households h WHERE h.village_code = v.code)) ORDER BY v.code), '[]')::text
      FROM villages v WHERE v.town_code = %s""",
)


@cache
def question(name, dialect):
    """A question of one system, whose answer is one text: the rows as JSON. Put together once, so that no call pays for it."""
    if name == "Q5":
        return dialect.tree
    rows, names, order = _rows(name, dialect)
    return dialect.listed(f"{rows} ORDER BY {order}{_limit(name)}", names.split(), order)


def _limit(name):
    return {"Q4": " LIMIT 50", "Q6": " LIMIT 100", "Q7": " LIMIT 100", "Q8": " LIMIT 100"}.get(name, "")


def _rows(name, dialect):
    """SQL that gives the rows, their columns, and how they are ordered."""
    quarter = f"BETWEEN {dialect.day(FROM)} AND {dialect.day(TO)}"
    match name:
        case "Q1":
            return (f"""SELECT h.id AS number, hp.name AS head, h.address AS address, h.phone AS phone FROM pairings p
                JOIN households h ON h.id = p.household_id JOIN persons hp ON hp.id = h.head_person_id
                WHERE p.cadre_id = {dialect.parameter} AND p.end_on IS NULL AND h.status <> 'EXITED'
                  AND NOT EXISTS (SELECT 1 FROM visits v
                    WHERE v.household_id = h.id AND v.cadre_id = p.cadre_id AND v.visited_on {quarter})""", "number head address phone", "number")
        case "Q2":
            return ("""SELECT v.code AS code, v.name AS name, v.rural_population AS population, coalesce(x.n, 0) AS poor FROM villages v
                LEFT JOIN (SELECT h.village_code AS vc, count(*) AS n FROM households h JOIN persons p ON p.household_id = h.id
                  WHERE h.status <> 'EXITED' GROUP BY h.village_code) x ON x.vc = v.code
                WHERE coalesce(x.n, 0) < 0.02 * v.rural_population""", "code name population poor", "code")
        case "Q3":
            return ("""SELECT h.main_cause AS cause, count(*) AS households, sum(c.n) AS persons FROM households h
                JOIN (SELECT household_id, count(*) AS n FROM persons GROUP BY household_id) c ON c.household_id = h.id
                GROUP BY h.main_cause""", "cause households persons", "cause")
        case "Q4":
            return (f"""SELECT t.id AS number, v.name AS village, c.name AS leader, x.n AS unvisited FROM teams t
                JOIN villages v ON v.code = t.village_code JOIN cadres c ON c.id = t.leader_cadre_id
                JOIN (SELECT h.village_code AS vc, count(*) AS n FROM households h WHERE h.status <> 'EXITED'
                  AND NOT EXISTS (SELECT 1 FROM visits i WHERE i.household_id = h.id AND i.visited_on {quarter})
                  GROUP BY h.village_code) x ON x.vc = t.village_code""", "number village leader unvisited", "unvisited DESC, number")
        case "Q6":
            return (f"""SELECT h.id AS number, hp.name AS head, h.address AS address, count(*) OVER () AS total FROM households h
                JOIN persons hp ON hp.id = h.head_person_id
                WHERE {dialect.matches('h.address', ADDRESS)} AND {dialect.matches('hp.name', NAME)}""", "number head address total", "number")
        case "Q7":
            return ("""SELECT h.id AS number, hp.name AS head, h.net_income_per_capita AS income, count(*) OVER () AS total
                FROM households h JOIN persons hp ON hp.id = h.head_person_id WHERE h.net_income_per_capita < 4000
                AND EXISTS (SELECT 1 FROM persons p WHERE p.household_id = h.id AND p.health = 'SERIOUS')
                AND NOT EXISTS (SELECT 1 FROM measures m WHERE m.household_id = h.id AND m.kind = 'MEDICAL_AID')""", "number head income total", "income, number")
        case "Q8":
            return (f"""WITH gone AS (SELECT id, name, status FROM cadres WHERE left_unit_on IS NOT NULL
                  UNION SELECT c.id, c.name, c.status FROM team_members m JOIN cadres c ON c.id = m.cadre_id
                  WHERE m.end_on IS NOT NULL AND {dialect.days('m.start_on', 'm.end_on')} < 730)
                SELECT p.id AS number, p.household_id AS household, c.name AS cadre, c.status AS status, count(*) OVER () AS total
                FROM pairings p JOIN gone c ON c.id = p.cadre_id WHERE p.end_on IS NULL""", "number household cadre status total", "number")
    raise KeyError(f"no reference question is called {name}")
