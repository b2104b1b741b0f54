#!/usr/bin/env python3
"""Fifty pollers over twenty saved questions, listeners and downloads, during a stream of changes.

With pyarrow installed it opens the Arrow stream too.
"""
import csv, http.client, json, os, re, shutil, signal, subprocess, sys, tempfile, threading, time

command = sys.argv[1]
root = os.getcwd()
folder = tempfile.mkdtemp()
# Its own copy of the schema, so that a saved question can be broken while the server runs.
shutil.copytree("Schema", folder + "/Schema")
shutil.copytree("Snapshots/hanyang", folder + "/Snapshots/hanyang")
for name in os.listdir("Snapshots"):
    if os.path.isfile("Snapshots/" + name):
        shutil.copy("Snapshots/" + name, folder + "/Snapshots/" + name)
log = open(folder + "/log", "w")
server = subprocess.Popen(
    [command, "serve", "--port", "0", "--root", folder, "--data", folder + "/data"], stdout=subprocess.PIPE, stderr=log, text=True)
port = None
failures = []


def fail(text):
    failures.append(text)
    print("poll: " + text, file=sys.stderr)


def ask(method, path, headers={}, body=None, connection=None):
    own = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    own.request(method, path, body, headers)
    answer = own.getresponse()
    data = answer.read()
    if not connection:
        own.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, data


def change(document, variables=None):
    body = json.dumps({"query": document, "variables": variables or {}})
    status, _, data = ask("POST", "/graphql", {"Content-Type": "application/json"}, body)
    reply = json.loads(data)
    if status != 200 or not reply["data"]["applyChanges"]["applied"]:
        fail(f"a change was refused: {data[:400]}")


def expect(condition, text):
    if not condition:
        fail(text)


class Listener(threading.Thread):
    def __init__(self, path, headers={}):
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.connection.request("GET", path, None, {"Accept": "text/event-stream", **headers})
        self.answer = self.connection.getresponse()
        self.text = ""
        self.start()

    def run(self):
        try:
            while chunk := self.answer.read1(65536):
                self.text += chunk.decode()
        except Exception:
            pass

    def hears(self, text, seconds=20):
        end = time.time() + seconds
        while text not in self.text and time.time() < end:
            time.sleep(0.01)
        return text in self.text


