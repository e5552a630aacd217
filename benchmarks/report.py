#!/usr/bin/env python3
"""Makes the tables of benchmarks/README.md of what a run wrote, or compares two runs.

Usage: report.py FOLDER
       report.py --compare OLD NEW

A folder has results.json, footprint-2.csv and footprint-16.csv. The text goes to standard output.
"""

import csv
import datetime
import json
import os
import pathlib
import sys

NAMES = {
    "ours": "**kubeserve-metrics**",
    "clientJavaClassic": "client_java, classic buckets, no exemplars",
    "clientJavaDefault": "client_java, default",
    "micrometer": "Micrometer",
    "openTelemetry": "OpenTelemetry SDK",
    "dropwizard": "Dropwizard Metrics",
    "hdrHistogram": "HdrHistogram `Recorder` + `LongAdder`",
}


def score(result):
    return result["primaryMetric"]["score"]


def allocated(result):
    return result["secondaryMetrics"]["gc.alloc.rate.norm"]["score"]


def by_class(results, name):
    prefix = f"io.kubeserve.benchmarks.{name}."
    return [(r["benchmark"].removeprefix(prefix), r) for r in results if r["benchmark"].startswith(prefix)]


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def recording(results):
    times = {(name, r["threads"]): score(r) for name, r in by_class(results, "RecordBenchmark")}
    bytes_per_op = {name: allocated(r) for name, r in by_class(results, "RecordBenchmark") if r["threads"] == 1}
    fastest = {t: min(v for (name, u), v in times.items() if u == t and name != "ours") for t in (1, 2, 8)}
    rows = []
    for name, title in NAMES.items():
        cells = [f"{times[name, t]:.1f} ({times[name, t] / fastest[t]:.2f})" for t in (1, 2, 8)]
        rows.append([title, *cells, f"{bytes_per_op[name]:.0f}"])
    return table(["one prediction", "1 thread", "2 threads", "8 threads", "B/op"], rows)


def filtering(results):
    titles = {
        "none": "no filter",
        "ours": NAMES["ours"],
        "dropwizard": "Dropwizard Metrics, `InstrumentedFilter`",
        "micrometer": "Micrometer, Spring's `ServerHttpObservationFilter`",
    }
    runs = {(name, r["threads"]): r for name, r in by_class(results, "FilterBenchmark")}
    fastest = {t: min(score(runs[name, t]) for name in ("dropwizard", "micrometer")) for t in (1, 2)}
    rows = []
    for name, title in titles.items():
        cells = [f"{score(runs[name, t]):.0f} ({score(runs[name, t]) / fastest[t]:.2f})" for t in (1, 2)]
        rows.append([title, *cells, f"{allocated(runs[name, 1]):.0f}"])
    return table(["one request", "1 thread", "2 threads", "B/op"], rows)


def timing(results):
    runs = dict(by_class(results, "TimeBenchmark"))
    floor = score(runs["floor"])
    titles = {"floor": "two clock reads", "time": "`time(call)`", "start": "`start()` … `close()`"}
    rows = [
        [titles[name], f"{score(runs[name]):.1f}", f"{score(runs[name]) / floor:.2f}", f"{allocated(runs[name]):.0f}"]
        for name in titles
    ]
    return table(["one call", "ns", "× clock reads", "B/op"], rows)


def features(results):
    runs = dict(by_class(results, "FeatureBenchmark"))
    time = score(dict(by_class(results, "TimeBenchmark"))["time"])
    titles = {
        "error": "`time(call)` that throws",
        "batch": "`timeStages`, a batch of ten",
        "stages": "`timeStages`, three stages",
        "stream": "`startStream`, ten items",
        "queue": "`timeQueued` on the caller's thread",
    }
    rows = []
    for name, title in titles.items():
        peer = runs.get(name + "ClientJava")
        rows.append([
            title,
            f"{score(runs[name]):.0f}",
            f"{score(runs[name]) / time:.1f}",
            f"{score(peer):.0f} ({score(runs[name]) / score(peer):.2f})" if peer else "",
            f"{allocated(runs[name]):.0f}",
        ])
    return table(["one call", "ns", "× `time(call)`", "client_java, ns (ours ÷ it)", "B/op"], rows)


def under_scrape(results):
    quiet = {name: score(r) for name, r in by_class(results, "RecordBenchmark") if r["threads"] == 1}
    rows = []
    for name, result in by_class(results, "UnderScrapeBenchmark"):
        busy = result["secondaryMetrics"][f"{name}Record"]["score"]
        rows.append((NAMES[name], quiet[name], busy))
    return table(
        ["recording", "alone, ns", "under scrapes, ns", "throughput kept"],
        [[title, f"{alone:.1f}", f"{busy:.1f}", f"{alone / busy:.2f}"] for title, alone, busy in rows],
    )


