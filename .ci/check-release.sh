#!/usr/bin/env bash
# Builds the library's jars twice and compares them, then checks what Central asks of a release: see "Releases" in
# CONTRIBUTING.md. Signs, sends and changes nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# What is released, and so what is compared and checked.
readonly MODULES=(kubeserve-metrics-core kubeserve-metrics-servlet kubeserve-metrics-live kubeserve-metrics-spring kubeserve-metrics-kotlin)
readonly POMS=(. kubeserve-metrics-bom "${MODULES[@]}")

usage() {
  cat <<USAGE
Usage: ${0##*/} [--help]

Builds the library twice with -Prelease and compares every jar, then checks that each module has its sources, Javadoc and
SBOM, and each POM what Central requires (https://central.sonatype.org/publish/requirements). Needs a JDK 21 or later.
USAGE
}

build() {
  echo "Building ..." >&2
  ./mvnw -q -B -ntp -Prelease -DskipTests -Dspotless.check.skip=true -pl "$(IFS=,; echo "${MODULES[*]}")" -am clean package
}

# The checksums of all jars, one line each.
checksums() {
  local module
  for module in "${MODULES[@]}"; do
    sha256sum "$module"/target/"$module"-*.jar
  done
}

failed=
fail() {
  printf 'Error: %s\n' "$1" >&2
  failed=true
}

check_poms() {
  local folder element
  for folder in "${POMS[@]}"; do
    for element in name description; do
      grep -q "^  <$element>" "$folder/pom.xml" || fail "$folder/pom.xml has no <$element>"
    done
  done
  for folder in . kubeserve-metrics-bom; do
    for element in url licenses developers scm; do
      grep -q "^  <$element>" "$folder/pom.xml" || fail "$folder/pom.xml has no <$element>, which the modules inherit"
    done
  done
}

check_files() {
  local module kind
  for module in "${MODULES[@]}"; do
    for kind in .jar -sources.jar -javadoc.jar; do
      compgen -G "$module/target/$module-*[0-9T]$kind" >/dev/null || fail "$module has no $kind"
    done
    jq -e '.components | length > 0' "$module/target/bom.json" >/dev/null || fail "$module has no SBOM, or an empty one"
  done
}

case ${1:-} in
  "") ;;
  -h | --help) usage && exit ;;
  *) usage >&2 && exit 2 ;;
esac

build
first=$(checksums)
build
second=$(checksums)
if ! diff <(echo "$first") <(echo "$second"); then
  fail "two builds of the same sources differ in the jars above"
fi
check_poms
check_files
version=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' pom.xml | head -1)
echo "$second"
[ -z "$failed" ] || exit 1
echo "Both builds are the same, and Central's rules are met, but for the signatures (-Psign)."
if [[ $version == *-SNAPSHOT ]]; then
  echo "Central takes no $version: set the version before the release."
fi
