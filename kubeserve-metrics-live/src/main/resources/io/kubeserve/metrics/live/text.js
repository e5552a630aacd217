// Numbers, times and names as people read them.

// What a recorder cannot tell from longer latencies: 2^22 ms.
const LONGEST_MS = 4194304;

const NONE = "–";

function rounded(value) {
  if (value === 0) {
    return "0";
  }
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en", { maximumFractionDigits: Math.min(digits, 6) });
}

function orNone(format) {
  return (value) => (value === null || value === undefined ? NONE : format(value));
}

export const number = orNone(rounded);

export const count = orNone((value) => value.toLocaleString("en"));

export const millis = orNone((value) => {
  if (value >= LONGEST_MS) {
    return "over 69 min";
  }
  if (value >= 60000) {
    return `${rounded(value / 60000)} min`;
  }
  return value >= 1000 ? `${rounded(value / 1000)} s` : `${rounded(value)} ms`;
});

// Never 100 % of something that failed, nor 0 % of something that did not.
export const percent = orNone((share) => {
  const tenths = share * 1000;
  const shown = share < 1 ? Math.min(Math.floor(tenths), 999) : 1000;
  return `${(share > 0 ? Math.max(shown, 1) : 0) / 10} %`;
});

export const bytes = orNone((value) =>
  value >= 2 ** 30 ? `${rounded(value / 2 ** 30)} GiB` : `${rounded(value / 2 ** 20)} MiB`);

export function capitalized(words) {
  return words[0].toUpperCase() + words.slice(1);
}

export function seconds(value) {
  return value === 60 ? "minute" : `${rounded(value)} seconds`;
}

export function clock(epochSeconds) {
  return new Date(epochSeconds * 1000).toLocaleTimeString("en-GB");
}

export function modelName(model) {
  return model.model === "" ? "The model" : `${model.model}, version ${model.version}`;
}
