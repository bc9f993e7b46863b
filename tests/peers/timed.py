"""Time whole campaigns of a peer: `timed.py MODULE RUNS` prints {"milliseconds": [...]}."""
import importlib
import json
import sys
import time

run, runs = importlib.import_module(sys.argv[1]).run, int(sys.argv[2])
if runs > 1:
    run(1)
milliseconds = []
for _ in range(runs):
    began = time.perf_counter()
    run(1)
    milliseconds.append((time.perf_counter() - began) * 1e3)
print(json.dumps({"milliseconds": milliseconds}))
