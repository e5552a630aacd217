#!/usr/bin/env bash
# Renames metrics, labels and buckets in the library, one at a time, and shows which tests of the dashboards notice.
# Works on a copy of the last commit; prints a table for grafana/README.md; ends with 1 if a mutant survives.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git clone --quiet "$project" "$copy/project"
cd "$copy/project"

metrics=kubeserve-metrics-core/src/main/java/io/kubeserve/metrics
contract=$metrics/internal/contract
http=kubeserve-metrics-servlet/src/main/java/io/kubeserve/metrics/http/internal
survivors=0

# red REPORTS...: how many tests failed.
red() {
  cat "$@" 2> /dev/null | grep -c -E '<(failure|error)[ >]' || true
}

# mutant NAME FILE SED_EXPRESSION
mutant() {
  local static live
  git checkout --quiet .
  sed -i "$3" "$2"
  if git diff --quiet; then
    echo "mutants.sh: $1 changes nothing" >&2
    exit 2
  fi
  if ! ./mvnw -B -ntp clean verify -pl testing/dashboards -am -Dspotless.check.skip -Dmaven.test.failure.ignore \
    -Dtest=ExpressionsTest -Dsurefire.failIfNoSpecifiedTests=false \
    -Dit.test=JettyLiveProofIT -Dfailsafe.failIfNoSpecifiedTests=false > "$copy/log" 2>&1; then
    tail -n 30 "$copy/log" >&2
    exit 2
  fi
  static=$(red testing/dashboards/target/surefire-reports/*.xml)
  live=$(red testing/dashboards/target/failsafe-reports/TEST-*.xml)
  printf '| %s | %s | %s |\n' "$1" "$static" "$live"
  [ $((static + live)) -gt 0 ] || survivors=$((survivors + 1))
}

echo '| mutant | ExpressionsTest red | JettyLiveProofIT red |'
echo '|---|---|---|'
for name in prediction_latency_ms predictions_total predictions_in_flight; do
  mutant "$name is renamed" $contract/PredictionFamilies.java "s/\"$name\"/\"renamed_$name\"/"
done
for name in http_requests_total http_request_size_bytes http_response_size_bytes http_request_duration_highr_seconds; do
  mutant "$name is renamed" $http/HttpFamilies.java "s/\"$name\"/\"renamed_$name\"/"
done
for label in status handler method; do
  mutant "label $label is renamed" $contract/LabelName.java "s/\"$label\"/\"renamed_$label\"/"
done
mutant 'status success is renamed' $metrics/contract/Status.java 's/"success"/"ok"/'
mutant 'bucket 500 becomes 501' $contract/LatencyBounds.java 's/ 500\.0/ 501.0/'
mutant 'bucket 5000 becomes 6000' $contract/LatencyBounds.java 's/5000\.0/6000.0/'
mutant 'the chart drops the label deployment' charts/model-serving/templates/_monitor.tpl \
  's/targetLabel: deployment/targetLabel: dropped/'
[ "$survivors" -eq 0 ]
