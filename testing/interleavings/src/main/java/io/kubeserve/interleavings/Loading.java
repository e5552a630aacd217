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

/** A version that is loaded while others ask for it and whether the server is ready. */
@SuppressWarnings("this-escape") // jcstress wants classes that are not final; nothing extends them
public final class Loading {
  private Loading() {}

  /** One version serves, the load of the next one fails, and a probe asks. */
  @JCStressTest
  @Outcome(
      id = "ready, ready",
      expect = ACCEPTABLE,
      desc = "A model is ready while any version of it is.")
  @Outcome(
      id = "not ready, .*",
      expect = FORBIDDEN,
      desc = "The server leaves the service while it can predict.")
  @Outcome(
      id = ".*, not ready",
      expect = FORBIDDEN,
      desc = "The server stays out of service though it can predict.")
  @State
  public static class FailedLoadAndReadiness extends Server {
    private final PredictionRecorder next = metrics.recorder(MODEL, "2");

    public FailedLoadAndReadiness() {
      recorder().model().load(() -> "version 1");
    }

    @Actor
    public void load() {
      failToLoad(next);
    }

    @Actor
    public void probe(LL_Result result) {
      result.r1 = readiness();
    }

    @Arbiter
    public void last(LL_Result result) {
      result.r2 = readiness();
    }
  }

  /** One version takes over from another, and a probe asks. */
  @JCStressTest
  @Outcome(
      id = "ready, ready",
      expect = ACCEPTABLE,
      desc = "A model is ready while any version of it is.")
  @Outcome(
      id = "not ready, .*",
      expect = FORBIDDEN,
      desc = "The server leaves the service while it can predict.")
  @Outcome(
      id = ".*, not ready",
      expect = FORBIDDEN,
      desc = "The server stays out of service though it can predict.")
  @State
  public static class SwapAndReadiness extends Server {
    /** A load takes long. */
    private static final int WARM_UPS = 100;

    private final PredictionRecorder serving = recorder();

    public SwapAndReadiness() {
      serving.model().load(() -> "version 1");
    }

    @Actor
    public void swap() {
      PredictionRecorder next = metrics.recorder(MODEL, "2");
      next.model().load(() -> warmedUp(next));
      serving.model().retire();
    }

    private static String warmedUp(PredictionRecorder recorder) {
      for (int i = 0; i < WARM_UPS; i++) {
        predict(recorder);
      }
      return "version 2";
    }

    @Actor
    public void probe(LL_Result result) {
      result.r1 = readiness();
    }

    @Arbiter
    public void last(LL_Result result) {
      result.r2 = readiness();
    }
  }

  /** The first load of a model fails, and another thread asks for the model and tries again. */
  @JCStressTest
  @Outcome(
      id = "shown, ready",
      expect = ACCEPTABLE,
      desc = "Whoever loads the model last has a recorder that is shown.")
  @Outcome(
      id = "in vain, .*",
      expect = FORBIDDEN,
      desc = "The model serves, but its recorder is not shown.")
  @Outcome(
      id = ".*, not ready",
      expect = FORBIDDEN,
      desc = "The model serves, but the server is not ready.")
  @State
  public static class FailedLoadAndAsk extends Server {
    private final PredictionRecorder failing = recorder();
    private volatile PredictionRecorder asked = failing;

    @Actor
    public void load() {
      failToLoad(failing);
    }

    @Actor
    public void ask() {
      asked = recorder();
    }

    @Arbiter
    public void last(LL_Result result) {
      asked.model().load(() -> "version 1");
      predict(asked);
      result.r1 = shown().successes(MODEL) == 1 ? "shown" : "in vain";
      result.r2 = readiness();
    }
  }

  /** The first load of the model that has the one place fails, and another model is asked for. */
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
      desc = "The place of a model that never served is lost, or another one is gained.")
  @State
  public static class FailedLoadAndAskForAnother extends Server {
    private final PredictionRecorder failing = recorder();

    public FailedLoadAndAskForAnother() {
      super(1);
    }

    @Actor
    public void load() {
      failToLoad(failing);
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
}
