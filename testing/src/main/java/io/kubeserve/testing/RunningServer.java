package io.kubeserve.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The server as a process of its own, on a free port. */
public final class RunningServer implements AutoCloseable {
  private static final Pattern SERVING = Pattern.compile("Serving .* on (http://\\S+)");

  private final Process process;
  private final Http http;

  /** Starts the jar that the system property {@code server.jar} names. */
  public RunningServer(String... options) throws IOException {
    this(command(Path.of(System.getProperty("server.jar")), options));
  }

  /** Starts a jar with {@code java -jar}. */
  public static RunningServer ofJar(Path jar, String... options) throws IOException {
    return new RunningServer(command(jar, options));
  }

  /** Starts it by a command that passes on the server's output and SIGTERM. */
  public RunningServer(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    http = new Http(readUrl(process.inputReader()));
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

  private static String readUrl(BufferedReader output) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher serving = SERVING.matcher(line);
      if (serving.matches()) {
        return serving.group(1);
      }
    }
    throw new IllegalStateException("The server ended without printing its URL");
  }

  /** A client of it. */
  public Http http() {
    return http;
  }

  /** Asks the JVM to collect all garbage, by the JDK's jcmd, and waits for it. */
  public void collectGarbage() throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                "GC.run")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (jcmd.waitFor() != 0) {
      throw new AssertionError("jcmd cannot reach the server");
    }
  }

  /** Sends SIGTERM and returns at once. */
  public void signal() {
    process.destroy();
  }

  /** Sends SIGTERM and returns the exit status. */
  public int terminate() throws InterruptedException {
    signal();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("The server did not stop");
    }
    return process.exitValue();
  }

  /** Sends SIGKILL, as a machine that dies or runs out of memory does, and waits for the end. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
