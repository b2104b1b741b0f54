#!/usr/bin/env python3
"""The reference questions asked of SQLite, and of DuckDB where its module is installed, over the same CSV files.

  peers.py parameters --csv DIR > parameters.json      the same cadres and towns for every system
  peers.py ask --csv DIR --work DIR --parameters FILE [--answers DIR] [--runs 7] [--clients 8 --seconds 5] [--hearth ADDRESS:PORT[,…]]
  peers.py growth --at 100k=ADDRESS:PORT=FILE [--at 1m=…] [--runs 41]      Q1 and Q5 of ours alone, by the size of the register

`--answers` is the folder that `hearth bench questions --answers DIR` wrote: every answer is compared row by row, numbers as
numbers. Each engine makes its JSON itself and keeps its data in WORK, with the indexes that serve it best. Every engine is asked with every
parameter once before it is measured. `--hearth` asks servers of ours over HTTP too, on one kept connection, with the same document again and
with one that they have not seen: `hearth serve --model Sources/Bench/Reference/model --data DIR --max-page-size 10000 --max-rows-visited
1000000000`; with `--max-derived-bytes 1 --max-verdict-bytes 1` nothing that is computed for a whole type is kept from one question to the next.
`--clients N` asks every question once more by N threads at a time, each as soon as it has its answer, for `--seconds`: the median of all answers,
and how many all of them got in a second. `--no-peers` leaves SQLite and DuckDB out; answers are then compared between servers and with `--answers`.
An answer that is not 200, or that holds errors, ends the run: nothing is measured of what was refused.
"""
import argparse, csv, json, os, re, socket, sqlite3, statistics, sys, threading, time

FROM, TO = '2017-04-01', '2017-06-30'
TABLES = ('areas', 'units', 'cadres', 'villages', 'households', 'persons', 'teams', 'team_members', 'pairings', 'visits', 'measures')
KEY = {t: 'id' for t in TABLES} | {'areas': 'code', 'villages': 'code', 'team_members': None}
NUMBERS = {'net_income_per_capita': 'REAL', 'rural_population': 'INTEGER', 'minutes': 'INTEGER', 'amount': 'REAL'}
INDEXES = ('villages(town_code)', 'households(village_code)', 'persons(household_id)', 'teams(village_code)', 'team_members(cadre_id)',
           'pairings(cadre_id)', 'pairings(household_id)', 'visits(household_id, visited_on)', 'visits(cadre_id, visited_on)',
           'measures(household_id)')
PARTIAL = ("measures(household_id) WHERE kind='MEDICAL_AID'", "persons(household_id) WHERE health='SERIOUS'",
           'pairings(cadre_id) WHERE end_on IS NULL', 'cadres(id) WHERE left_unit_on IS NOT NULL')
ADDRESS, NAME = '(新|红)[^镇乡街]*村(1|3|5)组[0-9]{2}号$', '^[王李陈].?[华英红明]$'

def columns(folder, table):
    with open(f'{folder}/{table}.csv', encoding='utf-8', newline='') as file: return next(csv.reader(file))

def kind(column, duck):
    if column in NUMBERS: return {'REAL': 'DOUBLE'}.get(NUMBERS[column], NUMBERS[column]) if duck else NUMBERS[column]
    if column == 'id' or column.endswith('_id'): return 'BIGINT' if duck else 'INTEGER'
    if duck and (column.endswith('_on') or column == 'birth_date'): return 'DATE'
    return 'VARCHAR' if duck else 'TEXT'

