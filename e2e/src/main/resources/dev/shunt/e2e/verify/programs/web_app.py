"""HTTP/1.1 application on asyncio: python3 web_app.py HOST PORT PAYLOAD.

GET /bytes/N answers the first N bytes of the file PAYLOAD, POST /digest the SHA-256 of its body,
which may come with a length or in chunks. Connections are kept alive.
"""

import asyncio
import hashlib
import sys


async def body_of(reader, headers):
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    parts = []
    while size := int((await reader.readline()).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    while (await reader.readline()).strip():
        pass
    return b"".join(parts)


async def request_of(reader):
    line = (await reader.readline()).decode().split()
    if len(line) < 3:
        return None
    headers = {}
    while field := (await reader.readline()).decode().strip():
        name, value = field.split(":", 1)
        headers[name.strip().lower()] = value.strip()
    return line[0], line[1], headers, await body_of(reader, headers)


def answer(payload, method, path, body):
    if method == "POST" and path == "/digest":
        return "200 OK", hashlib.sha256(body).hexdigest().encode()
    if method == "GET" and path.startswith("/bytes/"):
        return "200 OK", payload[: int(path.rsplit("/", 1)[1])]
    return "404 Not Found", b""


async def main():
    with open(sys.argv[3], "rb") as file:
        payload = file.read()

    async def serve(reader, writer):
        try:
            while request := await request_of(reader):
                method, path, headers, body = request
                status, content = answer(payload, method, path.split("?")[0], body)
                head = f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n\r\n"
                writer.write(head.encode() + content)
                await writer.drain()
                if headers.get("connection", "").lower() == "close":
                    break
        finally:
            writer.close()

    server = await asyncio.start_server(serve, sys.argv[1], int(sys.argv[2]))
    await server.serve_forever()


asyncio.run(main())
