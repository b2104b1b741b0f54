"""What the lanes share: a server of the built product, asked over HTTP; all that it holds, as one digest; figures as a table.

Needs nothing but Python's standard library. `HEARTH_ROOT` names the folder that holds `Schema`; without it the product knows."""
import hashlib, http.client, json, os, re, shlex, signal, subprocess, sys, threading, time

CHANGE = """mutation($changes: ChangesInput!, $id: ID!) {
  applyChanges(changes: $changes, changeId: $id) { applied repeated version problems { message } } }"""


class Failure(Exception):
    """What a lane found wrong."""


class Server:
    """A server with a data folder; ready when this returns."""

    def __init__(self, command, data, *flags, before=()):
        begun = time.monotonic()
        self.process = subprocess.Popen(
            list(before) + shlex.split(command) + ["serve", "--port", "0", "--data", data, *flags],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.words, self.port = [], None
        threading.Thread(target=self.drain, args=(self.process.stderr,), daemon=True).start()
        for line in self.process.stdout:
            self.words.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(found.group(1))
                break
        if self.port is None:
            self.process.wait()
            time.sleep(0.2)
            raise Failure(f"the server did not start (status {self.process.returncode}):\n" + "".join(self.words))
        self.start_seconds = time.monotonic() - begun
        threading.Thread(target=self.drain, args=(self.process.stdout,), daemon=True).start()

    def drain(self, stream):
        for line in stream:
            self.words.append(line)

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(self, query, variables=None, connection=None, path="/graphql"):
        """The data of an answer."""
        connection = connection or self.connection()
        connection.request("POST", path, json.dumps({"query": query, "variables": variables}), {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        if answer.get("errors"):
            raise Failure(f"an error where data was expected: {json.dumps(answer['errors'])[:600]}")
        return answer["data"]

    def ready(self):
        connection = self.connection()
        connection.request("GET", "/health/ready")
        return json.loads(connection.getresponse().read())

    @property
    def version(self):
        return int(self.ready()["version"])

    def change(self, name, rows=1, connection=None):
        """One acknowledged change set of so many rows."""
        rows = [{"code": f"{name}-{place}", "name": name} for place in range(rows)]
        report = self.ask(CHANGE, {"changes": {"units": {"upsert": rows}}, "id": name}, connection)["applyChanges"]
        if not report["applied"]:
            raise Failure(f"a change was not applied: {report}")
        return int(report["version"])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=120)
        if status != 0:
            raise Failure(f"the server ended with {status} after SIGTERM: " + "".join(self.words[-5:]))

    # Everything that it holds

    def lists(self):
        """The root fields that are lists of rows, each with the fields that a row stores and that take no arguments."""
        if not hasattr(self, "kept_lists"):
            kinds = "kind name ofType { kind name ofType { kind name ofType { kind name } } }"
            types = self.ask("{ __schema { types { name kind fields { name args { name } type { %s } } } } }" % kinds)
            types = {type["name"]: type for type in types["__schema"]["types"]}

            def named(type):
                while type.get("ofType"):
                    type = type["ofType"]
                return type

            self.kept_lists = []
            for field in types["Query"]["fields"]:
                name = named(field["type"])["name"]
                nodes = next((own for own in types[name].get("fields") or [] if own["name"] == "nodes"), None)
                arguments = {argument["name"] for argument in field["args"]}
                if nodes is None or not {"first", "after", "orderBy"} <= arguments:
                    continue
                row = types[named(nodes["type"])["name"]]
                plain = [own["name"] for own in row["fields"] or []
                         if named(own["type"])["kind"] in ("SCALAR", "ENUM") and not own["args"]]
                self.kept_lists.append((field["name"], plain))
        return self.kept_lists

    def digest(self, path="/graphql"):
        """SHA-256 of every row of every list, by pages: the same digest, the same data."""
        hash, rows = hashlib.sha256(), 0
        connection = self.connection()
        for name, fields in self.lists():
            after = None
            while True:
                page = self.ask(
                    "query($after: String) { list: %s(first: 1000, after: $after) { totalCount nodes { %s } "
                    "pageInfo { hasNextPage endCursor } } }" % (name, " ".join(fields)), {"after": after}, connection, path)["list"]
                hash.update(json.dumps([name, page["totalCount"], page["nodes"]]).encode())
                rows += len(page["nodes"])
                if not page["pageInfo"]["hasNextPage"]:
                    break
                after = page["pageInfo"]["endCursor"]
        return hash.hexdigest(), rows


def run(command, *arguments, status=0):
    """What a command of the product says; a failure where it ends otherwise."""
    done = subprocess.run(shlex.split(command) + list(arguments), capture_output=True, text=True)
    if done.returncode != status:
        raise Failure(f"{' '.join(arguments)}: status {done.returncode} in place of {status}: {done.stderr[-600:]}")
    return done.stdout


def digests(folder):
    """The SHA-256 of every file below a folder, by its path there."""
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def main(name, body):
    """Runs a lane: what it prints are its figures, and a failure ends it with a status that is not 0."""
    try:
        body()
    except Failure as failure:
        sys.exit(f"{name}: {failure}")
