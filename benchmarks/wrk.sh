#!/usr/bin/env bash
# What the HTTP filter costs the example: requests per second with it and without, by wrk, in pairs one after the other.
# Each round has two new JVMs, since no two compile alike. Prints the median of the pairs' ratios.
# Usage: wrk.sh [ROUNDS] [PAIRS PER ROUND] [SECONDS]; the example must be built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rounds=${1:-5} pairs=${2:-3} seconds=${3:-6}
jar=examples/jetty-onnx-server/target/jetty-onnx-server.jar
work=$(mktemp -d)
pids=()
trap 'kill ${pids[@]+"${pids[@]}"} 2> /dev/null || true; rm -rf "$work"' EXIT

cat > "$work/predict.lua" <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"data": [[1.0, 2.0, 3.0, 4.0]]}'
LUA

# serve NAME [OPTION...]: starts the example and leaves its URL in $work/NAME.url.
serve() {
  local name=$1
  shift
  java -Xmx512m -jar "$jar" --port=0 "$@" > "$work/$name.out" 2> /dev/null &
  pids+=($!)
  for _ in $(seq 100); do
    grep -q '^  predict' "$work/$name.out" && break
    sleep 0.1
  done
  sed -n 's/^Serving .* on //p' "$work/$name.out" > "$work/$name.url"
}

# rate NAME SECONDS PATH [OPTION...]: requests per second.
rate() {
  local name=$1 time=$2 path=$3
  shift 3
  wrk -t1 -c16 -d"${time}s" "$@" "$(cat "$work/$name.url")$path" | awk '/^Requests\/sec/ {print $2}'
}

# pair NAME PATH [OPTION...]: one line, the ratio and both rates; every other time the one without comes first.
pair() {
  local order=(with without) name
  ((++turn % 2)) || order=(without with)
  declare -A rates
  for name in "${order[@]}"; do
    rates[$name]=$(rate "$name" "$seconds" "$@")
  done
  awk -v a="${rates[with]}" -v b="${rates[without]}" 'BEGIN {printf "%.4f %s %s\n", a / b, a, b}'
}

predict=(/predict -s "$work/predict.lua")
turn=0
for ((round = 0; round < rounds; round++)); do
  serve with
  serve without --no-http-metrics
  for name in with without; do
    rate "$name" 10 "${predict[@]}" > /dev/null
    rate "$name" 5 /health > /dev/null
  done
  for ((i = 0; i < pairs; i++)); do
    pair "${predict[@]}" >> "$work/predict"
    pair /health >> "$work/health"
  done
  kill "${pids[@]}"
  wait "${pids[@]}" 2> /dev/null || true
  pids=()
done

for kind in predict health; do
  sort -n "$work/$kind" | awk -v kind="$kind" '
    {print "  ratio " $1 ", with " $2 "/s, without " $3 "/s"; ratios[NR] = $1}
    END {m = int((NR + 1) / 2); median = NR % 2 ? ratios[m] : (ratios[m] + ratios[m + 1]) / 2
         printf "%s: median ratio %.3f of %d pairs\n", kind, median, NR}'
done
