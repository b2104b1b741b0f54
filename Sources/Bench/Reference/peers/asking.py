"""Asking engines one after the other, alone and many at once, and telling how long it took."""

import json
import os
import statistics
import threading
import time

from answers import same, same_as_ours
from hearth import Hearth

NAMES = ("Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q8")


def values(path):
    """By question, the lists of values that it is asked with; of one that has none, one empty list."""
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    return {name: [list(each.values()) for each in given.get(name, [{}])] for name in NAMES}


def timed(engine, name, lists, runs):
    """Times in seconds and the answers by the place of their values, all asked once before."""
    times, texts = [], {}
    for each in lists:
        engine.ask(name, each)
    for turn in range(runs):
        place = turn % len(lists)
        start = time.perf_counter()
        texts[place] = engine.ask(name, lists[place])
        times.append(time.perf_counter() - start)
    return times, texts


def ask(engines, lists, names, runs, answers=None, clients=0, seconds=5):
    for name in names:
        first = None
        for engine in engines:
            times, texts = timed(engine, name, lists[name], max(runs, len(lists[name]) if len(lists[name]) > 1 else 0))
            first = first or (engine, texts)
            print(
                f"{name}  {engine.name:16}  median {milliseconds(statistics.median(times))}  mean {milliseconds(statistics.mean(times))}  "
                f"least {milliseconds(min(times))}  {len(texts[0])} bytes  {verdict(name, engine, texts, first, answers)}", flush=True)
            if clients:
                every, rate = at_once(engine, name, lists[name], clients, seconds)
                print(
                    f"{name}  {engine.name:16}  {clients} clients: median {milliseconds(statistics.median(every))}  {rate:9.1f} answers/s",
                    flush=True)


def verdict(name, engine, texts, first, answers):
    path = f"{answers}/{name}.jsonl"
    if answers and os.path.exists(path) and os.path.getsize(path):
        with open(path, encoding="utf-8") as file:
            lines = dict(enumerate(file.read().splitlines()))
        agree = all(same_as_ours(name, engine, text, lines[place]) for place, text in texts.items() if place in lines)
        return "same answers" if agree else "ANSWERS DIFFER"
    other, others = first
    if other is engine:
        return ""
    agree = all(same(name, engine, text, other, others[place]) for place, text in texts.items() if place in others)
    return f"same answers as {other.name}" if agree else f"ANSWERS DIFFER from {other.name}"


def at_once(engine, name, lists, count, seconds):
    """So many clients, each with a connection of its own, asking as soon as they are answered: their times, and answers a second."""
    clients = [engine.another() for _ in range(count)]
    for client in clients:
        client.ask(name, lists[0])
    times, broken, gate = [[] for _ in clients], [], threading.Barrier(count + 1)

    def run(place):
        turn = place
        gate.wait()
        end = time.perf_counter() + seconds
        try:
            while (start := time.perf_counter()) < end:
                clients[place].ask(name, lists[turn % len(lists)])
                turn += 1
                times[place].append(time.perf_counter() - start)
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    gate.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    if broken:
        raise SystemExit(str(broken[0]))
    every = [each for own in times for each in own]
    return every, len(every) / (time.perf_counter() - start)


def growth(places, runs):
    """Q1 and Q5 of registers of several sizes. Towns differ in size, so a time is also told by what was answered."""
    for name in ("Q1", "Q5"):
        for place in places:
            size, address, path = place.split("=", 2)
            lists = values(path)[name]
            for fresh in (False, True):
                engine, times, sizes = Hearth(address, fresh), [], []
                for each in lists:
                    engine.ask(name, each)
                for turn in range(max(runs, len(lists))):
                    start = time.perf_counter()
                    text = engine.ask(name, lists[turn % len(lists)])
                    times.append(time.perf_counter() - start)
                    sizes.append(len(text.encode()))
                each_byte = statistics.median(time / size for time, size in zip(times, sizes)) * 1e9
                print(
                    f"{name}  {size:>8}  {'new' if fresh else 'again':5}  median {milliseconds(statistics.median(times))}  "
                    f"least {milliseconds(min(times))}  median {statistics.median(sizes):9.0f} bytes  {each_byte:7.1f} ns a byte", flush=True)


def milliseconds(seconds):
    return f"{seconds * 1e3:9.3f} ms"
