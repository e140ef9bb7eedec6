"""HTTP/1.1 client on asyncio: python3 web_client.py HOST PORT PAYLOAD KIND.

Each connection is kept alive and asks many times for GET /bytes/N, compared with the first N bytes
of the file PAYLOAD. With KIND "both" every fourth request is POST /digest, whose answer is compared
too; with KIND "download" none is.
"""

import asyncio
import hashlib
import sys

LIMIT_SECONDS = 20
CONNECTIONS = 8
REQUESTS = 40
SIZES = [1, 100, 1024, 4096, 16384, 65536, 1024, 262144]


async def answer(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status = head.split()[1]
    length = None
    chunked = False
    for field in head.split("\r\n")[1:]:
        name, _, value = field.partition(":")
        if name.lower() == "content-length":
            length = int(value)
        chunked |= name.lower() == "transfer-encoding" and value.strip().lower() == "chunked"
    if not chunked:
        return status, await reader.readexactly(length)
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return status, b"".join(parts)


def request(payload, kind, number):
    """Head, body and the expected answer of request NUMBER."""
    size = SIZES[number % len(SIZES)]
    if kind == "both" and number % 4 == 3:
        body = payload[size : 2 * size]
        head = f"POST /digest HTTP/1.1\r\nHost: app\r\nContent-Length: {size}\r\n\r\n"
        return head, body, hashlib.sha256(body).hexdigest().encode()
    return f"GET /bytes/{size} HTTP/1.1\r\nHost: app\r\n\r\n", b"", payload[:size]


async def converse(host, port, payload, kind):
    digest = hashlib.sha256()
    reader, writer = await asyncio.open_connection(host, port)
    for number in range(REQUESTS):
        head, body, expected = request(payload, kind, number)
        writer.write(head.encode() + body)
        status, content = await answer(reader)
        if status != "200" or content != expected:
            raise SystemExit(
                f"request {number}: status {status}, {len(content)} bytes (expected:"
                f" {len(expected)}), same {content == expected}"
            )
        digest.update(content)
    writer.close()
    return digest.hexdigest()


async def main():
    host, port, name, kind = sys.argv[1:5]
    with open(name, "rb") as file:
        payload = file.read()
    digests = await asyncio.gather(
        *(converse(host, int(port), payload, kind) for _ in range(CONNECTIONS))
    )
    print(f"answered {len(digests) * REQUESTS}")
    print(f"sha256 {' '.join(sorted(set(digests)))}")


asyncio.run(asyncio.wait_for(main(), LIMIT_SECONDS))
