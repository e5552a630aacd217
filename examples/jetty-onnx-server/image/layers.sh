#!/usr/bin/env bash
# Lays out what the image needs beside the server's classes, for jib and for the Containerfile alike:
#   FOLDER/runtime   /opt/java, a Java of the modules that the server uses; /opt/onnxruntime, its native libraries
#   FOLDER/libc      the C library of this machine, if BASE is scratch: an image made from nothing has no other
# Usage: layers.sh JAVA_HOME JAR FOLDER BASE
set -euo pipefail

java_home=$1 jar=$2 folder=$3 base=$4
# java.instrument lets JAVA_TOOL_OPTIONS name an agent, such as OpenTelemetry's.
modules=java.base,java.instrument,java.logging,java.management,java.naming,java.sql,jdk.management,jdk.unsupported

[ "$(uname -s)" = Linux ] || { echo "layers.sh: the image is one of Linux, and so must be the machine" >&2; exit 1; }

rm -rf "$folder"
mkdir -p "$folder/runtime/opt/onnxruntime" "$folder/libc"

"$java_home/bin/jlink" --module-path "$java_home/jmods" --add-modules "$modules" \
  --strip-debug --no-header-files --no-man-pages --output "$folder/runtime/opt/java"

# From a folder of the image they need not be unpacked to /tmp at every start.
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
(cd "$unpacked" && "$java_home/bin/jar" xf "$jar" ai/onnxruntime/native)
case $(uname -m) in
  x86_64) natives=linux-x64 ;;
  aarch64) natives=linux-aarch64 ;;
  *) echo "layers.sh: ONNX Runtime has no library for $(uname -m)" >&2; exit 1 ;;
esac
cp "$unpacked/ai/onnxruntime/native/$natives"/*.so "$folder/runtime/opt/onnxruntime"

[ "$base" = scratch ] || exit 0
find "$folder/runtime" -type f \( -name '*.so' -o -path '*/bin/java' \) -exec ldd {} + |
  grep -o '/[^ ]*' | grep -v -e "^$folder" -e ':$' | sort -u |
  while read -r library; do
    cp -L --parents "$library" "$folder/libc"
  done
