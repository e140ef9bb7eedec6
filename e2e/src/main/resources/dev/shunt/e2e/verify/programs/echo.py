"""TCP echo in Python: python3 echo.py KIND server|client HOST PORT [PAYLOAD TURNS].

KIND: blocking (threads), timeout (sockets with a timeout, which are non-blocking underneath) or
asyncio. The client sends TURNS slices of the file PAYLOAD and compares what comes back, then sends
the whole file while it reads, half-closes, and reads to the end.
"""

import asyncio
import hashlib
import socket
import sys
import threading

LIMIT_SECONDS = 40
CHUNK = 65536


def slices(payload, turns):
    """The turns' messages: 1 byte to 64 KB, odd lengths, anywhere in the payload."""
    for turn in range(turns):
        size = 1 + (turn * turn * 37) % 65536
        start = (turn * 7919) % (len(payload) - size)
        yield payload[start : start + size]


def say(turns, received, digest):
    print(f"turns {turns}\nreceived {received}\nsha256 {digest.hexdigest()}")


class Checked:
    """Compares and sums what came back."""

    def __init__(self):
        self.digest = hashlib.sha256()
        self.received = 0

    def take(self, expected, got):
        if expected != got:
            raise SystemExit(f"echo of {len(expected)} bytes is {len(got)} other bytes")
        self.digest.update(got)
        self.received += len(got)


def configured(kind, sock):
    sock.settimeout(LIMIT_SECONDS if kind == "timeout" else None)
    return sock


def receive(sock, size):
    parts = []
    while size:
        part = sock.recv(min(size, CHUNK))
        if not part:
            raise SystemExit(f"end of stream, {size} bytes early")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def echo(sock):
    with sock:
        while data := sock.recv(CHUNK):
            sock.sendall(data)


def serve(kind, host, port):
    listener = socket.create_server((host, port))
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=echo, args=(configured(kind, sock),), daemon=True).start()


def ask(kind, host, port, payload, turns):
    checked = Checked()
    with configured(kind, socket.create_connection((host, port))) as sock:
        for message in slices(payload, turns):
            sock.sendall(message)
            checked.take(message, receive(sock, len(message)))

        def send():
            sock.sendall(payload)
            sock.shutdown(socket.SHUT_WR)

        writer = threading.Thread(target=send)
        writer.start()
        checked.take(payload, receive(sock, len(payload)))
        writer.join()
        checked.take(b"", sock.recv(CHUNK))
    say(turns, checked.received, checked.digest)


async def serve_async(host, port):
    async def serve_one(reader, writer):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve_one, host, port)
    await server.serve_forever()


async def ask_async(host, port, payload, turns):
    checked = Checked()
    reader, writer = await asyncio.open_connection(host, port)
    for message in slices(payload, turns):
        writer.write(message)
        checked.take(message, await reader.readexactly(len(message)))
    writer.write(payload)
    writer.write_eof()
    checked.take(payload, await reader.readexactly(len(payload)))
    checked.take(b"", await reader.read())
    writer.close()
    say(turns, checked.received, checked.digest)


def main():
    kind, side, host, port = sys.argv[1:5]
    if side == "server":
        if kind == "asyncio":
            asyncio.run(serve_async(host, int(port)))
        serve(kind, host, int(port))
    with open(sys.argv[5], "rb") as file:
        payload = file.read()
    turns = int(sys.argv[6])
    if kind == "asyncio":
        asyncio.run(asyncio.wait_for(ask_async(host, int(port), payload, turns), LIMIT_SECONDS))
    else:
        ask(kind, host, int(port), payload, turns)


main()
