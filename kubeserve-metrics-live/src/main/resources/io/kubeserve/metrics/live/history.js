// The samples of the last minutes, as the server sent them, piece by piece.

export const SAMPLES = 300;

function appended(old, added) {
  return old.concat(added).slice(-SAMPLES);
}

// Appends to arrays by name; those that are new were not there before.
function appendedAll(old, added, lengthBefore) {
  const result = {};
  for (const [name, values] of Object.entries(added)) {
    const before = old[name] ?? Array(lengthBefore).fill(null);
    result[name] = appended(before, values);
  }
  return result;
}

function seriesOfServer(document) {
  return {
    times: document.times_ms,
    queueDepth: document.queue_depth,
    heap: document.heap_bytes,
    gc: document.gc_ms,
  };
}

export class History {
  #server = null;
  #next = 0;

  constructor() {
    this.clear();
  }

  clear() {
    this.series = { times: [], queueDepth: [], heap: [], gc: [] };
    this.requests = {};
    this.models = new Map();
    this.document = null;
    this.#next = 0;
  }

  // The number of the last sample that is known; -1 if none is.
  get last() {
    return this.#next - 1;
  }

  // Takes a document in; says whether it is of another server than the one before.
  accept(document) {
    const restarted = this.#server !== null && this.#server !== document.server;
    if (restarted) {
      this.clear();
    }
    this.#server = document.server;
    if (restarted && document.first !== 0) {
      return true; // the rest comes with the next document
    }
    if (document.first !== this.#next) {
      this.clear(); // it was away for longer than the server remembers
    }
    const before = this.series.times.length;
    this.series = appendedAll(this.series, seriesOfServer(document), before);
    this.requests = appendedAll(this.requests, document.requests, before);
    this.models = this.#modelsAfter(document, before);
    this.document = document;
    this.#next = document.first + document.times_ms.length;
    return restarted;
  }

  #modelsAfter(document, before) {
    const models = new Map();
    for (const model of document.models) {
      const key = JSON.stringify([model.model, model.version]);
      const old = this.models.get(key)?.series ?? {};
      models.set(key, { ...model, series: appendedAll(old, model.series, before) });
    }
    return models;
  }

  // Times in seconds since 1970.
  get seconds() {
    return this.series.times.map((time) => time / 1000);
  }

  // What was counted within each sample, as a rate per second.
  perSecond(counts) {
    const times = this.series.times;
    return counts.map((value, i) => {
      const elapsed = i === 0 ? 1000 : times[i] - times[i - 1];
      return value === null || elapsed <= 0 ? null : (value * 1000) / elapsed;
    });
  }
}
