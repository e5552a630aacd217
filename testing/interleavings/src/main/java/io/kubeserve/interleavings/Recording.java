package io.kubeserve.interleavings;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.kubeserve.metrics.LatencySnapshot;
import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.Status;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Predictions that are recorded while others are, and while a scrape reads. */
@SuppressWarnings("this-escape") // jcstress wants classes that are not final; nothing extends them
public final class Recording {
  private Recording() {}

  /** A prediction from its start to its end, and a scrape. */
  @JCStressTest
  @Outcome(
      id = "before, counted",
      expect = ACCEPTABLE,
      desc = "The scrape comes before the prediction starts.")
  @Outcome(
      id = "in flight, counted",
      expect = ACCEPTABLE,
      desc = "The scrape comes while the prediction is under way.")
  @Outcome(
      id = "counted, counted",
      expect = ACCEPTABLE,
      desc = "The scrape comes after the prediction.")
  @Outcome(
      id = "disagrees, .*",
      expect = FORBIDDEN,
      desc = "Count, buckets and status of one scrape differ, or more has ended than was started.")
  @Outcome(
      id = ".*, lost",
      expect = FORBIDDEN,
      desc = "The prediction is not in the last scrape exactly once.")
  @State
  public static class RecordAndScrape extends Server {
    private final PredictionRecorder recorder = recorder();

    @Actor
    public void record() {
      predict(recorder);
    }

    @Actor
    public void scrape(LL_Result result) {
      result.r1 = seen(() -> state(shown()));
    }

    @Arbiter
    public void last(LL_Result result) {
      result.r2 = state(shown()).equals("counted") ? "counted" : "lost";
    }

    private static String state(Shown shown) {
      long ended = shown.successes(MODEL);
      long inFlight = shown.inFlight(MODEL);
      if (ended != shown.latencies(MODEL) || ended + inFlight > 1 || inFlight < 0) {
        return "disagrees";
      }
      return ended == 1 ? "counted" : inFlight == 1 ? "in flight" : "before";
    }
  }

  /** Two predictions of one model. */
  @JCStressTest
  @Outcome(id = "both counted", expect = ACCEPTABLE, desc = "Nothing is lost.")
  @Outcome(id = "lost", expect = FORBIDDEN, desc = "One of them is lost, or is counted twice.")
  @State
  public static class RecordAndRecord extends Server {
    private final PredictionRecorder recorder = recorder();

    @Actor
    public void success() {
      predict(recorder);
    }

    @Actor
    public void error() {
      try (Prediction prediction = recorder.start()) {
        prediction.error();
      }
    }

    @Arbiter
    public void last(L_Result result) {
      Shown shown = shown();
      boolean both =
          shown.successes(MODEL) == 1 && shown.errors(MODEL) == 1 && shown.latencies(MODEL) == 2;
      result.r1 = both && shown.inFlight(MODEL) == 0 ? "both counted" : "lost";
    }
  }

  /** Predictions of equal latency, and a reader of count and mean. */
  @JCStressTest
  @Outcome(id = "agree", expect = ACCEPTABLE, desc = "Count and sum are of the same predictions.")
  @Outcome(
      id = "differ",
      expect = FORBIDDEN,
      desc = "The sum has predictions that the count lacks.")
  @State
  public static class RecordAndMean extends Server {
    private static final int PREDICTIONS = 20;
    private static final double MILLIS = 8;

    /** What the Javadoc of a snapshot states. */
    private static boolean isNear(double meanMillis) {
      return Math.abs(meanMillis - MILLIS) <= 2 * LatencySnapshot.RELATIVE_ERROR * MILLIS;
    }

    private final PredictionRecorder recorder = recorder();

    @Actor
    public void record() {
      for (int i = 0; i < PREDICTIONS; i++) {
        recorder.record(Duration.ofMillis((long) MILLIS), Status.SUCCESS);
      }
    }

    @Actor
    public void read(L_Result result) {
      result.r1 = "agree";
      for (int i = 0; i < PREDICTIONS; i++) {
        LatencySnapshot latency = recorder.model().latency();
        if (latency.count() > 0 && !isNear(latency.meanMillis())) {
          result.r1 = "differ";
        }
      }
    }
  }

  /** A scrape with gauges of the window, and readers of the window long after it began. */
  @JCStressTest
  @Outcome(
      id = "shown",
      expect = ACCEPTABLE,
      desc = "The scrape is whole, wherever its thread stalls.")
  @Outcome(
      id = "IllegalArgumentException",
      expect = FORBIDDEN,
      desc = "A window that began after the scrape read the model fails it.")
  @State
  public static class StallAndWindow extends Server {
    private final PredictionRecorder recorder = recorder();

    @Actor
    public void scrape(L_Result result) {
      result.r1 = seen(() -> shown().has(MODEL) ? "shown" : "not shown");
    }

    @Actor
    public void readWindow() {
      for (int reading = 0; reading < 3; reading++) {
        predict(recorder);
        outliveRetirement();
        recorder.model().recentLatency();
      }
    }
  }
}
