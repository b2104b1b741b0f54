"""graphql-core as a peer of `./hearth bench --peers`: a task a line on the standard input, an answer a line on the output.

    {"task": "parse", "document": "…", "schema": "…", "samples": 31, "sampleMilliseconds": 30}
    {"samples": [nanoseconds a call, …]}
"""

import json
import platform
import sys
from time import perf_counter_ns

import graphql
from graphql import build_schema, execute_sync, parse, validate


def friends():
    """A thousand members with ten friends each, as dictionaries."""

    def text(member):
        return {"number": f"M{member}", "name": f"Member number {member}"}

    return {
        "members": [
            {**text(member), "friends": [text((member + k * 37) % 1000) for k in range(1, 11)]}
            for member in range(1000)
        ]
    }


def body(task):
    document = task["document"]
    if task["task"] == "parse":
        return lambda: parse(document)
    schema = build_schema(task["schema"])
    parsed = parse(document)
    if task["task"] == "validate":
        if errors := validate(schema, parsed):
            raise ValueError(errors[0].message)
        return lambda: validate(schema, parsed)
    root = friends() if task["task"] == "friends" else {}

    # To the bytes of the answer, as ours.
    def answer():
        return json.dumps({"data": execute_sync(schema, parsed, root).data}, separators=(",", ":")).encode()

    if task["task"] == "friends" and len(json.loads(answer())["data"]["members"]) != 1000:
        raise ValueError("the list is not what it should be")
    return answer


def measure(run, samples, milliseconds):
    calls = 1
    while True:
        start = perf_counter_ns()
        for _ in range(calls):
            run()
        if perf_counter_ns() - start >= milliseconds * 1_000_000:
            break
        calls *= 2
    measured = []
    for _ in range(samples):
        start = perf_counter_ns()
        for _ in range(calls):
            run()
        measured.append((perf_counter_ns() - start) / calls)
    return measured


def say(value):
    print(json.dumps(value), flush=True)


say({"name": f"graphql-core {graphql.__version__}, {platform.python_implementation()} {platform.python_version()}"})
for line in sys.stdin:
    task = json.loads(line)
    try:
        say({"samples": measure(body(task), task["samples"], task["sampleMilliseconds"])})
    except Exception as error:  # the next task may still be done
        say({"error": str(error)})
