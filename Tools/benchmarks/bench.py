"""Measures the registry, each figure as a ratio to a baseline of the same run.

Rounds are interleaved (ours, baseline, ours, ...); a ratio is the median of the rounds' own
ratios, and the spread is (highest - lowest) / median of them. Exit status: 0 every floor is held,
1 one is not, 2 could not run. UJUZI=PATH measures a program that is built already.
"""

import argparse
import json
import sys
import time

import attack
import hostile
import keeping
import people
import reading
import recording
import watch
from machine import CannotRun, say
from registry import Bench

# In this order: what only reads first, so that it meets the registry as it was made; memory after
# what records, on the same server; what stops the server last.
MEASURES = {
    **reading.MEASURES,
    **recording.MEASURES,
    **watch.MEASURES,
    **attack.MEASURES,
    **keeping.MEASURES,
    **people.MEASURES,
    **hostile.MEASURES,
}
# Those that need no plain registry.
ON_OTHERS = {"bulk", "rebuild", "small-memory", *people.MEASURES, *hostile.MEASURES}


def verdict(line):
    if line["missing"]:
        return "not compared"
    if line["floor"] is None:
        return "reported"
    if line["ratio"] < line["floor"]:
        return "UNDER THE FLOOR"
    return "aim" if line["aim"] and line["ratio"] >= line["aim"] else "ok"


def show(line, as_json):
    if as_json:
        print(json.dumps(line), flush=True)
        return
    number = lambda value, form: "-" if value is None else format(value, form)
    value = format(line["value"], ",.1f" if line["value"] >= 10 else ".3f")
    print(f"{line['name']:<16} {value:>13} {line['unit']:<8} "
          f"{number(line['ratio'], '.2f'):>6} {number(line['floor'], '.2f'):>6} "
          f"{number(line['aim'], '.2f'):>5} {number(line['spread'], '.0%'):>6}  "
          f"{verdict(line):<15}  {line['baseline']}"
          + (f"; {line['note']}" if line["note"] else ""), flush=True)


def main():
    parser = argparse.ArgumentParser(
        prog="Tools/bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of: " + ", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true", help="three rounds of a second, few officers")
    parser.add_argument("--peers", action="store_true",
                        help="install Redis, PostgreSQL and gRPC's C++ library where they are missing")
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of a round")
    parser.add_argument("--officers", type=int, help="five events each (default 200000)")
    parser.add_argument("--mixed-officers", type=int,
                        help="of bulk, rebuild and small-memory (default: a million events)")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in MEASURES]
    if unknown:
        parser.error(f"no measure is named {unknown[0]}; there are {', '.join(MEASURES)}")
    if options.rounds < 1 or options.seconds < 1 or min(
            options.officers or 1, options.mixed_officers or 1) < 1:
        parser.error("--rounds, --seconds and --officers are at least 1")
    begun, held, broken = time.monotonic(), True, False
    try:
        wanted = options.names or list(MEASURES)
        rounds = 3 if options.quick else options.rounds
        bench = Bench(
            options,
            recordings=("memory" in wanted)
            + rounds * sum(name in wanted for name in recording.MEASURES),
            wants_plain=any(name not in ON_OTHERS for name in wanted))
        if not options.json:
            print(f"{'':<16} {'value':>13} {'':<8} {'ratio':>6} {'floor':>6} {'aim':>5} "
                  f"{'spread':>6}  {'':<15}  baseline")
        for name, measure in MEASURES.items():
            if options.names and name not in options.names:
                continue
            try:
                lines = measure(bench, name)
            except CannotRun as trouble:
                say(f"{name}: {trouble}")
                broken = True
                continue
            for line in lines:
                show(line, options.json)
                held = held and verdict(line) != "UNDER THE FLOOR"
    except CannotRun as trouble:
        say(str(trouble))
        return 2
    say(f"took {time.monotonic() - begun:.0f} s")
    return 2 if broken else 0 if held else 1


sys.exit(main())
