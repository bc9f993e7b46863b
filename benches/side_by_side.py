"""One figure-3 campaign by four programs in one run, single thread: `cargo dev bench` calls this.

The programs take turns, so that a machine whose speed drifts treats them alike. Each turn is a process of its own that does a
warm-up, then times whole campaigns (library, response, loop, scores) from inside; quoted are medians over all turns and the
ratios of those medians. Exits with 1 when a promise of the README is not met.
"""
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "tests" / "peers"
ROUNDS = int(os.environ.get("GRIDSCOUT_BENCH_ROUNDS", "7"))
#: Programs, runs in a turn, rounds.
PROGRAMS = {
    "native": ([os.environ["GRIDSCOUT_CLI"], "time", "--preset", "figure-3", "--json", "--runs"], 25, ROUNDS),
    "wasm": (["node", str(PEERS / "wasm.mjs"), os.environ["GRIDSCOUT_NODE_MODULE"]], 25, ROUNDS),
    "numpy": ([sys.executable, str(PEERS / "timed.py"), "numpy_loop"], 11, ROUNDS),
    "scikit-learn": ([sys.executable, str(PEERS / "timed.py"), "sklearn_loop"], 1, ROUNDS),
}
#: What is promised: the first takes at most this share of the second.
PROMISES = [("native", "numpy", 1 / 5), ("native", "scikit-learn", 1 / 100), ("wasm", "native", 2.0)]


def environment():
    # The settings of some machines slow a current OpenBLAS down; a peer runs at its best.
    slow = {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"}
    one = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return {k: v for k, v in os.environ.items() if k not in slow} | one


def turn(command, runs):
    out = subprocess.run([*command, str(runs)], env=environment(), capture_output=True, text=True, check=True).stdout
    return json.loads(out)["milliseconds"]


def main():
    times = {name: [] for name in PROGRAMS}
    for round_number in range(ROUNDS):
        for name, (command, runs, rounds) in PROGRAMS.items():
            if round_number < rounds:
                times[name] += turn(command, runs)
    median = {name: statistics.median(values) for name, values in times.items()}
    print(f"figure-3 campaign, one thread, {ROUNDS} rounds in turn; milliseconds")
    print(f"{'':14}{'median':>10}{'fastest':>10}{'runs':>6}{'native is faster by':>22}")
    for name, values in times.items():
        ratio = "" if name == "native" else f"{median[name] / median['native']:.1f} ×"
        print(f"{name:14}{median[name]:10.1f}{min(values):10.1f}{len(values):6}{ratio:>22}")
    kept = True
    for a, b, most in PROMISES:
        share = median[a] / median[b]
        kept &= share <= most
        print(f"{'kept  ' if share <= most else 'BROKEN'} {a} takes {share:.3f} of {b}, promised at most {most:.3f}")
    return 0 if kept else 1


sys.exit(main())