def questions(duck):
    """name -> (SQL that gives rows, columns, how they are ordered)"""
    day = (lambda text: f"DATE '{text}'") if duck else (lambda text: f"'{text}'")
    days = "date_diff('day', m.start_on, m.end_on)" if duck else 'julianday(m.end_on) - julianday(m.start_on)'
    matches = (lambda c, p: f"regexp_matches({c}, '{p}')") if duck else (lambda c, p: f"{c} REGEXP '{p}'")
    quarter = f"BETWEEN {day(FROM)} AND {day(TO)}"
    return {
        'Q1': (f"""SELECT h.id AS number, hp.name AS head, h.address AS address, h.phone AS phone FROM pairings p
            JOIN households h ON h.id = p.household_id JOIN persons hp ON hp.id = h.head_person_id
            WHERE p.cadre_id = ? AND p.end_on IS NULL AND h.status <> 'EXITED' AND NOT EXISTS (SELECT 1 FROM visits v
              WHERE v.household_id = h.id AND v.cadre_id = p.cadre_id AND v.visited_on {quarter}) ORDER BY h.id""",
            'number head address phone', 'number'),
        'Q2': ("""SELECT v.code AS code, v.name AS name, v.rural_population AS population, coalesce(x.n, 0) AS poor FROM villages v
            LEFT JOIN (SELECT h.village_code AS vc, count(*) AS n FROM households h JOIN persons p ON p.household_id = h.id
              WHERE h.status <> 'EXITED' GROUP BY h.village_code) x ON x.vc = v.code
            WHERE coalesce(x.n, 0) < 0.02 * v.rural_population ORDER BY v.code""", 'code name population poor', 'code'),
        'Q3': ("""SELECT h.main_cause AS cause, count(*) AS households, sum(c.n) AS persons FROM households h
            JOIN (SELECT household_id, count(*) AS n FROM persons GROUP BY household_id) c ON c.household_id = h.id
            GROUP BY h.main_cause ORDER BY h.main_cause""", 'cause households persons', 'cause'),
        'Q4': (f"""SELECT t.id AS number, v.name AS village, c.name AS leader, x.n AS unvisited FROM teams t
            JOIN villages v ON v.code = t.village_code JOIN cadres c ON c.id = t.leader_cadre_id
            JOIN (SELECT h.village_code AS vc, count(*) AS n FROM households h WHERE h.status <> 'EXITED' AND NOT EXISTS
              (SELECT 1 FROM visits i WHERE i.household_id = h.id AND i.visited_on {quarter}) GROUP BY h.village_code) x
              ON x.vc = t.village_code ORDER BY x.n DESC, t.id LIMIT 50""", 'number village leader unvisited', 'unvisited DESC, number'),
        'Q6': (f"""SELECT h.id AS number, hp.name AS head, h.address AS address, count(*) OVER () AS total FROM households h
            JOIN persons hp ON hp.id = h.head_person_id WHERE {matches('h.address', ADDRESS)} AND {matches('hp.name', NAME)}
            ORDER BY h.id LIMIT 100""", 'number head address total', 'number'),
        'Q7': ("""SELECT h.id AS number, hp.name AS head, h.net_income_per_capita AS income, count(*) OVER () AS total
            FROM households h JOIN persons hp ON hp.id = h.head_person_id WHERE h.net_income_per_capita < 4000
            AND EXISTS (SELECT 1 FROM persons p WHERE p.household_id = h.id AND p.health = 'SERIOUS')
            AND NOT EXISTS (SELECT 1 FROM measures m WHERE m.household_id = h.id AND m.kind = 'MEDICAL_AID')
            ORDER BY h.net_income_per_capita, h.id LIMIT 100""", 'number head income total', 'income, number'),
        'Q8': (f"""WITH gone AS (SELECT id, name, status FROM cadres WHERE left_unit_on IS NOT NULL
              UNION SELECT c.id, c.name, c.status FROM team_members m JOIN cadres c ON c.id = m.cadre_id
              WHERE m.end_on IS NOT NULL AND {days} < 730)
            SELECT p.id AS number, p.household_id AS household, c.name AS cadre, c.status AS status, count(*) OVER () AS total
            FROM pairings p JOIN gone c ON c.id = p.cadre_id WHERE p.end_on IS NULL ORDER BY p.id LIMIT 100""",
            'number household cadre status total', 'number'),
    }

def tree(duck):
    if duck: return """WITH hs AS (SELECT h.id, h.address, h.village_code FROM households h JOIN villages v ON v.code = h.village_code
          WHERE v.town_code = ?), ps AS (SELECT p.household_id, list({'number': p.id, 'name': p.name, 'relation': p.relation,
          'health': p.health} ORDER BY p.id) AS persons FROM persons p JOIN hs ON hs.id = p.household_id GROUP BY 1),
        vs AS (SELECT hs.village_code, list({'number': hs.id, 'address': hs.address, 'persons': ps.persons} ORDER BY hs.id) AS households
          FROM hs JOIN ps ON ps.household_id = hs.id GROUP BY 1)
        SELECT to_json(list({'code': v.code, 'name': v.name, 'households': coalesce(vs.households, [])} ORDER BY v.code))
        FROM villages v LEFT JOIN vs ON vs.village_code = v.code WHERE v.town_code = ?"""
    return """SELECT json_group_array(json_object('code', code, 'name', name, 'households', json((SELECT json_group_array(json_object(
        'number', h.id, 'address', h.address, 'persons', json((SELECT json_group_array(json_object('number', p.id, 'name', p.name,
        'relation', p.relation, 'health', p.health)) FROM persons p WHERE p.household_id = h.id))))
        FROM households h WHERE h.village_code = v.code)))) FROM (SELECT * FROM villages WHERE town_code = ? ORDER BY code) v"""

