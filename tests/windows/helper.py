#!/usr/bin/env python3
"""helper.py PREFIX: runs the Linux programs that relay.exe stands for in a Wine prefix. Prints its port; ends with its caller."""
import ctypes
import os
import re
import signal
import socketserver
import struct
import subprocess
import sys
import threading

DRIVE_C = os.path.realpath(sys.argv[1]) + "/drive_c"
# Windows' own, which would mislead a Linux program.
WINDOWS_ONLY = set("""PATH PATHEXT TEMP TMP HOME HOMEDRIVE HOMEPATH USERPROFILE APPDATA LOCALAPPDATA COMSPEC SYSTEMROOT WINDIR SYSTEMDRIVE
PROGRAMDATA ALLUSERSPROFILE PUBLIC OS USERNAME USERDOMAIN COMPUTERNAME NUMBER_OF_PROCESSORS LOGONSERVER SESSIONNAME CLIENTNAME
DRIVERDATA KAMAL_RELAY_PORT""".split())
WINDOWS_PREFIXES = ("DOTNET", "PROGRAMFILES", "PROGRAMW6432", "COMMONPROGRAM", "PROCESSOR_", "PS", "POWERSHELL", "WINE", "WINSYS",
                    "WINUSER", "WINHOME", "WINDATA", "WINBUILD", "WINCONFIG")


def to_unix(text):
    """The text with paths of Windows as Linux knows them; a path goes on to a comma, quote or line end."""
    def path(match):
        rest = match.group(2).replace("\\", "/")
        return ("/" if match.group(1) in "zZ" else DRIVE_C + "/") + rest
    return re.sub(r"(?<![A-Za-z0-9])([CcZz]):[\\/]([^,\n\"']*)", path, text)


def to_windows(output):
    """git's output with its paths as git for Windows prints them."""
    return re.sub(rb"(?m)^/(?=\w)", b"Z:/", output.replace((DRIVE_C + "/").encode(), b"C:/"))


class Stand(socketserver.BaseRequestHandler):
    def take(self, count):
        data = b""
        while len(data) < count:
            part = self.request.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def number(self):
        return struct.unpack("<I", self.take(4))[0]

    def text(self):
        return self.take(self.number()).decode("utf-8", "replace")

    def handle(self):
        self.request.setsockopt(6, 1, 1)  # answer at once
        self.sending = threading.Lock()
        name, folder = self.text(), to_unix(self.text())
        words = [to_unix(self.text()) for _ in range(self.number())]
        environment = dict(os.environ)
        for entry in [self.text() for _ in range(self.number())]:
            key, _, value = entry.partition("=")
            if key and key.upper() not in WINDOWS_ONLY and not key.upper().startswith(WINDOWS_PREFIXES):
                environment[key] = to_unix(value)
        try:
            child = subprocess.Popen([name] + words, cwd=folder, env=environment,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError as error:
            self.give(b"E", f"{name}: {error}\n".encode())
            self.end(127)
            return
        translate = to_windows if name == "git" else bytes
        pumps = [threading.Thread(target=self.pump, args=(stream, kind, translate))
                 for stream, kind in ((child.stdout, b"O"), (child.stderr, b"E"))]
        threading.Thread(target=self.feed, args=(child.stdin,), daemon=True).start()
        for thread in pumps:
            thread.start()
        for thread in pumps:
            thread.join()
        self.end(child.wait())

    def pump(self, stream, kind, translate):
        while data := stream.read1(65536):
            self.give(kind, translate(data))

    def feed(self, stream):
        try:
            while count := self.number():
                stream.write(self.take(count))
                stream.flush()
        except (EOFError, OSError):
            pass  # one of the two has ended
        try:
            stream.close()
        except OSError:
            pass

    def give(self, kind, data):
        with self.sending:
            try:
                for start in range(0, len(data), 65536):
                    part = data[start:start + 65536]
                    self.request.sendall(kind + struct.pack("<I", len(part)) + part)
            except OSError:
                pass  # the stand-in was ended

    def end(self, code):
        with self.sending:
            try:
                self.request.sendall(b"X" + struct.pack("<i", code))
            except OSError:
                pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64


ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
server = Server(("127.0.0.1", 0), Stand)
print(server.server_address[1], flush=True)
server.serve_forever()
