package io.kubeserve.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The server as a process of its own, on a port that it chooses. */
public final class RunningServer implements AutoCloseable {
  private static final Pattern SERVING = Pattern.compile("Serving .* on (http://\\S+)");

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration COLLECTION_LIMIT = Duration.ofSeconds(60);

  private final ChildProcess process;
  private final boolean stopsKindly;
  private final Http http;

  /** Starts the jar that the system property {@code server.jar} names. */
  public RunningServer(String... options) throws Exception {
    this(command(Path.of(System.getProperty("server.jar")), options), false);
  }

  /** Starts a jar with {@code java -jar}. */
  public static RunningServer ofJar(Path jar, String... options) throws Exception {
    return new RunningServer(command(jar, options), false);
  }

  /** Starts it by a command that passes on the server's output and SIGTERM, and no SIGKILL. */
  public RunningServer(List<String> command) throws Exception {
    this(command, true);
  }

  private RunningServer(List<String> command, boolean stopsKindly) throws Exception {
    this.stopsKindly = stopsKindly;
    process = ChildProcess.start(command);
    http =
        Started.by(
            started -> {
              started.add(this);
              return new Http(process.awaitLine(SERVING, START_LIMIT).group(1));
            });
  }

  private static List<String> command(Path jar, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                jar.toString()));
    if (Stream.of(options).noneMatch(option -> option.startsWith("--port="))) {
      command.add("--port=0");
    }
    command.addAll(List.of(options));
    return command;
  }

  /** A client of it. */
  public Http http() {
    return http;
  }

  /** Asks the JVM to collect all garbage, by the JDK's jcmd, and waits for it. */
  public void collectGarbage() throws IOException, InterruptedException {
    ChildProcess.Ended jcmd =
        ChildProcess.run(
            COLLECTION_LIMIT,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.process().pid()),
                "GC.run"));
    if (jcmd.status() != 0) {
      throw new AssertionError("jcmd cannot reach the server: " + jcmd.output());
    }
  }

  /** Sends SIGTERM and returns immediately. */
  public void signal() {
    process.terminate();
  }

  /** Sends SIGTERM and returns the exit status. */
  public int terminate() throws InterruptedException {
    signal();
    return process.awaitEnd(START_LIMIT).status();
  }

  /** What it has printed. */
  public String output() {
    return process.output();
  }

  /** Sends SIGKILL, as a machine that dies or runs out of memory does, and waits for the end. */
  public void kill() {
    process.close();
  }

  @Override
  public void close() {
    if (stopsKindly) {
      process.stop();
    } else {
      process.close();
    }
  }
}
