package io.kubeserve.interleavings;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.kubeserve.metrics.PredictionRecorder;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** All metrics are closed while others use them. */
@SuppressWarnings("this-escape") // jcstress wants classes that are not final; nothing extends them
public final class ClosingAll {
  private ClosingAll() {}

  /** A recorder is asked for, and all metrics are closed. */
  @JCStressTest
  @Outcome(
      id = "given, empty",
      expect = ACCEPTABLE,
      desc = "The recorder is given, and then closed with the rest.")
  @Outcome(id = "refused, empty", expect = ACCEPTABLE, desc = "The metrics are closed already.")
  @Outcome(
      id = ".*, shown",
      expect = FORBIDDEN,
      desc = "A model is shown by metrics that are closed.")
  @State
  public static class AskAndClose extends Server {
    @Actor
    public void ask(LL_Result result) {
      try {
        predict(recorder());
        result.r1 = "given";
      } catch (IllegalStateException closed) {
        result.r1 = "refused";
      }
    }

    @Actor
    public void close() {
      metrics.unregister();
    }

    @Arbiter
    public void last(LL_Result result) {
      result.r2 = shown().isEmpty() ? "empty" : "shown";
    }
  }

  /** A prediction, and the last scrape before all metrics are closed. */
  @JCStressTest
  @Outcome(
      id = "before, quiet",
      expect = ACCEPTABLE,
      desc = "The last scrape comes before the prediction.")
  @Outcome(
      id = "in flight, quiet",
      expect = ACCEPTABLE,
      desc = "The last scrape comes while the prediction is under way.")
  @Outcome(id = "counted, quiet", expect = ACCEPTABLE, desc = "The last scrape has the prediction.")
  @Outcome(
      id = ".*, throws",
      expect = FORBIDDEN,
      desc = "Recording fails once the metrics are closed.")
  @State
  public static class RecordAndClose extends Server {
    private final PredictionRecorder recorder = recorder();

    @Actor
    public void record(LL_Result result) {
      try {
        predict(recorder);
        result.r2 = "quiet";
      } catch (RuntimeException thrown) {
        result.r2 = "throws";
      }
    }

    @Actor
    public void close(LL_Result result) {
      Shown shown = shown();
      metrics.unregister();
      result.r1 =
          shown.successes(MODEL) == 1
              ? "counted"
              : shown.inFlight(MODEL) == 1 ? "in flight" : "before";
    }
  }
}
