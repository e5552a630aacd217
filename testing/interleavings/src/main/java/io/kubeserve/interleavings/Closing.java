package io.kubeserve.interleavings;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.kubeserve.metrics.ModelSummary;
import io.kubeserve.metrics.PredictionRecorder;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** A recorder that is closed while others use its model. */
@SuppressWarnings("this-escape") // jcstress wants classes that are not final; nothing extends them
public final class Closing {
  private Closing() {}

  /** A model that is closed and asked for again, and a scrape. */
  @JCStressTest
  @Outcome(
      id = "old",
      expect = ACCEPTABLE,
      desc = "The scrape shows the model as it was before it was closed.")
  @Outcome(id = "none", expect = ACCEPTABLE, desc = "The scrape comes while the model is closed.")
  @Outcome(
      id = "new",
      expect = ACCEPTABLE,
      desc = "The scrape shows the model as it is since it was asked for again.")
  @Outcome(
      id = "mixed",
      expect = FORBIDDEN,
      desc = "The scrape shows some of the old and some of the new.")
  @Outcome(
      id = "DuplicateLabelsException",
      expect = FORBIDDEN,
      desc = "The scrape fails: it meets both the old and the new series.")
  @State
  public static class ReopenAndScrape extends Server {
    private static final int OLD = 3;

    /** A scrape reads models for longer than it takes to close one. */
    private static final int TIMES = 10;

    public ReopenAndScrape() {
      predict(metrics.recorder("other model", "1"));
      for (int i = 0; i < OLD; i++) {
        predict(recorder());
      }
    }

    @Actor
    public void reopen() {
      for (int i = 0; i < TIMES; i++) {
        recorder().model().remove();
        predict(recorder());
      }
    }

    @Actor
    public void scrape(L_Result result) {
      result.r1 = seen(() -> state(shown()));
    }

    private static String state(Shown shown) {
      if (!shown.has(MODEL)) {
        return "none";
      }
      long successes = shown.successes(MODEL);
      if (successes != shown.latencies(MODEL)) {
        return "mixed";
      }
      return successes == OLD ? "old" : successes <= 1 ? "new" : "mixed";
    }
  }

  /** A model that is closed and asked for again, and a summary. */
  @JCStressTest
  @Outcome(
      id = "old",
      expect = ACCEPTABLE,
      desc = "The summary has the model as it was before it was closed.")
  @Outcome(id = "none", expect = ACCEPTABLE, desc = "The summary comes while the model is closed.")
  @Outcome(
      id = "new",
      expect = ACCEPTABLE,
      desc = "The summary has the model as it is since it was asked for again.")
  @Outcome(
      id = "mixed",
      expect = FORBIDDEN,
      desc = "The summary has some of the old and some of the new.")
  @Outcome(id = "twice", expect = FORBIDDEN, desc = "The summary has the model twice.")
  @State
  public static class ReopenAndSummary extends Server {
    private static final int OLD = 3;

    private final PredictionRecorder recorder = recorder();

    public ReopenAndSummary() {
      for (int i = 0; i < OLD; i++) {
        predict(recorder);
      }
    }

    @Actor
    public void reopen() {
      recorder.model().remove();
      predict(recorder());
    }

    @Actor
    public void summarize(L_Result result) {
      result.r1 = seen(() -> state(metrics.summary().models()));
    }

    private static String state(List<ModelSummary> models) {
      if (models.isEmpty()) {
        return "none";
      }
      if (models.size() > 1) {
        return "twice";
      }
      long successes = models.get(0).successes();
      if (successes != models.get(0).latency().count()) {
        return "mixed";
      }
      return successes == OLD ? "old" : successes <= 1 ? "new" : "mixed";
    }
  }

  /** A model that is closed and asked for again, and another thread that asks for it. */
  @JCStressTest
  @Outcome(id = "all", expect = ACCEPTABLE, desc = "The other thread gets the new recorder.")
  @Outcome(
      id = "all but what the closed recorder got",
      expect = ACCEPTABLE,
      desc = "The other thread gets the old one, which is closed under it.")
  @Outcome(
      id = "lost",
      expect = FORBIDDEN,
      desc = "A recorder that was given after the model was closed records in vain.")
  @State
  public static class ReopenAndAsk extends Server {
    private final PredictionRecorder recorder = recorder();

    @Actor
    public void reopen() {
      recorder.model().remove();
      predict(recorder());
    }

    @Actor
    public void ask(L_Result result) {
      PredictionRecorder asked = recorder();
      predict(asked);
      result.r1 = asked == recorder;
    }

    @Arbiter
    public void last(L_Result result) {
      boolean old = (Boolean) result.r1;
      predict(recorder());
      long shown = shown().successes(MODEL);
      result.r1 =
          shown == 3 && !old
              ? "all"
              : shown == 2 && old ? "all but what the closed recorder got" : "lost";
    }
  }

  /** The model that has the one place is closed, and another model is asked for. */
  @JCStressTest
  @Outcome(
      id = "own, no place",
      expect = ACCEPTABLE,
      desc = "The place is free in time, and taken.")
  @Outcome(
      id = "shared, one place",
      expect = ACCEPTABLE,
      desc = "The place is free too late for the other model, and for the next one.")
  @Outcome(id = "own, .*", expect = FORBIDDEN, desc = "The place is given twice.")
  @Outcome(
      id = "shared, .*",
      expect = FORBIDDEN,
      desc = "The place is lost, or another one is gained.")
  @State
  public static class CloseAndAskForAnother extends Server {
    private final PredictionRecorder recorder = recorder();

    public CloseAndAskForAnother() {
      super(1);
    }

    @Actor
    public void close() {
      recorder.model().remove();
    }

    @Actor
    public void ask(LL_Result result) {
      result.r1 = hasPlaceFor("other model") ? "own" : "shared";
    }

    @Arbiter
    public void last(LL_Result result) {
      result.r2 = freePlaces();
    }
  }

  /** The model that has the one place is closed by one thread and retired by another. */
  @JCStressTest
  @Outcome(id = "one place", expect = ACCEPTABLE, desc = "Its place is free.")
  @Outcome(id = "no place", expect = FORBIDDEN, desc = "Its place is lost.")
  @Outcome(id = "two places", expect = FORBIDDEN, desc = "Its place is given back twice.")
  @State
  public static class CloseAndRetire extends Server {
    private final PredictionRecorder recorder = recorder();

    public CloseAndRetire() {
      super(1);
    }

    @Actor
    public void close() {
      recorder.model().remove();
    }

    @Actor
    public void retire() {
      recorder.model().retire();
    }

    @Arbiter
    public void last(L_Result result) {
      result.r1 = freePlaces();
    }
  }
}
