package io.kubeserve.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Processes that a test starts, and what is left of them however the test or its JVM ends. */
class ChildProcessTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern PID = Pattern.compile("pid (\\d+)");

  /** Prints a line to each stream, starts a process of its own, and goes on. */
  private static final List<String> PARENT =
      List.of("sh", "-c", "echo said; echo complained >&2; sleep 600 & echo pid $!; wait");

  /** The main class of another JVM. */
  static final class Starts {
    private Starts() {}

    /** Starts a process and goes on. */
    public static void main(String[] arguments) throws Exception {
      ChildProcess child = ChildProcess.start(List.of("sleep", "600"));
      System.out.println("pid " + child.process().pid());
      child.process().waitFor();
    }
  }

  static class FailsHalfWay {
    static final AtomicReference<ChildProcess> STARTED = new AtomicReference<>();

    @BeforeAll
    static void setUp() throws IOException {
      STARTED.set(ChildProcess.start(List.of("sleep", "600")));
      throw new IOException("half-way");
    }

    @Test
    void test() {}
  }

  private static long pid(ChildProcess child) throws InterruptedException {
    return Long.parseLong(child.awaitLine(PID, LIMIT).group(1));
  }

  private static void awaitEnd(long pid) {
    await()
        .atMost(LIMIT)
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void close_endsWhatItStartedToo_andKeepsItsOutput() throws Exception {
    ChildProcess child = ChildProcess.start(PARENT);
    long grandchild = pid(child);

    child.close();

    assertThat(child.process().isAlive()).isFalse();
    awaitEnd(grandchild);
    assertThat(child.output()).contains("said\n", "complained\n");
  }

  @Test
  void awaitLine_processEnds_throwsWithWhatItSaid() throws Exception {
    try (ChildProcess child = ChildProcess.start(List.of("sh", "-c", "echo no such option >&2"))) {
      assertThatThrownBy(() -> child.awaitLine(PID, LIMIT))
          .hasMessageContaining("ended without printing \"pid (\\d+)\":\nno such option");
    }
  }

  @Test
  void awaitEnd_tooLate_isStopped() throws Exception {
    try (ChildProcess child = ChildProcess.start(PARENT)) {
      pid(child);
      assertThatThrownBy(() -> child.awaitEnd(Duration.ZERO))
          .hasMessageContaining("did not end within")
          .hasMessageContaining("said");
      assertThat(child.process().isAlive()).isFalse();
    }
  }

  @Test
  void run_hasStatusAndOutput() throws Exception {
    assertThat(ChildProcess.run(LIMIT, List.of("sh", "-c", "echo a; echo b >&2; exit 3")))
        .isEqualTo(new ChildProcess.Ended(3, "a\nb\n"));
  }

  @Test
  void terminate_processThatPrintsAtItsEnd_isRead() throws Exception {
    String goodbye = "trap 'echo goodbye; exit 3' TERM; echo ready; while :; do sleep 0.1; done";
    try (ChildProcess child = ChildProcess.start(List.of("sh", "-c", goodbye))) {
      child.awaitLine(Pattern.compile("ready"), LIMIT);
      child.terminate();

      assertThat(child.awaitEnd(LIMIT)).isEqualTo(new ChildProcess.Ended(3, "ready\ngoodbye\n"));
    }
  }

  /** As a time limit of the build kills the JVM of the tests. */
  @Test
  void jvmIsKilled_processEnds() throws Exception {
    List<String> jvm =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Starts.class.getName());
    long pid;
    try (ChildProcess other = ChildProcess.start(jvm)) {
      pid = pid(other);
      assertThat(ProcessHandle.of(pid)).isPresent();
      // Alone: close() would end what it has started, too.
      other.process().destroyForcibly().waitFor();
      awaitEnd(pid);
    }
  }

  @Test
  void setUpFailsHalfWay_processIsStopped_andTheClassNamesIt() {
    Trial trial = Trial.of(FailsHalfWay.class, Map.of());

    assertThat(FailsHalfWay.STARTED.get().process().isAlive()).isFalse();
    assertThat(trial.failures).singleElement().asString().contains("half-way");
  }
}
