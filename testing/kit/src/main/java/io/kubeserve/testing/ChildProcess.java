package io.kubeserve.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that a test starts. Its output goes to the test, never to the build, which would wait
 * for a process that holds its output; and it ends with the JVM of the test, however that ends.
 */
public final class ChildProcess implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration OUTPUT_LIMIT = Duration.ofSeconds(20);
  private static final int MAX_LINES = 10_000;
  private static final Set<ChildProcess> RUNNING = ConcurrentHashMap.newKeySet();

  /** What a process that has ended said: standard output and error, in one. */
  public record Ended(int status, String output) {}

  private final List<String> command;
  private final Process process;
  private final Thread reader;
  private final List<String> lines = new ArrayList<>();
  private boolean atEnd;

  private ChildProcess(List<String> command, Process process) {
    this.command = command;
    this.process = process;
    reader = new Thread(this::readLines, "output of " + command.get(0));
    reader.setDaemon(true);
  }

  /** Starts a command. */
  public static ChildProcess start(List<String> command) throws IOException {
    return start(new ProcessBuilder(command));
  }

  /**
   * Starts a command with its own environment, folder or input. Its standard error is read with its
   * standard output, unless it goes to a file.
   */
  public static ChildProcess start(ProcessBuilder builder) throws IOException {
    if (builder.redirectError().file() == null) {
      builder.redirectErrorStream(true);
    }
    Reaper reaper = Reaper.ofThisJvm();
    Process process = builder.redirectOutput(ProcessBuilder.Redirect.PIPE).start();
    ChildProcess child = new ChildProcess(List.copyOf(builder.command()), process);
    RUNNING.add(child);
    reaper.watch(process.pid());
    child.reader.start();
    var unused = process.onExit().thenRun(() -> child.forget(reaper));
    return child;
  }

  /** Runs a command to its end, which must come within the limit. */
  public static Ended run(Duration limit, List<String> command)
      throws IOException, InterruptedException {
    return run(limit, new ProcessBuilder(command));
  }

  /** Runs a command to its end, which must come within the limit. */
  public static Ended run(Duration limit, ProcessBuilder builder)
      throws IOException, InterruptedException {
    try (ChildProcess child = start(builder)) {
      return child.awaitEnd(limit);
    }
  }

  /** Waits for the end of the process, and of its output; stops it where that takes too long. */
  public Ended awaitEnd(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      close();
      throw new AssertionError(this + " did not end within " + limit + ":\n" + output());
    }
    // What it has started and left may hold the output still.
    reader.join(OUTPUT_LIMIT.toMillis());
    return new Ended(process.exitValue(), output());
  }

  private void forget(Reaper reaper) {
    RUNNING.remove(this);
    reaper.forget(process.pid());
  }

  private void readLines() {
    try (BufferedReader reading = process.inputReader(UTF_8)) {
      for (String line = reading.readLine(); line != null; line = reading.readLine()) {
        synchronized (lines) {
          if (lines.size() < MAX_LINES) {
            lines.add(line);
          }
          lines.notifyAll();
        }
      }
    } catch (IOException | UncheckedIOException closed) {
      // It was stopped while it wrote.
    } finally {
      synchronized (lines) {
        atEnd = true;
        lines.notifyAll();
      }
    }
  }

  /** Waits for a line of the output, which must come within the limit and before the end. */
  public Matcher awaitLine(Pattern wanted, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    int seen = 0;
    synchronized (lines) {
      while (true) {
        for (; seen < lines.size(); seen++) {
          Matcher line = wanted.matcher(lines.get(seen));
          if (line.find()) {
            return line;
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (atEnd || left <= 0) {
          throw new IllegalStateException(
              "%s %s without printing \"%s\":\n%s"
                  .formatted(this, atEnd ? "ended" : "ran for " + limit, wanted, output()));
        }
        lines.wait(left);
      }
    }
  }

  /** What it has printed. */
  public String output() {
    synchronized (lines) {
      return lines.isEmpty() ? "" : String.join("\n", lines) + '\n';
    }
  }

  /** The process itself. */
  public Process process() {
    return process;
  }

  /** Sends SIGTERM and returns immediately. What it prints from then on is read, too. */
  public void terminate() {
    // Process.destroy() closes the output, so that a process which says goodbye fails.
    process.toHandle().destroy();
  }

  /** Sends SIGTERM, and SIGKILL where that takes too long; waits for the end. */
  public void stop() {
    terminate();
    try {
      process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  /** Sends SIGKILL, also to what the process has started, and waits for the end. */
  @Override
  public void close() {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroyForcibly().onExit().join();
    started.forEach(ProcessHandle::destroyForcibly);
    RUNNING.remove(this);
  }

  /** Those that run now. */
  static Set<ChildProcess> running() {
    return Set.copyOf(RUNNING);
  }

  @Override
  public String toString() {
    return String.join(" ", command);
  }
}
