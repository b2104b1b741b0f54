"""Our own server, asked over HTTP on one kept connection, to the last byte of the answer."""

import json
import os
import re
import socket

import sql

QUESTIONS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "questions")
VARIABLES = {"Q1": "cadre", "Q5": "town"}


def documents():
    found = {}
    for file in os.listdir(QUESTIONS):
        if file.endswith(".graphql"):
            with open(f"{QUESTIONS}/{file}", encoding="utf-8") as text:
                found[file.removesuffix(".graphql")] = text.read()
    return found


class Hearth:
    """`fresh`: with a document that the server has not seen, each time."""

    def __init__(self, address, fresh):
        host, port = address.rsplit(":", 1)
        self.address, self.fresh, self.serial = address, fresh, 0
        self.name = f"ours :{port} {'new' if fresh else 'again'}"
        self.documents = documents()
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def another(self):
        return Hearth(self.address, self.fresh)

    def ask(self, name, values):
        self.serial += 1
        query = self.documents[name] + (f"#{id(self)}.{self.serial}" if self.fresh else "")
        body = json.dumps({"query": query, "variables": {VARIABLES[name]: values[0]} if values else {}}).encode()
        head = (
            f"POST /graphql?asOf={sql.TO} HTTP/1.1\r\nHost: {self.address}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.socket.sendall(head.encode() + body)
        head, answer = self.answer()
        if b" 200 " not in head[:16] or not answer.startswith(b'{"data"') or b'"errors":[' in answer[-4096:]:
            # Nothing is measured of what was refused.
            raise SystemExit(f"{self.name} {name}: {head[:64]!r} {answer[:400]!r}")
        return answer.decode()

    def answer(self):
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.receive()
        head, rest = received.split(b"\r\n\r\n", 1)
        size = int(re.search(rb"content-length: *(\d+)", head, re.I)[1])
        parts, count = [rest], len(rest)
        while count < size:
            parts.append(self.receive())
            count += len(parts[-1])
        return head, b"".join(parts)

    def receive(self):
        data = self.socket.recv(1 << 20)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data
