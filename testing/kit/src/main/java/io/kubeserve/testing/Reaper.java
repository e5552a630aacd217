package io.kubeserve.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A shell that kills the processes of this JVM when this JVM has ended, be it by SIGKILL: its input
 * ends then.
 */
final class Reaper {
  private static final String SCRIPT =
      """
      trap '' HUP INT TERM
      pids=' '
      while read -r sign pid; do
        case $sign in
          +) pids="$pids$pid " ;;
          -) pids="${pids%% "$pid" *} ${pids#* "$pid" }" ;;
        esac
      done
      for pid in $pids; do kill -9 "$pid"; done
      """;

  private static final Reaper OF_THIS_JVM = new Reaper();

  private final PrintStream input;

  private Reaper() {
    try {
      Process shell =
          new ProcessBuilder("/bin/sh", "-c", SCRIPT)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      input = new PrintStream(shell.getOutputStream(), true, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Reaper ofThisJvm() {
    return OF_THIS_JVM;
  }

  void watch(long pid) {
    input.println("+ " + pid);
  }

  void forget(long pid) {
    input.println("- " + pid);
  }
}