def sql(name, duck):
    if name == 'Q5': return tree(duck)
    rows, names, order = questions(duck)[name]
    if duck: return f"SELECT to_json(coalesce(list(t ORDER BY {', '.join('t.' + o.strip() for o in order.split(','))}), [])) FROM ({rows}) t"
    return f"SELECT json_group_array(json_object({', '.join(f'{n!r}, {n}' for n in names.split())})) FROM ({rows})"

class SQLite:
    name = 'SQLite ' + sqlite3.sqlite_version
    def __init__(self, folder, work):
        self.place = (folder, work)
        path = f'{work}/peer.sqlite'
        if not os.path.exists(path):
            db = sqlite3.connect(path); db.execute('PRAGMA journal_mode=OFF'); db.execute('PRAGMA synchronous=OFF')
            for t in TABLES:
                names = columns(folder, t)
                db.execute(f"CREATE TABLE {t} ({', '.join(n + ' ' + kind(n, False) + (' PRIMARY KEY' if KEY[t] == n else '') for n in names)})")
                with open(f'{folder}/{t}.csv', encoding='utf-8', newline='') as file:
                    rows = csv.reader(file); next(rows)
                    db.executemany(f"INSERT INTO {t} VALUES ({','.join('?' * len(names))})", ([c or None for c in r] for r in rows))
            for i, index in enumerate(INDEXES + PARTIAL): db.execute(f'CREATE INDEX i{i} ON {index}')
            db.execute('ANALYZE'); db.commit(); db.close()
        self.db = sqlite3.connect(f'file:{path}?mode=ro', uri=True, check_same_thread=False)
        self.db.execute('PRAGMA cache_size=-400000'); self.db.execute('PRAGMA mmap_size=8000000000')
        known = {}
        def regexp(pattern, text): return text is not None and known.setdefault(pattern, re.compile(pattern)).search(text) is not None
        self.db.create_function('REGEXP', 2, regexp, deterministic=True)
    def another(self): return SQLite(*self.place)
    def ask(self, name, values): return self.db.execute(sql(name, False), values).fetchone()[0]

class DuckDB:
    def __init__(self, folder, work):
        import duckdb
        self.name = 'DuckDB ' + duckdb.__version__
        path = f'{work}/peer.duckdb'; isNew = not os.path.exists(path); self.db = duckdb.connect(path)
        if isNew:
            for t in TABLES:
                self.db.execute(f"CREATE TABLE {t} ({', '.join(n + ' ' + kind(n, True) for n in columns(folder, t))})")
                self.db.execute(f"COPY {t} FROM '{folder}/{t}.csv' (HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')")
            for i, index in enumerate(('villages(town_code)', 'pairings(cadre_id)', 'households(id)', 'persons(id)', 'cadres(id)', 'visits(household_id)')):
                self.db.execute(f'CREATE INDEX i{i} ON {index}')
            self.db.execute('CHECKPOINT')
    def another(self):
        other = object.__new__(DuckDB); other.name, other.db = self.name, self.db.cursor()
        return other
    def ask(self, name, values): return self.db.execute(sql(name, True), values * 2 if name == 'Q5' else values).fetchone()[0]

