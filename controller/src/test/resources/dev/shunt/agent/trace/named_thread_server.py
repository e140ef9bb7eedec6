"""Answers HTTP from a thread that has another name than its process.

usage: named_thread_server.py   prints its port and the name of the process
"""
import ctypes
import http.server
import threading

PR_SET_NAME = 15


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def serve(server):
    ctypes.CDLL(None).prctl(PR_SET_NAME, b"worker-7", 0, 0, 0)
    server.serve_forever()


server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
with open("/proc/self/comm") as comm:
    name = comm.read().strip()
thread = threading.Thread(target=serve, args=(server,))
thread.start()
print(server.server_port, name, flush=True)
thread.join()
