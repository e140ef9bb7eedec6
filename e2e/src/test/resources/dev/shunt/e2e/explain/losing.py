"""An accelerated connection whose reader never catches up: nearly all of its messages go by TCP.

Prints "ready" when it is in that state, then goes on until it is killed.
"""

import select
import socket
import time

TURNS = 64
MESSAGE = b"x"  # as small as what follows: larger, TCP would have shown that it merges the burst
BURST = 100
ANSWER_EVERY = 5  # else it would be a stream of small writes, which leaves by itself
PAUSE_SECONDS = 0.02


def receive(end, size):
    while size:
        select.select([end], [], [])
        size -= len(end.recv(size))


def fill(client):
    queued = 0
    try:
        while True:
            queued += client.send(b"y" * 16384)
    except BlockingIOError:
        return queued


def main():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
    for end in (client, server):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end.setblocking(False)
    for _ in range(TURNS):
        client.send(MESSAGE)
        receive(server, len(MESSAGE))
        server.send(MESSAGE)
        receive(client, len(MESSAGE))
    # Three quarters: what was redirected, and enough of what went by TCP to make room for more.
    receive(server, fill(client) * 3 // 4)
    print("ready", flush=True)
    while True:
        receive(server, BURST)
        for sent in range(BURST):
            client.send(b"z")
            if sent % ANSWER_EVERY == 0:
                server.send(b"a")
                receive(client, 1)
        time.sleep(PAUSE_SECONDS)


main()
