"""Types lines at the prompt of PowerShell in a terminal, and prints what it showed: terminal.py FILE PROGRAM ARGUMENT..."""
import os
import pty
import re
import select
import sys
import time

ASKS_FOR_CURSOR = "\x1b[6n"
LIMIT = 300
CONTROL = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[=>])")

with open(sys.argv[1], encoding="utf-8") as file:
    lines = file.read().splitlines()
child, terminal = pty.fork()
if child == 0:
    os.environ["TERM"] = "dumb"
    os.execvp(sys.argv[2], sys.argv[2:])

shown, since, end = "", "", time.monotonic() + LIMIT
while time.monotonic() < end:
    if not select.select([terminal], [], [], 1)[0]:
        continue
    try:
        data = os.read(terminal, 65536).decode(errors="replace")
    except OSError:
        break
    # A terminal that does not answer costs half a second for each key.
    os.write(terminal, b"\x1b[1;1R" * data.count(ASKS_FOR_CURSOR))
    shown += data
    since = CONTROL.sub("", since + data)
    if lines and "PS " in since and since.rstrip().endswith(">"):
        since = ""
        os.write(terminal, (lines.pop(0) + "\n").encode())
print(shown.replace(ASKS_FOR_CURSOR, ""))
