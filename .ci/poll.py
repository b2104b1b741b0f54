#!/usr/bin/env python3
"""Fifty pollers over twenty saved questions, listeners and downloads, during a stream of changes.

With pyarrow installed it opens the Arrow stream too.
"""
import http.client, json, os, re, shutil, signal, subprocess, sys, tempfile, threading, time

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

    # A changed threshold changes the tags of those that read it, and of no other.
    def tags(suffix=""):
        return {name: ask("GET", f"/q/{name}{suffix}")[1].get("etag") for name in names + ["villages-under-incidence"]}

    def read_parameters(name):
        data = json.loads(ask("GET", "/q/" + name)[2])
        return {p["name"] for p in data["extensions"]["data"].get("parameters", [])}

    readers = {name: read_parameters(name) for name in names}
    parameter = next((p for read in readers.values() for p in sorted(read)), None)
    if parameter:
        before, after = tags(), tags(f"?param.{parameter}=1")
        for name in names:
            changed = before[name] != after[name]
            if after[name] is not None:
                expect(changed == (parameter in readers[name]) or not changed, f"{name} does not read {parameter}, and its tag changed")
                expect(changed or parameter not in readers[name], f"{name} reads {parameter}, and its tag did not change")

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
    expect(versions.hears("id: 21\n"), "every version is told of")
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
    expect('hearth_requests_total{route="/q/<name>",status="304"}' in metrics and "hearth_version 21\n" in metrics, "/metrics")
    expect(household not in metrics and "1380000" not in metrics, "no personal data in /metrics")

    # A question that is broken while the server runs stops nothing.
    with open(folder + "/Schema/queries/register-totals.graphql", "w") as file:
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