class Hearth:
    """Over HTTP, to the last byte of the answer."""
    def __init__(self, address, fresh):
        host, port = address.rsplit(':', 1); self.host, self.fresh, self.serial = address, fresh, 0
        self.name = f"ours :{port} {'new' if fresh else 'again'}"
        self.socket = socket.create_connection((host, int(port))); self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'questions')
        self.documents = {f[:-8]: open(f'{folder}/{f}', encoding='utf-8').read() for f in os.listdir(folder) if f.endswith('.graphql')}
        self.variables = {'Q1': 'cadre', 'Q5': 'town'}
    def another(self): return Hearth(self.host, self.fresh)
    def ask(self, name, values):
        self.serial += 1
        query = self.documents[name] + (f'#{id(self)}.{self.serial}' if self.fresh else '')
        body = json.dumps({'query': query, 'variables': {self.variables[name]: values[0]} if values else {}}).encode()
        head = f'POST /graphql?asOf={TO} HTTP/1.1\r\nHost: {self.host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n'
        self.socket.sendall(head.encode() + body); answer = b''
        while b'\r\n\r\n' not in answer: answer += self.receive()
        head, rest = answer.split(b'\r\n\r\n', 1)
        size = int(re.search(rb'content-length: *(\d+)', head, re.I)[1]); parts, got = [rest], len(rest)
        while got < size: parts.append(self.receive()); got += len(parts[-1])
        answer = b''.join(parts)
        if b' 200 ' not in head[:16] or not answer.startswith(b'{"data"') or b'"errors":[' in answer[-4096:]:
            raise SystemExit(f'{self.name} {name}: {head[:64]!r} {answer[:400]!r}')
        return answer.decode()
    def receive(self):
        data = self.socket.recv(1 << 20)
        if not data: raise ConnectionError('the server closed the connection')
        return data

def flat(value):
    """Rows of an answer with the peers' names: {household: {number}} -> household, connections -> lists."""
    if isinstance(value, list): return [flat(v) for v in value]
    if not isinstance(value, dict): return int(value) if isinstance(value, str) and value.isdigit() and len(value) > 9 else value
    if set(value) <= {'nodes', 'totalCount'}: return flat(value['nodes'])
    return {k: flat(v) for k, v in value.items()}

def ours(name, line):
    root, = json.loads(line)['data'].values()
    if name == 'Q3':
        rows = [{'cause': g['key']['cause'], 'households': g['aggregate']['count'], 'persons': g['aggregate']['sum']['personCount']} for g in root['groups']]
        return sorted(rows, key=lambda r: r['cause'] or '')
    rows = flat(root)
    if name == 'Q1': rows = [r['household'] for r in rows]
    total = root.get('totalCount')
    for r in rows:
        for k in ('head', 'village', 'leader'):
            if isinstance(r.get(k), dict): r[k] = r[k]['name']
        if name == 'Q8': r.update(household=r['household']['number'], status=r['cadre']['status'], cadre=r['cadre']['name'])
        if total is not None: r['total'] = total
    return rows

def rows(engine, name, text): return ours(name, text) if isinstance(engine, Hearth) else json.loads(text)

def canonical(value):
    if isinstance(value, list): return [canonical(v) for v in value if not (isinstance(v, dict) and v.get('households') == [])]
    if isinstance(value, dict): return {k: canonical(v) for k, v in sorted(value.items())}
    if isinstance(value, str) and value.isdigit() and len(value) > 9: return int(value)
    return round(value, 4) if isinstance(value, float) and value != int(value) else int(value) if isinstance(value, float) else value

