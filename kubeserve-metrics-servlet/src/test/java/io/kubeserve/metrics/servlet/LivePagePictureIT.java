package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.testing.ProjectFiles;
import io.kubeserve.testing.RequiresProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Takes the pictures of the documentation: {@code ./mvnw -Pwrite verify}. */
@RequiresProgram({"chromium", "chromedriver"})
@EnabledIfSystemProperty(named = "docs.write", matches = "true")
class LivePagePictureIT {
  private static final Path FOLDER = ProjectFiles.of("docs/images");
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int CLIENTS = 4;

  /** A browser remembers 250 requests, by which they are counted. */
  private static final int SAMPLES = 105;

  @Test
  void pictures() throws Exception {
    Files.createDirectories(FOLDER);
    try (LiveServer server = new LiveServer(0);
        Browser browser = new Browser()) {
      PredictionRecorder recorder = server.metrics.recorder("iris", "3");
      browser.size(1280, 1470);
      browser.open(server.page());
      await().atMost(LIMIT).until(() -> browser.text("#word").length() > 0);
      take(browser, "idle");
      try (Clients clients = new Clients(server, recorder)) {
        awaitSamples(browser, SAMPLES);
        take(browser, "busy");
        clients.failures = 0.2;
        awaitSamples(browser, SAMPLES);
        take(browser, "failing");
      }
    }
    assertThat(FOLDER).isDirectoryContaining("glob:**/live-busy-dark.png");
  }

  /** Some that predict one after the other, in real time. */
  private static final class Clients implements AutoCloseable {
    private final LiveServer server;
    private final PredictionRecorder recorder;
    private final List<Thread> threads;
    private volatile double failures = 0.001;
    private volatile boolean closed;

    Clients(LiveServer server, PredictionRecorder recorder) {
      this.server = server;
      this.recorder = recorder;
      this.threads = Stream.generate(() -> new Thread(this::predict)).limit(CLIENTS).toList();
      threads.forEach(Thread::start);
    }

    private void predict() {
      Random random = new Random(Thread.currentThread().getId());
      while (!closed) {
        boolean fails = random.nextDouble() < failures;
        long start = server.http.start();
        try (Prediction prediction = recorder.start()) {
          park(300);
          prediction.endStage(Stage.PREPROCESS);
          park(8_000 * Math.exp(0.6 * random.nextGaussian()));
          prediction.endStage(Stage.INFERENCE);
          park(100);
          prediction.endStage(Stage.POSTPROCESS);
          if (fails) {
            prediction.error(ErrorReason.INVALID_INPUT);
          } else {
            prediction.success();
          }
        }
        server.http.finish(start, "POST", "/predict", fails ? 422 : 200, 40, 20);
        park(20_000 * random.nextDouble());
      }
    }

    private static void park(double micros) {
      LockSupport.parkNanos((long) (1000 * micros));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static void awaitSamples(Browser browser, int samples) {
    long before = samples(browser);
    await().atMost(LIMIT).until(() -> samples(browser) >= before + samples);
  }

  private static long samples(Browser browser) {
    return (Long)
        browser.run(
            """
            return performance.getEntriesByType("resource")
                .filter((entry) => entry.name.includes("samples")).length""");
  }

  private static void take(Browser browser, String state) throws Exception {
    for (boolean dark : new boolean[] {false, true}) {
      browser.pretendDark(dark);
      awaitSamples(browser, 2); // the charts are drawn in the other colours then
      Files.write(
          FOLDER.resolve("live-%s-%s.png".formatted(state, dark ? "dark" : "light")),
          browser.screenshot());
    }
    browser.pretendDark(false);
  }
}
