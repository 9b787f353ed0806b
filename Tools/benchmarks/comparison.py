"""How figures are compared: in turns, each round with a ratio of its own."""

from statistics import median


def compare(rounds, ours, *theirs):
    """Interleaved rounds of ours and of each baseline: the median of ours and, for each baseline,
    its median, the median of the rounds' ratios and their spread. A baseline of None gives None."""
    values, baselines = [], [[] for _ in theirs]
    for _ in range(rounds):
        values.append(ours())
        for baseline, seen in zip(theirs, baselines):
            if baseline is not None:
                seen.append(baseline())
    return median(values), [against(values, seen) if seen else None for seen in baselines]


def against(values, baselines):
    ratios = [value / baseline for value, baseline in zip(values, baselines)]
    return median(baselines), median(ratios), spread(ratios)


def spread(values):
    """(highest - lowest) / median."""
    return (max(values) - min(values)) / median(values)


def row(name, value, unit, baseline, ratio, floor, aim, spread, note=""):
    """A line of the table; without a floor it is only reported."""
    return dict(name=name, value=value, unit=unit, baseline=baseline, ratio=ratio, floor=floor,
                aim=aim, spread=spread, note=note, missing=False)


def compared(name, value, unit, what, result, floor, aim, note=""):
    """The line of one baseline of `compare`; `what` names it and its client."""
    if result is None:
        line = row(name, value, unit, f"{what}: not installed (--peers)", None, floor, aim, None, note)
        return line | {"missing": True}
    base, ratio, wide = result
    return row(name, value, unit, f"{what}: {base:,.0f}", ratio, floor, aim, wide, note)
