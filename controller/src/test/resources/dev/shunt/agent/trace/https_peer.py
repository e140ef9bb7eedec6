"""Asks over TLS with Python's ssl, as told.

usage: https_peer.py   reads lines of: PORT TEXT, where TEXT is a Python literal
Sends the text in one write, reads until the server closes, and prints how many responses there were.
"""
import ast
import socket
import ssl
import sys

context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
print("ready", flush=True)
for line in sys.stdin:
    port, text = line.split(" ", 1)
    raw = socket.create_connection(("127.0.0.1", int(port)))
    answer = b""
    with context.wrap_socket(raw) as connection:
        connection.sendall(ast.literal_eval(text.strip()).encode())
        while data := connection.recv(65536):
            answer += data
    print(answer.count(b"HTTP/1.1 "), flush=True)