def parameters(folder):
    rows = list(csv.DictReader(open(f'{folder}/pairings.csv', encoding='utf-8')))
    cadres = list(dict.fromkeys(r['cadre_id'] for r in rows if not r['end_on']))
    towns = sorted({r['town_code'] for r in csv.DictReader(open(f'{folder}/villages.csv', encoding='utf-8'))})
    every = lambda values, count: values[::max(1, len(values) // count)][:count]
    return {'Q1': [{'cadre': c} for c in every(cadres, 100)], 'Q5': [{'town': t} for t in every(towns, 20)]}

def at_once(engine, name, lists, count, seconds):
    """So many clients, each with a connection of its own, asking as fast as they are answered: their times, and answers a second."""
    clients = [engine.another() for _ in range(count)]; times = [[] for _ in clients]; broken = []
    for client in clients: client.ask(name, lists[0])
    gate = threading.Barrier(count + 1)
    def run(place):
        client, own, turn = clients[place], times[place], place
        gate.wait(); end = time.perf_counter() + seconds
        try:
            while (start := time.perf_counter()) < end:
                client.ask(name, lists[turn % len(lists)]); turn += 1; own.append(time.perf_counter() - start)
        except BaseException as error: broken.append(error)
    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads: thread.start()
    gate.wait(); start = time.perf_counter()
    for thread in threads: thread.join()
    if broken: raise SystemExit(str(broken[0]))
    every = [t for own in times for t in own]
    return every, len(every) / (time.perf_counter() - start)

def growth(places, runs):
    """The same question of registers of several sizes: median, least, and bytes of the middle answer."""
    for name in ('Q1', 'Q5'):
        for place in places:
            size, address, path = place.split('=', 2); lists = [list(v.values()) for v in json.load(open(path))[name]]
            for fresh in (False, True):
                engine = Hearth(address, fresh); times, sizes = [], []
                for values in lists: engine.ask(name, values)
                for turn in range(max(runs, len(lists))):
                    start = time.perf_counter(); text = engine.ask(name, lists[turn % len(lists)]); times.append(time.perf_counter() - start)
                    sizes.append(len(text.encode()))
                # Towns differ in size, so a time is also told by what was answered.
                each = statistics.median(t / s for t, s in zip(times, sizes))
                print(f'{name}  {size:>8}  {"new" if fresh else "again":5}  median {statistics.median(times) * 1e3:9.3f} ms  least {min(times) * 1e3:9.3f} ms  '
                      f'median {statistics.median(sizes):9.0f} bytes  {each * 1e9:7.1f} ns a byte', flush=True)

def main():
    parser = argparse.ArgumentParser(); parser.add_argument('command', choices=('parameters', 'ask', 'growth'))
    for name in ('--csv', '--work', '--parameters', '--answers', '--only', '--hearth'): parser.add_argument(name)
    parser.add_argument('--runs', type=int, default=7); parser.add_argument('--clients', type=int, default=0); parser.add_argument('--seconds', type=float, default=5)
    parser.add_argument('--at', action='append', default=[]); parser.add_argument('--no-peers', action='store_true'); args = parser.parse_args()
    if args.command == 'parameters': return json.dump(parameters(args.csv), sys.stdout, indent=1)
    if args.command == 'growth': return growth(args.at, args.runs)
    given = json.load(open(args.parameters)); engines = []
    if not args.no_peers:
        os.makedirs(args.work, exist_ok=True); engines.append(SQLite(args.csv, args.work))
        try: engines.append(DuckDB(args.csv, args.work))
        except ImportError: print('DuckDB is not installed and is left out')
    for address in (args.hearth or '').split(','):
        if address: engines += [Hearth(address, False), Hearth(address, True)]
    for name in (args.only or 'Q1,Q2,Q3,Q4,Q5,Q6,Q7,Q8').split(','):
        lists = [list(v.values()) for v in given.get(name, [{}])]; texts = {}
        for engine in engines:
            times = []
            for values in lists: engine.ask(name, values)
            for turn in range(max(args.runs, len(lists) if len(lists) > 1 else 0)):
                start = time.perf_counter(); text = engine.ask(name, lists[turn % len(lists)]); times.append(time.perf_counter() - start)
                texts.setdefault(engine.name, {})[turn % len(lists)] = text
            verdict = ''
            path = f'{args.answers}/{name}.jsonl'
            if args.answers and os.path.exists(path) and os.path.getsize(path):
                lines = open(path, encoding='utf-8').read().splitlines()
                same = all(canonical(ours(name, line)) == canonical(rows(engine, name, texts[engine.name][i])) for i, line in enumerate(lines) if i in texts[engine.name])
                verdict = 'same answers' if same else 'ANSWERS DIFFER'
            elif engine is not engines[0]:
                first, own = texts[engines[0].name], texts[engine.name]
                same = all(canonical(rows(engines[0], name, first[i])) == canonical(rows(engine, name, own[i])) for i in own if i in first)
                verdict = f'same answers as {engines[0].name}' if same else f'ANSWERS DIFFER from {engines[0].name}'
            print(f'{name}  {engine.name:16}  median {statistics.median(times) * 1e3:9.3f} ms  mean {statistics.mean(times) * 1e3:9.3f} ms  least {min(times) * 1e3:9.3f} ms  {len(texts[engine.name][0])} bytes  {verdict}', flush=True)
            if args.clients:
                every, rate = at_once(engine, name, lists, args.clients, args.seconds)
                print(f'{name}  {engine.name:16}  {args.clients} clients: median {statistics.median(every) * 1e3:9.3f} ms  {rate:9.1f} answers/s', flush=True)

if __name__ == '__main__': main()