def viewing(results):
    runs = {r["params"]["viewers"]: score(r) for _, r in by_class(results, "ViewersBenchmark")}
    titles = {"-1": "no live page", "0": "a live page, no viewer", "10": "a live page, 10 viewers"}
    rows = [[title, f"{runs[viewers]:.1f}", f"{runs[viewers] / runs['-1']:.2f}"] for viewers, title in titles.items()]
    return table(["`time(call)`", "ns", "× without"], rows)


def scraping(results):
    runs = {(name, r["params"]["models"]): r for name, r in by_class(results, "ScrapeBenchmark")}
    rows = []
    for models in ("1", "100", "1000"):
        ours, peer = runs["ours", models], runs["clientJavaClassic", models]
        rows.append([
            models,
            f"{score(ours):.0f}",
            f"{score(peer):.0f}",
            f"{score(ours) / score(peer):.2f}",
            f"{allocated(ours) / 1000:.0f}",
            f"{allocated(peer) / 1000:.0f}",
        ])
    return table(["models", "ours, µs", "client_java classic, µs", "ratio", "ours, kB", "client_java classic, kB"], rows)


def scraping_features(folder, results):
    """Of the run, or of one of ScrapeFeatureBenchmark alone that was put beside its results as scrapes.json."""
    path = folder / "scrapes.json"
    when = "."
    if path.exists():
        results = json.loads(path.read_text(encoding="utf-8"))
        when = f" ({moment(path)} UTC)."
    runs = {r["params"]["feature"]: r for _, r in by_class(results, "ScrapeFeatureBenchmark")}
    titles = {
        "none": "latency and outcome",
        "errors": "… and errors by reason",
        "stages": "… and stages, all four",
        "stagesAndErrors": "… and stages and errors by reason",
        "batches": "… and batches",
        "streams": "… and streams",
        "quantiles": "… and `quantileGauges(0.5, 0.99)`",
        "protobuf": "latency and outcome, as protobuf",
        "native": "… with the native histogram",
    }
    plain = score(runs["none"])
    rows = [
        [title, f"{score(runs[name]):.0f}", f"{score(runs[name]) / plain:.2f}", f"{allocated(runs[name]) / 1000:.0f}"]
        for name, title in titles.items()
    ]
    return f"The cost of each optional feature{when}\n\n" + table(
        ["100 models with", "µs", "× the first", "kB"], rows
    )


PROCESSORS = (2, 16)


def footprints(folder):
    """The bytes of each case, by the number of processors and the name."""
    bytes_of = {}
    for processors in PROCESSORS:
        path = folder / f"footprint-{processors}.csv"
        if not path.exists():
            continue  # an older run
        with open(path, newline="", encoding="utf-8") as file:
            bytes_of.update({(processors, name): int(size) for name, size in csv.reader(file)})
    return bytes_of


def footprint(folder):
    bytes_of = footprints(folder)
    names = list(dict.fromkeys(name for _, name in bytes_of))
    rows = [[name, *(f"{bytes_of[processors, name]:,}" for processors in PROCESSORS)] for name in names]
    return table(["one more model", *(f"bytes, {processors} processors" for processors in PROCESSORS)], rows)


def thread_kinds(folder, results):
    """Of the run, or of one of ThreadKindsBenchmark alone, on a newer JDK, that was put beside it as virtual.json."""
    path = folder / "virtual.json"
    when = ""
    if path.exists():
        results = json.loads(path.read_text(encoding="utf-8"))
        when = f"Measured on JDK {results[0]['jdkVersion']} ({moment(path)} UTC).\n\n"
    runs = {r["params"]["kind"]: score(r) for _, r in by_class(results, "ThreadKindsBenchmark")}
    if not runs:
        return "Not measured: this JDK has no virtual threads."
    titles = {"platform": "a pool of 64 platform threads", "virtual": "100,000 virtual threads"}
    return when + table(
        ["one prediction", "ns", "× the pool"],
        [[title, f"{runs[kind]:.1f}", f"{runs[kind] / runs['platform']:.2f}"] for kind, title in titles.items()],
    )


def measurements(folder):
    """Each score of a run with its error, by what was measured."""
    scores = {}
    for result in json.loads((folder / "results.json").read_text(encoding="utf-8")):
        name = result["benchmark"].removeprefix("io.kubeserve.benchmarks.")
        params = "".join(f" {key}={value}" for key, value in sorted(result.get("params", {}).items()))
        primary = result["primaryMetric"]
        key = f"{name}{params}, {result['threads']} threads, {primary['scoreUnit']}"
        scores[key] = (primary["score"], error_of(primary))
        # JMH divides what the whole JVM allocates: less than a byte for each call is not the call's.
        error = max(1, error_of(result["secondaryMetrics"]["gc.alloc.rate.norm"]))
        scores[f"{key}: bytes"] = (allocated(result), error)
        for secondary, metric in result["secondaryMetrics"].items():
            if secondary.endswith("Record"):
                scores[f"{name}:{secondary}, {metric['scoreUnit']}"] = (metric["score"], error_of(metric))
    for (processors, name), size in footprints(folder).items():
        # With many threads, how many stripes there are depends on which of them met.
        noise = 0.25 if "threads" in name else 0
        scores[f"{name}, {processors} processors, bytes"] = (size, noise * size)
    return scores


