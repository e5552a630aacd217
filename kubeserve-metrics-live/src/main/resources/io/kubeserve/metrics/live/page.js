// Asks for samples each second, and shows them.

import { Distribution, TimeChart, element, fillTable } from "./charts.js";
import { History } from "./history.js";
import * as text from "./text.js";

const PERIOD_MS = 1000;
const TIMEOUT_MS = 5000;
const STAGE_COLORS = { queue: "orange", preprocess: "green", inference: "blue", postprocess: "purple" };
const STATUS_COLORS = { "1xx": "grey", "2xx": "green", "3xx": "blue", "4xx": "orange", "5xx": "red" };

const history = new History();
const parts = Object.fromEntries(
  [...document.querySelectorAll("[id]")].map((part) => [part.id, part]));
let lostSince = null;
let shown = null;
let modelCharts = null;
let httpChart = null;

const queueChart = new TimeChart(
  parts["server-charts"], "Waiting in queues", [{ label: "waiting", color: "orange" }], text.count);
const heapChart = new TimeChart(
  parts["server-charts"], "Heap",
  [{ label: "used", color: "blue" }, { label: "limit", color: "grey" }], text.bytes);
const gcChart = new TimeChart(
  parts["server-charts"], "Garbage collection, per second",
  [{ label: "time", color: "purple" }], text.millis);

function chartsOf(stages) {
  const parent = parts["model-charts"];
  return {
    stages: stages.join(),
    rate: new TimeChart(
      parent, "Predictions per second",
      [{ label: "success", color: "green" }, { label: "error", color: "red" }], text.number),
    latency: new TimeChart(
      parent, "Latency",
      [
        { label: "P50", color: "blue" }, { label: "P95", color: "orange" },
        { label: "P99", color: "purple" }, { label: "max", color: "red" },
      ],
      text.millis, { log: true }),
    success: new TimeChart(
      parent, "Success rate", [{ label: "succeeded", color: "green" }], text.percent),
    inFlight: new TimeChart(
      parent, "In flight", [{ label: "under way", color: "blue" }], text.count),
    distribution: new Distribution(parent, "Latency distribution, lately"),
    stage: stages.length === 0 ? null : new TimeChart(
      parent, "Stages, mean time",
      stages.map((stage) => ({ label: stage, color: STAGE_COLORS[stage] ?? "grey" })), text.millis),
  };
}

function charts() {
  return [queueChart, heapChart, gcChart, httpChart, ...Object.values(modelCharts ?? {})]
    .filter((chart) => chart instanceof Object);
}

function removeModelCharts() {
  Object.values(modelCharts ?? {}).forEach((chart) => chart?.remove?.());
  modelCharts = null;
}

// Changes a text only if it is another one, or a screen reader would read it every second.
function say(part, words) {
  if (part.textContent !== words) {
    part.textContent = words;
  }
}

function errorsOf(series) {
  const columns = Object.entries(series)
    .filter(([name]) => name.startsWith("error_"))
    .map(([, values]) => values);
  return series.success.map((value, i) =>
    value === null ? null : columns.reduce((sum, column) => sum + column[i], 0));
}

function shareOf(successes, errors) {
  return successes.map((value, i) => (value + errors[i] > 0 ? value / (value + errors[i]) : null));
}

function showModel(model) {
  const stages = Object.keys(model.stages);
  if (shown !== model.key || modelCharts?.stages !== stages.join()) {
    removeModelCharts();
    modelCharts = chartsOf(stages);
    shown = model.key;
  }
  const series = model.series;
  const seconds = history.seconds;
  const errors = errorsOf(series);
  modelCharts.rate.update(seconds, [history.perSecond(series.success), history.perSecond(errors)]);
  modelCharts.latency.update(seconds, [series.p50_ms, series.p95_ms, series.p99_ms, series.max_ms]);
  modelCharts.success.update(seconds, [shareOf(series.success, errors)]);
  modelCharts.inFlight.update(seconds, [series.in_flight]);
  modelCharts.distribution.update(model.distribution);
  modelCharts.stage?.update(seconds, stages.map((stage) => series[`stage_${stage}_ms`]));
  say(parts.name, text.modelName(model));
  say(parts.word, `${text.capitalized(model.state)}:`);
  say(parts.sentence, model.sentence);
  parts.state.className = model.state.replace(" ", "-");
  showTiles(model);
  showTotals(model);
}

function showTiles(model) {
  const { recent, series } = model;
  const ended = recent.success + recent.error;
  const lately = text.seconds(history.document.recent_seconds);
  const window = text.seconds(history.document.window_seconds);
  const tiles = [
    ["Predictions per second", text.number(ended / history.document.recent_seconds), lately],
    ["Success rate", text.percent(ended === 0 ? null : recent.success / ended), lately],
    ["In flight", text.count(series.in_flight.at(-1)), "now"],
    ["P50", text.millis(recent.p50_ms), window],
    ["P95", text.millis(recent.p95_ms), window],
    ["P99", text.millis(recent.p99_ms), window],
    ["Max", text.millis(recent.max_ms), window],
  ];
  parts.tiles.replaceChildren(...tiles.map(([name, value, over]) => {
    const tile = element("div");
    const note = over === "now" ? over : `last ${over}`;
    tile.append(element("dt", name), element("dd", value), element("dd", note, { class: "note" }));
    return tile;
  }));
}

