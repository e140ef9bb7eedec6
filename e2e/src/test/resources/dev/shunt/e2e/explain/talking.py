"""An accelerated connection of requests and answers between two processes.

argv: how many pieces a request has. All but the last are sent with MSG_MORE, so that TCP makes one segment
of them; a redirect hands over each, and wakes the reader for it. Prints "ready", then goes on until it is
killed.
"""

import os
import select
import socket
import sys

PIECES = int(sys.argv[1])
PIECE = b"x" * 64
TURNS = 64


def receive(end, size):
    while size:
        select.select([end], [], [])
        data = end.recv(size)
        if not data:
            sys.exit()
        size -= len(data)


def answer(server):
    server.setblocking(False)
    while True:
        receive(server, PIECES * len(PIECE))
        server.send(PIECE)


def ask(client):
    for _ in range(PIECES - 1):
        client.send(PIECE, socket.MSG_MORE)
    client.send(PIECE)
    receive(client, len(PIECE))


def main():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    if not os.fork():
        answer(listener.accept()[0])
    client = socket.create_connection(listener.getsockname())
    listener.close()
    client.setblocking(False)
    for _ in range(TURNS):
        ask(client)
    print("ready", flush=True)
    while True:
        ask(client)


main()
