"""Speaks TLS with Python's ssl, as told.

usage: tls_peer.py server CERTIFICATE KEY   prints its port, then serves each connection: "serve BYTES"
       tls_peer.py client                   reads lines of: HOST PORT VERSION NAME BYTES, or "verify ..."
Each side sends and receives so many bytes, prints "done", and for the client how many ns the handshake took.
"""
import socket
import ssl
import sys
import threading
import time

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


def receive(connection, count):
    while count > 0:
        data = connection.recv(min(count, 4096))
        if not data:
            return
        count -= len(data)


def answer(raw, context):
    try:
        with context.wrap_socket(raw, server_side=True) as connection:
            count = int(connection.recv(16).decode())
            connection.sendall(b"ok")
            receive(connection, count)
            connection.sendall(b"y" * count)
            connection.recv(1)
    except (OSError, ValueError):
        raw.close()


def serve(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    print(listener.getsockname()[1], flush=True)
    while True:
        raw, _ = listener.accept()
        threading.Thread(target=answer, args=(raw, context), daemon=True).start()


def exchange(host, port, version, name, count, verify):
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.minimum_version = context.maximum_version = VERSIONS[version]
    raw = socket.create_connection((host, int(port)))
    began = time.monotonic_ns()
    with context.wrap_socket(raw, server_hostname=name) as connection:
        took = time.monotonic_ns() - began
        connection.sendall(("%016d" % int(count)).encode())
        receive(connection, 2)
        connection.sendall(b"x" * int(count))
        receive(connection, int(count))
    return took


def main():
    if sys.argv[1] == "server":
        serve(sys.argv[2], sys.argv[3])
    print("ready", flush=True)
    for line in sys.stdin:
        words = line.split()
        verify = words[0] == "verify"
        try:
            print(exchange(*words[-5:], verify), flush=True)
        except ssl.SSLError as failed:
            print(failed.reason, flush=True)


main()
