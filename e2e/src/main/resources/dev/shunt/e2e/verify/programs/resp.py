"""Redis client on asyncio: python3 resp.py HOST PORT PAYLOAD.

Eight connections SET slices of the file PAYLOAD in pipelines of 32 and GET them back, while a
subscriber of its own connection gets one message for each pipeline.
"""

import asyncio
import hashlib
import sys

LIMIT_SECONDS = 40
CONNECTIONS = 8
PIPELINES = 20
DEPTH = 32


def command(*words):
    words = [w if isinstance(w, bytes) else str(w).encode() for w in words]
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words)


async def reply(reader):
    line = (await reader.readline()).strip()
    kind, rest = line[:1], line[1:]
    if kind == b"$":
        return (await reader.readexactly(int(rest) + 2))[:-2]
    if kind == b"*":
        return [await reply(reader) for _ in range(int(rest))]
    if kind == b"-":
        raise SystemExit(line.decode())
    return rest


def value(payload, connection, number):
    start = connection * 65536 + number * 61
    return payload[start : start + 1 + (number * 97) % 9000]


async def fill(host, port, payload, connection, digest):
    reader, writer = await asyncio.open_connection(host, port)
    for pipeline in range(PIPELINES):
        numbers = range(pipeline * DEPTH, (pipeline + 1) * DEPTH)
        expected = [value(payload, connection, n) for n in numbers]
        sets = [command("SET", f"{connection}:{n}", v) for n, v in zip(numbers, expected)]
        gets = [command("GET", f"{connection}:{n}") for n in numbers]
        writer.write(b"".join(sets + gets + [command("PUBLISH", "done", f"{connection}:{pipeline}")]))
        for _ in numbers:
            if await reply(reader) != b"OK":
                raise SystemExit("SET is not OK")
        for each in expected:
            got = await reply(reader)
            if got != each:
                raise SystemExit(f"GET of {len(each)} bytes is {len(got)} other bytes")
            digest.update(got)
        await reply(reader)
    writer.close()


async def main():
    host, port = sys.argv[1], int(sys.argv[2])
    with open(sys.argv[3], "rb") as file:
        payload = file.read()
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(command("SUBSCRIBE", "done"))
    await reply(reader)
    digests = [hashlib.sha256() for _ in range(CONNECTIONS)]
    fills = [fill(host, port, payload, c, digests[c]) for c in range(CONNECTIONS)]

    async def messages():
        return sorted([(await reply(reader))[2] for _ in range(CONNECTIONS * PIPELINES)])

    seen, *_ = await asyncio.gather(messages(), *fills)
    writer.close()
    print(f"messages {len(set(seen))}")
    print(f"sha256 {hashlib.sha256(b''.join(d.digest() for d in digests)).hexdigest()}")


asyncio.run(asyncio.wait_for(main(), LIMIT_SECONDS))