try:
    for line in server.stdout:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
            port = int(found[1])
            break
    if port is None:
        raise SystemExit("poll: the server did not start: " + open(folder + "/log").read()[-2000:])
    threading.Thread(target=server.stdout.read, daemon=True).start()

    # Names, and what is as it was.
    listing = json.loads(ask("GET", "/q")[2])
    names = []
    for question in listing:
        if not any(v["isRequired"] for v in question["variables"]) and not question["problems"]:
            status, headers, data = ask("GET", "/q/" + question["name"])
            if status == 200 and "etag" in headers and len(data) < 200_000:
                names.append(question["name"])
        if len(names) == 20:
            break
    expect(len(names) == 20, f"20 questions have names, and not {len(names)}")

    # A changed threshold changes the tags of those that read it, and of no other: as the address says it, and as the data does.
    def answers(suffix=""):
        told = {}
        for name in names:
            status, headers, data = ask("GET", f"/q/{name}{suffix}")
            if status != 200:
                fail(f"{name}{suffix}: {status} {data[:200]}")
                continue
            stamp = json.loads(data)["extensions"]["data"]
            told[name] = headers["etag"], json.loads(data)["data"], {p["name"]: p.get("value") for p in stamp.get("parameters", [])}
        return told

    def compare(before, after, parameter):
        changed = [name for name in names if before[name][0] != after[name][0]]
        for name in names:
            reads = before[name][2].get(parameter) != after[name][2].get(parameter)
            expect(name in changed or before[name][1] == after[name][1], f"{name}: one tag and two answers")
            expect(reads == (name in changed), f"{name}: its tag {'changed' if name in changed else 'did not change'} with {parameter}")
        return len(changed)

    first = answers()
    numbers = {p: v for _, _, read in first.values() for p, v in read.items() if re.fullmatch(r"[0-9.]+", str(v))}
    expect(numbers, "some of the questions read a number that is a parameter")
    for parameter, value in sorted(numbers.items())[:3]:
        other = str(int(value) + 1) if "." not in value else "0.5"
        count = compare(first, answers(f"?param.{parameter}={other}"), parameter)
        expect(0 < count < len(names), f"{parameter} is read by {count} of {len(names)}")
    area = json.loads(ask("POST", "/graphql", {"Content-Type": "application/json"}, json.dumps({"query":
        "{ policyParameters(first: 1) { nodes { area { code } } } }"}))[2])["data"]["policyParameters"]["nodes"][0]["area"]["code"]
    scope = f"?param.profile=D3&param.area={area}"
    versions_so_far, moved = 1, 0
    first = answers(scope)
    for parameter, value in sorted(numbers.items())[:3]:
        row = {"key": parameter, "area": area, "profile": "D3", "validFrom": "2015-01-01", "value": str(int(float(value)) + 3)}
        change(
            "mutation ($c: ChangesInput!) { applyChanges(changes: $c) { applied problems { message } } }",
            {"c": {"policyParameters": {"upsert": [row]}}})
        before, first = first, answers(scope)
        versions_so_far += 1
        moved += compare(before, first, parameter) > 0
    expect(moved == versions_so_far - 1, f"{versions_so_far - 1} parameters were changed in the data, and {moved} changed a tag")
    print(f"poll: {len(numbers)} parameters are read; {versions_so_far - 1} of them were changed in the data, and {moved} changed a tag")

    # Many poll while the data changes.
    versions = Listener("/events")
    expect(versions.hears("event: version"), "/events says which version there is")
    live = Listener("/q/register-totals")
    expect(live.hears("event: answer"), "a live question is answered at once")
    over = threading.Event()
    counts = {200: 0, 304: 0}
    lock = threading.Lock()

    def poll(number):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        known, newest, place = {}, 0, number
        while not over.is_set():
            name = names[place % len(names)]
            place += 1
            headers = {"If-None-Match": known[name][0]} if name in known else {}
            try:
                status, fields, data = ask("GET", "/q/" + name, headers, None, connection)
            except Exception as error:
                fail(f"{name}: {error}")
                return
            version = int(fields.get("data-version", 0))
            if version < newest:
                fail(f"{name} went back from version {newest} to {version}")
            newest = max(newest, version)
            with lock:
                counts[status] = counts.get(status, 0) + 1
            if status == 200:
                changed_at = int(json.loads(data)["extensions"]["data"]["dataChangedAt"])
                if changed_at > version:
                    fail(f"{name} of version {version} says it changed at {changed_at}")
                if name in known and known[name][0] == fields["etag"] and known[name][1] != data:
                    fail(f"{name}: one tag and two answers")
                known[name] = (fields["etag"], data)
            elif status == 304:
                # What was not sent again must be what would be.
                again = ask("GET", f"/q/{name}?version={version}", {}, None, connection)
                if again[0] == 200 and again[2] != known[name][1]:
                    fail(f"{name}: 304 at version {version}, and the answer is another")
            else:
                fail(f"{name}: {status} {data[:200]}")

    pollers = [threading.Thread(target=poll, args=(n,)) for n in range(50)]
    for poller in pollers:
        poller.start()
    query = "{ households(first: 1, orderBy: [{number: ASC}]) { nodes { number } } }"
    status, _, data = ask("POST", "/graphql", {"Content-Type": "application/json"}, json.dumps({"query": query}))
    household = json.loads(data)["data"]["households"]["nodes"][0]["number"]
    for turn in range(20):
        change(
            "mutation ($c: ChangesInput!) { applyChanges(changes: $c) { applied problems { message } } }",
            {"c": {"households": {"upsert": [{"number": household, "phone": f"1380000{turn:04}"}]}}})
        time.sleep(0.1)
    over.set()
    for poller in pollers:
        poller.join()
    expect(set(counts) == {200, 304} and counts[304] > counts[200] / 20, f"statuses {counts}")
    expect(versions.hears(f"id: {versions_so_far + 20}\n"), "every version is told of")
    expect(live.text.count("event: answer") == 1, "a live question is answered again only where its answer is another")

    # Downloads.
    status, fields, data = ask("GET", "/q/villages-under-incidence.csv?max=1")
    expect(status == 200 and data.startswith(b"\xef\xbb\xbf") and data.count(b"\r\n") == int(fields["data-rows"]) + 1, "CSV")
    status, fields, data = ask("GET", "/q/villages-under-incidence.jsonl?max=1")
    rows = [json.loads(line) for line in data.splitlines()]
    expect(status == 200 and len(rows) == int(fields["data-rows"]) > 0, "JSON Lines")
    status, fields, data = ask("GET", "/q/villages-under-incidence.arrow?max=1")
    expect(status == 200 and data[:4] == b"\xff\xff\xff\xff", "Arrow")
    try:
        import pyarrow

        table = pyarrow.ipc.open_stream(data).read_all()
        table.validate(full=True)
        expect(table.num_rows == len(rows) and table.column_names == list(rows[0]), f"pyarrow reads {table.schema}")
        print(f"poll: pyarrow {pyarrow.__version__} reads {table.num_rows} rows of {len(table.column_names)} columns")
    except ImportError:
        print("poll: pyarrow is not here, and the Arrow stream was not opened")
    status, fields, data = ask("GET", "/q/villages-under-incidence.xlsx?max=1")
    expect(status == 200 and data[:4] == b"PK\x03\x04" and int(fields["data-rows"]) == len(rows), "XLSX")
    expect(ask("GET", "/q/villages-under-incidence.xlsx?max=1")[2] == data, "the same table is the same workbook")
    if office := shutil.which("soffice"):
        with open(folder + "/table.xlsx", "wb") as file:
            file.write(data)
        subprocess.run(
            [office, "-env:UserInstallation=file://" + folder + "/office", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1",
             "--outdir", folder, folder + "/table.xlsx"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
        with open(folder + "/table.csv", newline="", encoding="utf-8") as file:
            told = list(csv.reader(file))
        expect(told[0] == list(rows[0]), f"LibreOffice opens the workbook: {told[:1]}")
        for one, other in zip(told[1:], rows):
            for cell, value in zip(one, other.values()):
                same = cell == ("" if value is None else str(value)) or cell.upper() == str(value).upper()
                try:
                    same = same or float(cell) == float(value)
                except (TypeError, ValueError):
                    pass
                expect(same, f"LibreOffice shows {cell!r} for {value!r}")
        print(f"poll: LibreOffice shows {len(told) - 1} rows of the workbook")
    else:
        print("poll: LibreOffice is not here, and the workbook was not opened by it")
    expect(ask("GET", "/q/villages-under-incidence.pdf")[0] == 406, "what there is not is refused")
    api = json.loads(ask("GET", "/openapi.json")[2])
    try:
        from openapi_spec_validator import validate

        validate(api)
        print(f"poll: openapi-spec-validator finds {len(api['paths'])} paths valid")
    except ImportError:
        print("poll: openapi-spec-validator is not here")
    expect(len(api["paths"]) == len([q for q in listing if not q["problems"]]), "every question is in /openapi.json")
    metrics = ask("GET", "/metrics")[2].decode()
    expect('hearth_requests_total{route="/q/<name>",status="304"}' in metrics and f"hearth_version {versions_so_far + 20}\n" in metrics, "/metrics")
    expect(household not in metrics and "1380000" not in metrics, "no personal data in /metrics")

    # A question that is broken while the server runs stops nothing.
    with open(folder + "/Schema/queries/district/register-totals.graphql", "w") as file:
        file.write("{ nothingOfThisName }")
    end = time.time() + 20
    while time.time() < end:
        question = next(q for q in json.loads(ask("GET", "/q")[2]) if q["name"] == "register-totals")
        if question["problems"]:
            break
        time.sleep(0.1)
    expect(question["problems"] and "nothingOfThisName" in question["problems"][0], "a broken question is listed as broken")
    expect(ask("GET", "/q/register-totals")[0] == 422, "and is not answered")
    expect(ask("GET", "/q/" + names[0])[0] == 200 or names[0] == "register-totals", "others are")
    print(f"poll: {counts[200]} answers, {counts[304]} times unchanged, {len(failures)} failures")
finally:
    server.send_signal(signal.SIGTERM)
    server.wait(30)
    shutil.rmtree(folder, ignore_errors=True)
sys.exit(1 if failures else 0)
