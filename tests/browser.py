#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A headless Chromium that is driven over a pipe by its own DevTools protocol.

    browser.py FILE PICTURE WIDTH HEIGHT: makes a picture of a page.

Chromium reads JSON messages from file descriptor 3 and writes them to 4, each with a NUL after it
(--remote-debugging-pipe), so that nothing but Python and Debian's chromium is needed.
"""

import base64
import fcntl
import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# Seconds: for one answer, and for the browser to end after it was told to.
ANSWER, END = 60, 10


def high_pipe():
    """Returns the two ends of a pipe, both numbered 10 or higher."""
    low = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in low]
    for end in low:
        os.close(end)
    return high


class Browser:
    """One Chromium and one tab.  events has the parameters of the events that came, by name."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="browser-")
        # From 10 on: 3 and 4 are what Chromium wants, and the shell moves these there.
        (to_read, self.to), (self.back, from_write) = high_pipe(), high_pipe()
        self.rest, self.number, self.events, self.session = b"", 0, [], None
        program = shutil.which("chromium")
        if not program:
            raise RuntimeError("chromium is not installed; scripts/deps installs it")
        command = [
            program,
            "--headless=new",
            "--remote-debugging-pipe",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--no-default-browser-check",
            "--disable-extensions",
            "--password-store=basic",
            "--disable-dev-shm-usage",
            f"--user-data-dir={self.home}",
            "about:blank",
        ]
        if os.geteuid() == 0:
            # Its sandbox refuses root.  These pages are ours.
            command.insert(1, "--no-sandbox")
        self.process = subprocess.Popen(
            [
                "bash",
                "-c",
                f'exec 3<&{to_read} 4>&{from_write} {to_read}<&- {from_write}>&-; exec "$@"',
                "bash",
                *command,
            ],
            pass_fds=(to_read, from_write),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=open(os.path.join(self.home, "stderr"), "wb"),
            start_new_session=True,
        )
        os.close(to_read)
        os.close(from_write)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Network", "Log", "DOM"):
            self.call(f"{domain}.enable")
        # As if its window were in front, so that it has the focus and the clipboard.
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        """Ends Chromium by its own process group: asked, then told, then killed."""
        for how in (None, signal.SIGTERM, signal.SIGKILL):
            try:
                if how is None:
                    self.session = None
                    self.call("Browser.close")
                else:
                    os.killpg(self.process.pid, how)
                self.process.wait(END)
                break
            except (OSError, RuntimeError, subprocess.TimeoutExpired):
                continue
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # helpers that outlive it
        except OSError:
            pass
        os.close(self.to)
        os.close(self.back)
        shutil.rmtree(self.home, ignore_errors=True)

    def _message(self, deadline):
        while b"\0" not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.back], [], [], left)[0]:
                raise RuntimeError(f"chromium did not answer within {ANSWER} s")
            data = os.read(self.back, 1 << 20)
            if not data:
                errors = pathlib.Path(self.home, "stderr").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"chromium ended: {errors}")
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        """Calls a method of the protocol and returns its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data) :]
        deadline = time.monotonic() + ANSWER
        while True:
            answer = self._message(deadline)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            if "method" in answer:
                self.events.append((answer["method"], answer["params"]))

    def happened(self, *names):
        """Returns the parameters of all events with these names."""
        self.run("0")  # what is under way comes before its answer
        return [parameters for name, parameters in self.events if name in names]

    def open(self, path):
        """Opens a file and waits until it is loaded."""
        self.events.clear()
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        deadline = time.monotonic() + ANSWER
        while not any(name == "Page.loadEventFired" for name, _ in self.events):
            message = self._message(deadline)
            if "method" in message:
                self.events.append((message["method"], message["params"]))

    def run(self, expression):
        """Evaluates JavaScript in the page, waits for a promise, and returns its value."""
        result = self.call(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]))
        return result["result"].get("value")

    def wait(self, expression):
        """Waits until an expression is true.  Returns false if it is not within 50 seconds."""
        return self.run(
            f"""new Promise((done) => {{
                let left = {ANSWER - 10} * 20;
                const look = () => {{
                    if ({expression} || --left < 0) done(left >= 0);
                    else setTimeout(look, 50);
                }};
                look();
            }})"""
        )

    def size(self, width, height, mobile=False):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=mobile,
        )

    def media(self, media="", scheme="light"):
        self.call(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def click(self, find):
        """Clicks the middle of the element that an expression finds, as a mouse does."""
        x, y = self.run(
            f"""(() => {{
                const e = {find};
                e.scrollIntoView({{ block: 'center', inline: 'nearest' }});
                const r = e.getBoundingClientRect();
                return [r.x + r.width / 2, r.y + r.height / 2];
            }})()"""
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=x,
                y=y,
                button="none" if kind == "mouseMoved" else "left",
                clickCount=0 if kind == "mouseMoved" else 1,
            )

    def wheel(self, x, y, down):
        self.call("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0, deltaY=down)

    def key(self, key, code=None, number=0, commands=()):
        text = {"Enter": "\r", " ": " "}.get(key, key if len(key) == 1 else "")
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=code or key,
                windowsVirtualKeyCode=number,
                commands=list(commands) if kind == "keyDown" else [],
                **({"text": text} if text and kind == "keyDown" else {}),
            )

    def type(self, text):
        self.call("Input.insertText", text=text)

    def picture(self, path, whole=False):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)[
            "data"
        ]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def pdf(self, path):
        data = self.call("Page.printToPDF", printBackground=True)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))


def main():
    with Browser() as browser:
        browser.size(int(sys.argv[3]), int(sys.argv[4]))
        browser.media()
        browser.open(sys.argv[1])
        browser.picture(sys.argv[2])


if __name__ == "__main__":
    sys.exit(main())
