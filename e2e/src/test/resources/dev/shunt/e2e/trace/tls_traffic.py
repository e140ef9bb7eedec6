"""HTTP inside of TLS over keep-alive connections of non-blocking sockets, both ends in this process.

tls_traffic.py GO CONNECTIONS CERTIFICATE KEY: makes the certificate, warms CONNECTIONS connections up, prints
"ready PORT", waits for the file GO, which holds "REQUESTS BODY_BYTES"; then every connection gets so many
bodies of so many bytes, GO is removed, and so on. What is got is checked. Requests have secrets in query,
header and body.
"""
import os
import select
import socket
import ssl
import subprocess
import sys
import threading
import time

WARM_UP = 20
SECRET = b"tops3cret"


class Peer:
    """One end of a connection. Its library reads and writes the socket itself."""

    def __init__(self, raw, context, **options):
        raw.setblocking(False)
        self.socket = context.wrap_socket(raw, do_handshake_on_connect=False, **options)
        self.have = b""
        self.attempt(self.socket.do_handshake)

    def attempt(self, call, *arguments):
        while True:
            try:
                return call(*arguments)
            except ssl.SSLWantReadError:
                select.select([self.socket], [], [])
            except ssl.SSLWantWriteError:
                select.select([], [self.socket], [])

    def send(self, data):
        while data:
            data = data[self.attempt(self.socket.send, data):]

    def more(self):
        data = self.attempt(self.socket.recv, 65536)
        if not data:
            raise EOFError
        self.have += data

    def message(self):
        while b"\r\n\r\n" not in self.have:
            self.more()
        head, self.have = self.have.split(b"\r\n\r\n", 1)
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(self.have) < length:
            self.more()
        body, self.have = self.have[:length], self.have[length:]
        return head.split(b" ")[1].decode(), body


def body(number, size):
    return (b"%08d" % number * (size // 8 + 1))[:size]


def serve(raw, context):
    peer = Peer(raw, context, server_side=True)
    try:
        while True:
            target, _ = peer.message()
            _, number, size = target.split("?")[0].rsplit("-", 2)
            answer = body(int(number), int(size))
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
    except EOFError:
        peer.socket.close()


def accept(listener, context):
    while True:
        raw, _ = listener.accept()
        threading.Thread(target=serve, args=(raw, context), daemon=True).start()


def ask(peer, number, size):
    head = (b"POST /get-%d-%d?token=%s HTTP/1.1\r\nHost: tls\r\nAuthorization: Bearer %s\r\n"
            b"Content-Length: %d\r\n\r\n%s")
    peer.send(head % (number, size, SECRET, SECRET, len(SECRET), SECRET))
    assert peer.message()[1] == body(number, size), "wrong answer"


def main():
    go, count, certificate, key = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=shop.example", "-keyout", key, "-out", certificate],
                   check=True, stderr=subprocess.DEVNULL)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, key)
    asking = ssl.create_default_context(cafile=certificate)
    asking.check_hostname = False
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=accept, args=(listener, served), daemon=True).start()
    address = listener.getsockname()
    peers = [Peer(socket.create_connection(address), asking) for _ in range(count)]
    for number in range(WARM_UP):
        for peer in peers:
            ask(peer, number, 100)
    print("ready", address[1], flush=True)
    while True:
        while not os.path.exists(go):
            time.sleep(0.01)
        with open(go) as wanted:
            requests, size = map(int, wanted.read().split())
        for number in range(requests):
            for peer in peers:
                ask(peer, number, size)
        os.unlink(go)


main()
