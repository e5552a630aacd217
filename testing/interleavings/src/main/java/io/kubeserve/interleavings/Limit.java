package io.kubeserve.interleavings;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.kubeserve.metrics.PredictionRecorder;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Models that are asked for when there is one place left. */
@SuppressWarnings("this-escape") // jcstress wants classes that are not final; nothing extends them
public final class Limit {
  private Limit() {}

  /** Two new models and one place. */
  @JCStressTest
  @Outcome(
      id = "first, 1 folded",
      expect = ACCEPTABLE,
      desc = "The first model has the place, and the second one is folded.")
  @Outcome(
      id = "second, 1 folded",
      expect = ACCEPTABLE,
      desc = "The second model has the place, and the first one is folded.")
  @Outcome(id = "both, .*", expect = FORBIDDEN, desc = "Both have series of their own.")
  @Outcome(id = "none, .*", expect = FORBIDDEN, desc = "Neither has.")
  @State
  public static class AskAndAskForAnother extends Server {
    public AskAndAskForAnother() {
      super(1);
    }

    @Actor
    public void askForFirst() {
      predict(metrics.recorder("first", "1"));
    }

    @Actor
    public void askForSecond() {
      predict(metrics.recorder("second", "1"));
    }

    @Arbiter
    public void last(LL_Result result) {
      Shown shown = shown();
      long first = shown.successes("first");
      long second = shown.successes("second");
      boolean allCounted = first + second + shown.successes("other") == 2;
      result.r1 = first == 1 ? second == 1 ? "both" : "first" : second == 1 ? "second" : "none";
      result.r2 = allCounted ? shown.folded() + " folded" : "lost";
    }
  }

  /** Two threads ask for one new model. */
  @JCStressTest
  @Outcome(
      id = "one recorder, both counted",
      expect = ACCEPTABLE,
      desc = "They share its recorder.")
  @Outcome(id = ".*, lost", expect = FORBIDDEN, desc = "One of them records in vain.")
  @State
  public static class AskAndAskForTheSame extends Server {
    private volatile @Nullable PredictionRecorder one;
    private volatile @Nullable PredictionRecorder two;

    @Actor
    public void ask() {
      one = recorder();
      predict(recorder());
    }

    @Actor
    public void askToo() {
      two = recorder();
      predict(recorder());
    }

    @Arbiter
    public void last(LL_Result result) {
      result.r1 = one == two ? "one recorder" : "two recorders";
      result.r2 = shown().successes(MODEL) == 2 ? "both counted" : "lost";
    }
  }
}