function showTotals(model) {
  const { total, stages } = model;
  const latencyOf = (latency) =>
    ["mean_ms", "p50_ms", "p95_ms", "p99_ms", "max_ms"].map((name) => text.millis(latency[name]));
  const errors = Object.entries(total.errors)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => [`errors: ${reason}`, text.count(count), "", "", "", "", ""]);
  fillTable(
    parts.totals, "Predictions and their stages since the start of the server",
    ["Of what", "Count", "Mean", "P50", "P95", "P99", "Max"],
    [
      ["predictions", text.count(total.count), ...latencyOf(total)],
      ...Object.entries(stages).map(
        ([stage, latency]) => [`stage: ${stage}`, text.count(latency.count), ...latencyOf(latency)]),
      ["successes", text.count(total.success), "", "", "", "", ""],
      ...errors,
    ]);
}

function showChooser() {
  const keys = [...history.models.keys()];
  const known = [...parts.models.options].map((option) => option.value);
  if (keys.join() !== known.join()) {
    const chosen = parts.models.value;
    parts.models.replaceChildren(...keys.map((key) =>
      element("option", text.modelName(history.models.get(key)), { value: key })));
    if (keys.includes(chosen)) {
      parts.models.value = chosen;
    }
  }
  parts.chooser.hidden = keys.length < 2;
  const leftOut = history.document.models_left_out;
  parts["left-out"].hidden = leftOut === 0;
  say(parts["left-out"], `${leftOut} more models are in the metrics, not on this page.`);
}

function showServer() {
  const { heap, gc, queueDepth } = history.series;
  const limit = history.document.heap_max_bytes;
  const seconds = history.seconds;
  queueChart.update(seconds, [queueDepth]);
  heapChart.update(seconds, [heap, heap.map(() => limit)]);
  gcChart.update(seconds, [history.perSecond(gc)]);
  const statuses = Object.keys(history.requests);
  if (statuses.join() !== (httpChart?.series ?? []).map(({ label }) => label).join()) {
    httpChart?.remove();
    httpChart = statuses.length === 0 ? null : new TimeChart(
      parts["server-charts"], "HTTP responses per second",
      statuses.map((status) => ({ label: status, color: STATUS_COLORS[status] ?? "grey" })),
      text.number);
  }
  httpChart?.update(seconds, statuses.map((status) => history.perSecond(history.requests[status])));
}

function show() {
  if (history.document === null || history.seconds.length === 0) {
    return;
  }
  showChooser();
  showServer();
  const key = parts.models.value;
  const model = history.models.get(key);
  parts.model.hidden = model === undefined;
  if (model !== undefined) {
    showModel({ ...model, key });
  } else {
    removeModelCharts();
  }
}

function connected(restarted) {
  document.body.classList.remove("lost");
  if (restarted) {
    say(parts.connection, `The server was restarted. The numbers begin anew at ${text.clock(Date.now() / 1000)}.`);
  } else if (lostSince !== null) {
    say(parts.connection, `The server answers again. It did not from ${lostSince} on.`);
  } else if (history.models.size === 0) {
    say(parts.connection, "Connected. The server has no model yet.");
  } else if (!parts.connection.textContent.startsWith("The server")) {
    say(parts.connection, "Connected. There is a new point every second.");
  }
  lostSince = null;
}

function lost(why) {
  lostSince ??= text.clock(Date.now() / 1000);
  document.body.classList.add("lost");
  say(parts.connection, `${why} since ${lostSince}. The page asks again every second; what it shows is from before.`);
}

async function poll() {
  try {
    const response = await fetch(`samples?after=${history.last}`, {
      cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) {
      const restarted = history.accept(await response.json());
      connected(restarted);
      show();
    } else {
      lost(`The server answers ${response.status}`);
    }
  } catch (failure) {
    if (!(failure instanceof TypeError || failure instanceof DOMException)) {
      throw failure; // not the network's fault
    }
    lost("The server does not answer");
  } finally {
    setTimeout(poll, PERIOD_MS);
  }
}

async function showLinks() {
  const links = await (await fetch("links")).json();
  parts.links.replaceChildren(...Object.entries(links).map(([name, href]) => {
    const item = element("li");
    item.append(element("a", name, { href }));
    return item;
  }));
}

function repaint() {
  charts().forEach((chart) => chart.repaint?.());
  show();
}

parts.models.addEventListener("change", show);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
showLinks();
poll();
