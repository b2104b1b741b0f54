"""One system as a peer of `./hearth bench questions --peers`: a task a line on the standard input, an answer a line on the output.

    {"task": "Q1", "answers": FOLDER, "samples": 7, "sampleMilliseconds": 30}
    {"samples": [nanoseconds an answer, …]}

Its answers are held against ours first; where they differ, that is said in place of times: `{"difference": "…"}`. What could not be asked is an `{"error": "…"}`.
"""

import json
import sys
from time import perf_counter_ns

from asking import timed, verdict


def answer(engine, lists, task):
    name, given = task["task"], lists[task["task"]]
    _, texts = timed(engine, name, given, len(given))
    if (said := verdict(name, engine, texts, (engine, texts), task["answers"])) != "same answers":
        return {"difference": said or "there are no answers of ours to compare with"}
    return {"samples": measured(lambda: [engine.ask(name, values) for values in given], len(given), task)}


def measured(ask_all, count, task):
    """Times of one answer. A sample asks with all values, as answers differ in size."""
    rounds = 1

    def sample():
        start = perf_counter_ns()
        for _ in range(rounds):
            ask_all()
        return perf_counter_ns() - start

    while sample() < task["sampleMilliseconds"] * 1_000_000:
        rounds *= 2
    return [sample() / rounds / count for _ in range(task["samples"])]


def serve(engine, lists):
    say({"name": engine.name})
    for line in sys.stdin:
        try:
            say(answer(engine, lists, json.loads(line)))
        except Exception as error:  # the next question may still be answered
            say({"error": str(error)})


def say(value):
    print(json.dumps(value), flush=True)
