"""What a message costs that was written to cost much.

`Bench hostile` writes, from the schema, the dearest forms of each message (dense
fields, empty sub-messages, what is given again, deep nesting, fields of no schema) of 1 MiB, and
takes each in as a server does. The dearest one's least processor time is held against 10 ms, and the arena's
most against 16 MiB; the note names it.
"""

import json

import machine

MESSAGES = ("RecordRequest", "Proposal", "VerifyCredentialsRequest", "WatchRequest",
            "FindOfficersRequest", "Metadata")
MS_MAX = 10
MIB_MAX = 16


def measure(bench, name):
    rows = []
    for message in MESSAGES:
        forms = [json.loads(line) for line in machine.run(
            *machine.bench_verb(bench.ujuzi, "hostile"), "--message", message).splitlines()]
        for unit, most, value in (("ms", MS_MAX, lambda form: form["ms"]),
                                  ("MiB", MIB_MAX, lambda form: form["arena"] / (1 << 20))):
            worst = max(forms, key=value)
            rows.append(dict(
                name=f"hostile {message}"[:24], value=value(worst), unit=unit,
                baseline=f"{most} {unit}, {len(forms)} forms",
                ratio=most / max(value(worst), 1e-9), floor=1.0, aim=None, spread=None,
                missing=False, note=f"{worst['form']}, {worst['outcome']}"))
    return rows


MEASURES = {"hostile": measure}
