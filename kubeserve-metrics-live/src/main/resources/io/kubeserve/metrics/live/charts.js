// Charts by uPlot, each with a legend, and with its numbers as a table.

import { clock, count, millis } from "./text.js";

/* global uPlot */

const HEIGHT = 200;
const AXIS_WIDTH = 72;
const LABEL_WIDTH = 72;
const SPAN_SECONDS = 300;
const LEAST_SPAN_SECONDS = 10;
const TABLE_ROWS = 30;
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [4, 4], [1, 2]];

export function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

function spanSeconds(known) {
  return Math.min(SPAN_SECONDS, Math.max(LEAST_SPAN_SECONDS, known));
}

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function fillTable(table, caption, head, rows) {
  const top = element("tr");
  top.append(...head.map((title) => element("th", title, { scope: "col" })));
  const body = rows.map((cells) => {
    const row = element("tr");
    row.append(
      element("th", cells[0], { scope: "row" }),
      ...cells.slice(1).map((cell) => element("td", cell)));
    return row;
  });
  table.replaceChildren(element("caption", caption), top, ...body);
}

// What every chart has: a figure with a title, a legend, a canvas and a table.
class Figure {
  constructor(parent, title, series) {
    this.title = title;
    this.series = series;
    this.figure = element("figure");
    this.legend = element("ul", "", { class: "legend" });
    this.plot = element("div", "", { class: "plot", role: "img" });
    this.details = element("details");
    this.table = element("table");
    const caption = element("figcaption");
    caption.append(element("h3", title));
    const scroll = element("div", "", {
      class: "scroll", role: "region", tabindex: "0", "aria-label": `${title}, numbers`,
    });
    scroll.append(this.table);
    this.details.append(element("summary", "Numbers"), scroll);
    this.details.addEventListener("toggle", () => this.showTable());
    this.figure.append(caption, this.legend, this.plot, this.details);
    parent.append(this.figure);
    this.resizing = new ResizeObserver(() => this.resize());
    this.resizing.observe(this.plot);
  }

  axes(format) {
    const line = { stroke: color("grid"), width: 1 };
    const common = { stroke: color("muted"), grid: line, ticks: line, font: "12px system-ui" };
    return [
      { ...common },
      { ...common, size: AXIS_WIDTH, values: (plot, values) => values.map((v) => (v === null ? "" : format(v))) },
    ];
  }

  draw(options, data) {
    if (this.uplot === undefined) {
      const size = { width: this.plot.clientWidth, height: HEIGHT };
      this.uplot = new uPlot({ ...size, legend: { show: false }, ...options() }, data, this.plot);
    } else {
      this.uplot.setData(data);
    }
  }

  // Says in words what the picture shows, to those who do not see it.
  describe(values) {
    this.plot.setAttribute("aria-label", `${this.title}: ${values.join(", ")}.`);
  }

  resize() {
    const width = this.plot.clientWidth;
    if (this.uplot !== undefined && width > 0 && width !== this.uplot.width) {
      this.uplot.setSize({ width, height: HEIGHT });
    }
  }

  // Draws anew, in the colours of the day or of the night.
  repaint() {
    this.uplot?.destroy();
    this.uplot = undefined;
  }

  remove() {
    this.resizing.disconnect();
    this.uplot?.destroy();
    this.figure.remove();
  }
}

// Lines over the last minutes; series are {label, color}.
export class TimeChart extends Figure {
  constructor(parent, title, series, format, { log = false } = {}) {
    super(parent, title, series);
    this.format = format;
    this.log = log;
    this.outputs = series.map(({ label, color: name }) => {
      const item = element("li");
      const output = element("span", "", { class: "value" });
      item.append(element("span", "", { class: `swatch ${name}` }), `${label} `, output);
      this.legend.append(item);
      return output;
    });
  }

  update(seconds, columns) {
    this.seconds = seconds;
    this.columns = columns;
    this.draw(() => this.#options(), [seconds, ...columns]);
    this.#showValues(null);
    this.showTable();
    const last = seconds.length - 1;
    this.describe(this.series.map(({ label }, i) => `${label} ${this.format(columns[i][last])}`));
  }

  #options() {
    return {
      cursor: { y: false, drag: { x: false, y: false } },
      scales: {
        // As wide as what there is, so that the first minute is not a sliver at the right edge.
        x: { range: (plot, min, max) => [max - spanSeconds(max - min), max] },
        y: this.log ? { distr: 3 } : { range: (plot, min, max) => [0, max > 0 ? max * 1.1 : 1] },
      },
      axes: this.#axes(),
      series: [
        {},
        ...this.series.map(({ label, color: name }, i) => ({
          label, stroke: color(name), width: 2, dash: DASHES[i % DASHES.length],
        })),
      ],
      hooks: { setCursor: [(plot) => this.#showValues(plot.cursor.idx)] },
    };
  }

  #axes() {
    const [x, y] = this.axes(this.format);
    return [{ ...x, values: (plot, splits) => splits.map(clock), space: 90 }, y];
  }

  // Shows the values under the cursor; the latest without one.
  #showValues(index) {
    const at = index ?? this.seconds.length - 1;
    this.outputs.forEach((output, i) => {
      output.textContent = this.format(this.columns[i][at]);
    });
  }

  showTable() {
    if (!this.details.open || this.seconds === undefined) {
      return;
    }
    const rows = [];
    for (let i = this.seconds.length - 1; i >= 0 && rows.length < TABLE_ROWS; i--) {
      rows.push([clock(this.seconds[i]), ...this.columns.map((column) => this.format(column[i]))]);
    }
    const head = ["Time", ...this.series.map(({ label }) => label)];
    fillTable(this.table, `${this.title}, latest first`, head, rows);
  }
}

// How many latencies fell between which bounds; the bars are {above_ms, at_most_ms, count}.
export class Distribution extends Figure {
  constructor(parent, title) {
    super(parent, title, []);
    this.bars = [];
    this.note = element("li");
    this.legend.append(this.note);
  }

  update(bars) {
    this.bars = bars;
    const indices = bars.map((bar, i) => i);
    this.draw(() => this.#options(), [indices, bars.map((bar) => bar.count)]);
    const total = bars.reduce((sum, bar) => sum + bar.count, 0);
    this.note.textContent = `${count(total)} latencies`;
    this.describe(
      total === 0 ? ["no latencies"] : bars.map((bar) => `${this.#label(bar)}: ${count(bar.count)}`));
    this.showTable();
  }

  #label(bar) {
    return bar.at_most_ms === null ? `> ${millis(bar.above_ms)}` : `≤ ${millis(bar.at_most_ms)}`;
  }

  #options() {
    const [x, y] = this.axes(count);
    const step = (plot) => Math.max(1, Math.ceil((this.bars.length * LABEL_WIDTH) / plot.width));
    return {
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [-0.5, Math.max(0.5, this.bars.length - 0.5)] },
        y: { range: (plot, min, max) => [0, max > 0 ? max * 1.1 : 1] },
      },
      axes: [
        {
          ...x,
          splits: (plot) => this.bars.map((bar, i) => i).filter((i) => i % step(plot) === 0),
          values: (plot, splits) => splits.map((i) => this.#label(this.bars[i])),
        },
        y,
      ],
      series: [
        {},
        {
          label: "latencies", fill: color("blue"), points: { show: false },
          paths: uPlot.paths.bars({ size: [0.8] }),
        },
      ],
    };
  }

  showTable() {
    if (this.details.open) {
      const rows = this.bars.map((bar) => [this.#label(bar), count(bar.count)]);
      fillTable(this.table, this.title, ["Latency", "Predictions"], rows);
    }
  }
}
