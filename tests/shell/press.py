"""A fast producer and a slow consumer around a command, and what came of it, as one line of JSON.

    press.py SECONDS RATE COMMAND...

The producer writes records of about 300 bytes as fast as the command takes them. The consumer takes RATE bytes a second
for so long; then the input ends and it takes the rest at once. The command's last line on stderr is its --stats=json.
"""

import json
import os
import subprocess
import sys
import threading
import time

PIECE = 1 << 14


def main():
    seconds, rate, command = float(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    records = [b'{"n":%d,"pad":"%s"}\n' % (i, b"x" * (270 + i % 37)) for i in range(4000)]
    block = b"".join(records)
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    begun = time.monotonic()
    fed = {"blocks": 0, "seconds": 0.0}

    def produce():
        while time.monotonic() < begun + seconds:
            child.stdin.write(block)
            fed["blocks"] += 1
        child.stdin.flush()
        fed["seconds"] = time.monotonic() - begun
        child.stdin.close()

    errors = []
    threads = [threading.Thread(target=produce), threading.Thread(target=lambda: errors.extend(child.stderr))]
    for thread in threads:
        thread.start()
    taken = lines = 0
    output = child.stdout.fileno()
    slow, peak = True, 0
    while True:
        now = time.monotonic() - begun
        if slow and now >= seconds:
            slow = False
            with open(f"/proc/{child.pid}/status") as status:
                peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
        elif slow and taken > rate * now:
            time.sleep(0.005)
            continue
        piece = os.read(output, PIECE if slow else 1 << 20)
        if not piece:
            break
        taken += len(piece)
        lines += piece.count(b"\n")
    for thread in threads:
        thread.join()
    print(json.dumps({"status": child.wait(), "fed": fed["blocks"] * len(records), "out": lines, "peak_kb": peak,
                      "mb_per_s": round(fed["blocks"] * len(block) / 1e6 / fed["seconds"]),
                      "stats": json.loads(errors[-1])}))


main()
