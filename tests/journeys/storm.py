"""A crowd that asks at the same instant: connections first, then a barrier, then the requests."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    """What one of the crowd was told."""

    status: int
    body: dict

    @property
    def code(self):
        """Name the problem, if there was one."""
        return self.body.get("code", "")


def post(path, body, *, token, key=""):
    """Write a request out, ready to be sent whole."""
    content = json.dumps(body).encode()
    heads = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        "Connection: close",
        *([f"Idempotency-Key: {key}"] if key else []),
    ]
    return "\r\n".join(heads).encode() + b"\r\n\r\n" + content


def all_at_once(port, requests, meanwhile=None):
    """Send every request at one instant, *meanwhile* something else; the answers are in order."""
    besides = 1 if meanwhile else 0
    barrier = Barrier(len(requests) + besides)

    def aside():
        barrier.wait(PATIENCE)
        meanwhile()

    def one(request):
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
            barrier.wait(PATIENCE)
            line.sendall(request)
            return read(line)

    with ThreadPoolExecutor(len(requests) + besides) as crowd:
        done = crowd.submit(aside) if meanwhile else None
        answers = list(crowd.map(one, requests))
        if done:
            done.result(PATIENCE)
        return answers


def send(port, request):
    """Send one request; gives the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall(request)
        return read(line)


def read(line):
    """Read one answer to its end."""
    data = b""
    while chunk := line.recv(65536):
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    if b"chunked" in head.lower():
        body = body[body.index(b"{") : body.rindex(b"}") + 1]
    return Answer(status, json.loads(body or b"{}"))