def error_of(metric):
    """The half of the interval that JMH gives; of a single iteration, which has none, nothing is known."""
    return float(metric["scoreError"]) if metric["scoreError"] != "NaN" else float("inf")


def ratio(new, old):
    return new / old if old else float("inf")


def compare(old, new):
    before, after = measurements(old), measurements(new)
    moved = []
    for key in [key for key in before if key in after]:
        (old_score, old_error), (new_score, new_error) = before[key], after[key]
        if abs(new_score - old_score) > old_error + new_error:
            moved.append([key, f"{old_score:,.1f}", f"{new_score:,.1f}", f"{ratio(new_score, old_score):.2f}"])
    moved.sort(key=lambda row: float(row[3]))
    both = len(before.keys() & after.keys())
    lines = [
        f"{len(moved)} of {both} rows moved by more than the errors of both runs. What differs between runs of one"
        " program on a shared machine is not in those: see whether the peers' rows moved too."
    ]
    if moved:
        lines += ["", table(["row", "old", "new", "new ÷ old"], moved)]
    for title, keys in (("Only in the old run", before.keys() - after.keys()), ("Only in the new run", after.keys() - before.keys())):
        if keys:
            lines += ["", f"{title}: " + "; ".join(sorted(keys)) + "."]
    return "\n".join(lines)


def wrk(folder):
    """The last words of wrk.sh, if its output was put beside the results."""
    path = folder / "wrk.txt"
    if not path.exists():
        return "."
    medians = [line for line in path.read_text(encoding="utf-8").splitlines() if "median" in line]
    return f" ({moment(path)} UTC):\n\n" + "\n".join(f"- `/{line.replace(': median ratio', '`:')}" for line in medians)


def moment(path):
    written = datetime.datetime.fromtimestamp(path.stat().st_mtime, tz=datetime.timezone.utc)
    return written.strftime("%Y-%m-%d %H:%M")


def main(folder):
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    jdk = f"{results[0]['vmName']} {results[0]['vmVersion']}"
    date = datetime.date.fromtimestamp((folder / "results.json").stat().st_mtime).isoformat()
    print(f"""\
# Benchmarks

Written by `report.py` of one run on {date}: {jdk}, {os.cpu_count()} cores, JMH {results[0]['jmhVersion']}.
The machine is shared: read the ratios. To run it again, which takes about 25 minutes:

```bash
./mvnw -DskipTests -pl benchmarks -am package
java -jar benchmarks/target/benchmarks.jar results
benchmarks/report.py results > benchmarks/README.md
```

## Recording

One prediction is a latency into eight classic bounds and one success counted, labels bound beforehand, latencies
log-normal. Nanoseconds, and in brackets how many times the fastest peer.

{recording(results)}

## A whole call

`time()` counts the prediction in flight besides. The handle of `start()` is an object.

{timing(results)}

## With each feature on

Beside client_java at its cheapest for the same series: labels bound beforehand, classic buckets only, no exemplars, and
nothing of what ours has besides (in flight, reasons of errors, counts that agree). With all of them off, a prediction is
the `time(call)` above.

{features(results)}

## One HTTP request

Through a filter, on the request and response of a real Jetty, to an application that does nothing. Nanoseconds, and in
brackets how many times the fastest peer. Ours knows the route and both sizes, Spring's the route, Dropwizard's neither.
The bytes of ours are the text that Jetty makes of `Content-Length` when asked.

{filtering(results)}

`benchmarks/wrk.sh` (with Debian's `wrk`) measures the whole example with the filter and without, in pairs: requests per
second with the filter ÷ without, the median{wrk(folder)}

## Recording while another thread scrapes in a loop

One thread records, another collects and writes the text without a pause (OpenTelemetry: collects).

{under_scrape(results)}

## Recording while people look at the live page

{viewing(results)}

## Virtual threads

100,000 tasks make a hundred predictions each, with `-XX:ActiveProcessorCount=16`. The time is that of the whole run,
including the tasks themselves, divided by the number of predictions.

{thread_kinds(folder, results)}

## One scrape

Collected and written as text; both sides have the same series, those of the queue and of folded models too.

{scraping(results)}

{scraping_features(folder, results)}

## Memory

Measured at {moment(folder / "footprint-16.csv")}, the times above at {moment(folder / "results.json")} (UTC).
The bytes that one more model retains, found by walking the object graph, with `-XX:ActiveProcessorCount` set to each
number of processors: idle, and after 1,000,000 predictions in a tight loop (a virtual thread makes one).

{footprint(folder)}""")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--compare"] and len(sys.argv) == 4:
        print(compare(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])))
    elif len(sys.argv) == 2 and not sys.argv[1].startswith("-"):
        main(pathlib.Path(sys.argv[1]))
    else:
        sys.exit(__doc__)
