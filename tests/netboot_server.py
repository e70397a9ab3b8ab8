#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A web server that takes reports and behaves badly.

    netboot_server.py HOW FOLDER PORT

HOW: late (stores the first file at once, and answers much later), other (stores something else
for the first file and answers much later), busy (503 for the first two requests).
It prints each request with its answer.
"""

import http.server
import pathlib
import sys
import time

# Much more than the 5 s after which EDK2 gives up: on a busy machine its clock is slow.
LATE_SECONDS = 100


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    how, folder, seen = "", pathlib.Path(), 0

    def answer(self, code, body=b""):
        print(self.command, self.path, code, flush=True)
        try:
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the other side did not wait

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path = self.folder / pathlib.PurePath(self.path).name
        Handler.seen += 1
        first = Handler.seen == 1
        if self.how == "busy" and Handler.seen <= 2:
            self.answer(503)
            return
        if path.exists():
            self.answer(412)
            return
        path.write_bytes(b"not this\n" if first and self.how == "other" else body)
        if first and self.how in ("late", "other"):
            print("PUT", self.path, "stored", flush=True)
            time.sleep(LATE_SECONDS)
        self.answer(201)

    def do_GET(self):
        path = self.folder / pathlib.PurePath(self.path).name
        if path.exists():
            self.answer(200, path.read_bytes())
        else:
            self.answer(404)

    def log_message(self, *_):
        pass


def main(how, folder, port):
    Handler.how, Handler.folder = how, pathlib.Path(folder)
    server = http.server.ThreadingHTTPServer(("", int(port)), Handler)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
