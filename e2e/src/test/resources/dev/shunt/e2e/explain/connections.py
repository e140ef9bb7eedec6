"""One connection of each kind, made, used and then held.

Arguments: path of another network namespace, an address there, a port that policy leaves out.
Prints one line "ready KIND=CLIENT_PORT ..." when all are in their state, then waits for its end.
"""

import ctypes
import select
import signal
import socket
import sys

TURNS = 64
MESSAGE = b"x" * 512
LIMIT_SECONDS = 10
ELSEWHERE, ADDRESS, EXEMPT_PORT = sys.argv[1], sys.argv[2], int(sys.argv[3])
CLONE_NEWNET = 0x40000000
held = []


def listener(address, port=0):
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((address, port))
    made.listen()
    held.append(made)
    return made


def connect(to, blocking):
    client = socket.create_connection(to.getsockname())
    server, _ = to.accept()
    for end in (client, server):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end.setblocking(blocking)
    held.extend((client, server))
    return client, server


def receive(end, size):
    while size:
        if not select.select([end], [], [], LIMIT_SECONDS)[0]:
            sys.exit("no data within %d s" % LIMIT_SECONDS)
        size -= len(end.recv(size))


def talk(client, server, turns):
    for _ in range(turns):
        client.sendall(MESSAGE)
        receive(server, len(MESSAGE))
        server.sendall(MESSAGE)
        receive(client, len(MESSAGE))


def stall(client):
    """Writes to a reader that reads no more, until the kernel takes no more."""
    try:
        while True:
            client.send(b"y" * 16384)
    except BlockingIOError:
        pass


def listener_elsewhere():
    """A listening socket belongs to the network namespace that it was made in."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net") as here, open(ELSEWHERE) as there:
        if libc.setns(there.fileno(), CLONE_NEWNET):
            sys.exit("setns failed: errno %d" % ctypes.get_errno())
        try:
            return listener(ADDRESS)
        finally:
            libc.setns(here.fileno(), CLONE_NEWNET)


def unaccepted(to):
    """The client talks, but nobody has called accept()."""
    client = socket.create_connection(to.getsockname())
    client.setblocking(False)
    client.send(MESSAGE)
    held.append(client)
    return client


def main():
    local = listener("127.0.0.1")
    made = {}
    for kind, to, blocking, turns in (
        ("joined", local, False, TURNS),
        ("spilled", local, False, TURNS),
        ("young", local, False, 1),
        ("blocking", local, True, TURNS),
        ("exempt", listener("127.0.0.1", EXEMPT_PORT), False, TURNS),
        ("remote", listener_elsewhere(), False, TURNS),
    ):
        client, server = connect(to, blocking)
        talk(client, server, turns)
        made[kind] = client
    stall(made["spilled"])
    made["unaccepted"] = unaccepted(listener("127.0.0.1"))
    print("ready", *("%s=%d" % (k, c.getsockname()[1]) for k, c in made.items()), flush=True)
    signal.pause()


main()
