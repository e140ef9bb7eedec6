"""HTTP over keep-alive connections of non-blocking sockets, both ends in this process.

traffic.py GO CONNECTIONS: warms CONNECTIONS connections up, prints "ready PORT", waits for the file GO,
which holds "REQUESTS BODY_BYTES"; then every connection gets and posts so many bodies of so many bytes,
"done" is printed and GO removed, and so on. What is got is checked.
"""

import asyncio
import os
import sys

WARM_UP = 20


def body(number, size):
    return (b"%08d" % number * (size // 8 + 1))[:size]


async def read_message(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = 0
    for line in head.split("\r\n"):
        if line.lower().startswith("content-length:"):
            length = int(line.split(":")[1])
    return head.split(" ")[1], await reader.readexactly(length)


async def serve(reader, writer):
    try:
        while True:
            uri, posted = await read_message(reader)
            _, number, size = uri.rsplit("-", 2)
            answer = posted or body(int(number), int(size))
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
            writer.write(head % len(answer) + answer)
            await writer.drain()
    except asyncio.IncompleteReadError:
        writer.close()


async def ask(connection, method, number, size):
    reader, writer = connection
    sent = body(number, size) if method == "POST" else b""
    head = "%s /%s-%d-%d HTTP/1.1\r\nHost: tap\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
    writer.write((head % (method, method.lower(), number, size, len(sent))).encode() + sent)
    await writer.drain()
    _, answer = await read_message(reader)
    assert answer == body(number, size), "wrong answer"


async def main():
    go, count = sys.argv[1], int(sys.argv[2])
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 24)
    port = server.sockets[0].getsockname()[1]
    connections = [await asyncio.open_connection("127.0.0.1", port, limit=1 << 24) for _ in range(count)]
    for number in range(WARM_UP):
        for connection in connections:
            await ask(connection, "GET", number, 100)
    print("ready", port, flush=True)
    while True:
        while not os.path.exists(go):
            await asyncio.sleep(0.01)
        with open(go) as wanted:
            requests, size = map(int, wanted.read().split())
        for number in range(requests):
            for connection in connections:
                await ask(connection, "GET", number, size)
                await ask(connection, "POST", number, size)
        os.unlink(go)
        print("done", flush=True)


asyncio.run(main())
