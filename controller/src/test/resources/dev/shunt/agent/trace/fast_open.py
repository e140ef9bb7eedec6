"""Connections with TCP Fast Open over the loopback, and what the kernel counted of them.

Four connections in turn: the first asks for a cookie, the second brings data with its SYN to a listener
that takes it, the third does so with connect() and a first write, the fourth to a listener that does not take
it. Prints "PORT CLIENT SERVER FAILED" in the end: the port, and TCPFastOpenActive, TCPFastOpenPassive and TCPFastOpenActiveFail of the network namespace.
"""
import socket

TCP_FASTOPEN = 23
TCP_FASTOPEN_CONNECT = 30


def listener(port, fast_open):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", port))
    if fast_open:
        server.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN, 16)
    server.listen(16)
    return server


def send_at_once(client, address):
    client.sendto(b"hello", socket.MSG_FASTOPEN, address)


def connect_and_send(client, address):
    client.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1)
    client.connect(address)
    client.sendall(b"hello")


def exchange(server, send=send_at_once):
    client = socket.socket()
    send(client, server.getsockname())
    accepted = server.accept()[0]
    left = 5
    while left:
        left -= len(accepted.recv(left))
    accepted.sendall(b"bye")
    client.recv(3)
    client.close()
    accepted.close()


def counters():
    lines = [line.split() for line in open("/proc/net/netstat") if line.startswith("TcpExt:")]
    table = dict(zip(lines[0], lines[1]))
    return [table["TCPFastOpen" + name] for name in ("Active", "Passive", "ActiveFail")]


open("/proc/sys/net/ipv4/tcp_fastopen", "w").write("3")
first = listener(0, True)
number = first.getsockname()[1]
exchange(first)
exchange(first)
exchange(first, connect_and_send)
first.close()
exchange(listener(number, False))
print(number, *counters(), flush=True)
