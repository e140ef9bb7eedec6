"""An accelerated connection of requests and answers.

argv: how many pieces a request has. All but the last are sent with MSG_MORE, so that TCP makes one segment
of them; a redirect hands over each. Prints "ready", then goes on until it is killed.
"""

import select
import socket
import sys

PIECES = int(sys.argv[1])
PIECE = b"x" * 64
TURNS = 64


def receive(end, size):
    while size:
        try:
            size -= len(end.recv(size))
        except BlockingIOError:
            select.select([end], [], [])


def turn(client, server):
    for _ in range(PIECES - 1):
        client.send(PIECE, socket.MSG_MORE)
    client.send(PIECE)
    receive(server, PIECES * len(PIECE))
    server.send(PIECE)
    receive(client, len(PIECE))


def main():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
    for end in (client, server):
        end.setblocking(False)
    for _ in range(TURNS):
        turn(client, server)
    print("ready", flush=True)
    while True:
        turn(client, server)


main()
