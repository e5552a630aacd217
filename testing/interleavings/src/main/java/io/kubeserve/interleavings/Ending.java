package io.kubeserve.interleavings;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionStream;
import io.kubeserve.metrics.contract.ErrorReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Predictions that two threads end. */
@SuppressWarnings("this-escape") // jcstress wants classes that are not final; nothing extends them
public final class Ending {
  private Ending() {}

  /** A prediction that succeeds, and is cancelled. */
  @JCStressTest
  @Outcome(id = "success", expect = ACCEPTABLE, desc = "The success comes first.")
  @Outcome(id = "error", expect = ACCEPTABLE, desc = "The other end comes first.")
  @Outcome(
      id = "twice or never",
      expect = FORBIDDEN,
      desc = "The prediction is not counted exactly once.")
  @State
  public static class SucceedAndCancel extends Server {
    private final Prediction prediction = recorder().start();

    @Actor
    public void succeed() {
      prediction.success();
      prediction.close();
    }

    @Actor
    public void cancel() {
      prediction.error(ErrorReason.CANCELLED);
      prediction.close();
    }

    @Arbiter
    public void last(L_Result result) {
      Shown shown = shown();
      long successes = shown.successes(MODEL);
      boolean once = successes + shown.errors(MODEL) == 1 && shown.latencies(MODEL) == 1;
      result.r1 =
          once && shown.inFlight(MODEL) == 0
              ? successes == 1 ? "success" : "error"
              : "twice or never";
    }
  }

  /** A stream whose last item is sent, and that its reader gives up. */
  @JCStressTest
  @Outcome(id = "success", expect = ACCEPTABLE, desc = "The success comes first.")
  @Outcome(id = "error", expect = ACCEPTABLE, desc = "The other end comes first.")
  @Outcome(
      id = "twice or never",
      expect = FORBIDDEN,
      desc = "The prediction is not counted exactly once.")
  @State
  public static class CompleteAndCancelStream extends Server {
    private final PredictionStream stream = recorder().startStream();

    @Actor
    public void complete() {
      stream.item();
      stream.success();
      stream.close();
    }

    @Actor
    public void cancel() {
      stream.error(ErrorReason.CANCELLED);
      stream.close();
    }

    @Arbiter
    public void last(L_Result result) {
      Shown shown = shown();
      long successes = shown.successes(MODEL);
      boolean once = successes + shown.errors(MODEL) == 1 && shown.latencies(MODEL) == 1;
      result.r1 =
          once && shown.inFlight(MODEL) == 0
              ? successes == 1 ? "success" : "error"
              : "twice or never";
    }
  }

  /** A stage that completes, and that a caller cancels. */
  @JCStressTest
  @Outcome(id = "success", expect = ACCEPTABLE, desc = "The success comes first.")
  @Outcome(id = "error", expect = ACCEPTABLE, desc = "The other end comes first.")
  @Outcome(
      id = "twice or never",
      expect = FORBIDDEN,
      desc = "The prediction is not counted exactly once.")
  @State
  public static class CompleteAndCancelStage extends Server {
    private final CompletableFuture<String> stage = recorder().timeAsync(CompletableFuture::new);

    @Actor
    public void complete() {
      stage.complete("score");
    }

    @Actor
    public void cancel() {
      stage.cancel(false);
    }

    @Arbiter
    public void last(L_Result result) {
      Shown shown = shown();
      long successes = shown.successes(MODEL);
      boolean once = successes + shown.errors(MODEL) == 1 && shown.latencies(MODEL) == 1;
      result.r1 =
          once && shown.inFlight(MODEL) == 0
              ? successes == 1 ? "success" : "error"
              : "twice or never";
    }
  }

  /** A prediction that has its turn, and whose caller cancels it. */
  @JCStressTest
  @Outcome(id = "success", expect = ACCEPTABLE, desc = "The success comes first.")
  @Outcome(id = "error", expect = ACCEPTABLE, desc = "The other end comes first.")
  @Outcome(
      id = "twice or never",
      expect = FORBIDDEN,
      desc = "The prediction is not counted exactly once.")
  @State
  public static class RunAndCancelQueued extends Server {
    private final List<Runnable> waiting = new ArrayList<>();
    private final CompletableFuture<String> future =
        recorder().timeQueued(waiting::add, prediction -> "score");

    @Actor
    public void run() {
      waiting.get(0).run();
    }

    @Actor
    public void cancel() {
      future.cancel(false);
    }

    @Arbiter
    public void last(L_Result result) {
      Shown shown = shown();
      long successes = shown.successes(MODEL);
      boolean once = successes + shown.errors(MODEL) == 1 && shown.latencies(MODEL) == 1;
      result.r1 =
          once && shown.inFlight(MODEL) == 0
              ? successes == 1 ? "success" : "error"
              : "twice or never";
    }
  }
}
