package io.kubeserve.interleavings;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.kubeserve.metrics.ModelSummary;
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

/** A model that is retired while others ask for it, record and scrape. */
@SuppressWarnings("this-escape") // jcstress wants classes that are not final; nothing extends them
public final class Retiring {
  private Retiring() {}

  /** A retired model is asked for as a scrape finds that its time is over. */
  @JCStressTest
  @Outcome(
      id = "all, no place",
      expect = ACCEPTABLE,
      desc = "The model is back in service with what was counted before.")
  @Outcome(
      id = "since asked, no place",
      expect = ACCEPTABLE,
      desc = "The model was removed, and starts at 0.")
  @Outcome(
      id = "in vain, .*",
      expect = FORBIDDEN,
      desc = "The recorder that was given is not shown.")
  @Outcome(
      id = ".*, one place",
      expect = FORBIDDEN,
      desc = "The model is in service, but its place is given to another one.")
  @Outcome(
      id = ".*, two places",
      expect = FORBIDDEN,
      desc = "The model is in service, but its place is given back twice.")
  @State
  public static class ReviveAndRemoval extends Server {
    public ReviveAndRemoval() {
      super(1);
      predict(recorder());
      recorder().model().retire();
      outliveRetirement();
    }

    @Actor
    public void revive() {
      predict(recorder());
    }

    @Actor
    public void scrape() {
      scrapeOnce();
    }

    @Arbiter
    public void last(LL_Result result) {
      result.r1 = state(shown().successes(MODEL));
      result.r2 = freePlaces();
    }

    private static String state(long successes) {
      return successes == 2 ? "all" : successes == 1 ? "since asked" : "in vain";
    }
  }

  /** A model is retired by the holder of its recorder, and asked for by another thread. */
  @JCStressTest
  @Outcome(
      id = "one place, goes",
      expect = ACCEPTABLE,
      desc = "It is retired last: its place is free, and its series go.")
  @Outcome(
      id = "no place, stays",
      expect = ACCEPTABLE,
      desc = "It is back in service: it has its place, and its series stay.")
  @Outcome(
      id = "one place, stays",
      expect = FORBIDDEN,
      desc = "It is shown as in service without a place under the limit.")
  @Outcome(
      id = "no place, goes",
      expect = FORBIDDEN,
      desc = "It has a place that is never given back.")
  @State
  public static class RetireAndAsk extends Server {
    private final PredictionRecorder recorder = recorder();

    public RetireAndAsk() {
      super(1);
    }

    @Actor
    public void retire() {
      recorder.model().retire();
    }

    @Actor
    public void ask() {
      predict(recorder());
    }

    @Arbiter
    public void last(LL_Result result) {
      result.r1 = freePlaces();
      outliveRetirement();
      shown();
      result.r2 = shown().has(MODEL) ? "stays" : "goes";
    }
  }

  /** Two scrapes find that the time of a retired model is over. */
  @JCStressTest
  @Outcome(id = "one place", expect = ACCEPTABLE, desc = "It is removed once.")
  @Outcome(id = "no place", expect = FORBIDDEN, desc = "Its place is lost.")
  @Outcome(id = "two places", expect = FORBIDDEN, desc = "Its place is given back twice.")
  @Outcome(id = ".*Exception", expect = FORBIDDEN, desc = "A scrape fails.")
  @State
  public static class RemovalAndRemoval extends Server {
    public RemovalAndRemoval() {
      super(1);
      predict(recorder());
      recorder().model().retire();
      outliveRetirement();
    }

    @Actor
    public void scrape() {
      scrapeOnce();
    }

    @Actor
    public void scrapeToo() {
      scrapeOnce();
    }

    @Arbiter
    public void last(L_Result result) {
      result.r1 = seen(this::freePlaces);
    }
  }

  /** The last prediction of a retired model, and scrapes after its time. */
  @JCStressTest
  @Outcome(
      id = "seen",
      expect = ACCEPTABLE,
      desc = "A scrape has the last prediction before the series go.")
  @Outcome(id = "lost", expect = FORBIDDEN, desc = "The series go without it.")
  @State
  public static class RecordAndRemoval extends Server {
    private final Prediction prediction = recorder().start();

    public RecordAndRemoval() {
      recorder().model().retire();
      outliveRetirement();
    }

    @Actor
    public void record() {
      prediction.success();
      prediction.close();
    }

    @Actor
    public void scrape(L_Result result) {
      result.r1 = shown().successes(MODEL) + shown().successes(MODEL);
    }

    @Arbiter
    public void last(L_Result result) {
      result.r1 = (Long) result.r1 + shown().successes(MODEL) > 0 ? "seen" : "lost";
    }
  }

  /** A prediction that was timed elsewhere comes as a scrape removes the series of its model. */
  @JCStressTest
  @Outcome(
      id = "seen",
      expect = ACCEPTABLE,
      desc = "A scrape has it before the series go, or they come back.")
  @Outcome(id = "lost", expect = FORBIDDEN, desc = "It is in series that went without it.")
  @Outcome(id = "twice", expect = FORBIDDEN, desc = "A scrape has it twice.")
  @State
  public static class RecordElsewhereAndRemoval extends Server {
    private final PredictionRecorder recorder = recorder();

    public RecordElsewhereAndRemoval() {
      recorder.model().retire();
      scrapeOnce();
      outliveRetirement();
    }

    @Actor
    public void record() {
      recorder.record(Duration.ZERO, Status.SUCCESS);
    }

    @Actor
    public void scrape(L_Result result) {
      result.r1 = shown().successes(MODEL);
    }

    @Arbiter
    public void last(L_Result result) {
      long most = Math.max((Long) result.r1, shown().successes(MODEL));
      result.r1 = most > 1 ? "twice" : most == 1 ? "seen" : "lost";
    }
  }

  /** A prediction that was timed elsewhere comes as a new model takes the place of its own. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "It is counted once, whoever shows it.")
  @Outcome(id = "0", expect = FORBIDDEN, desc = "It is lost.")
  @Outcome(id = "2", expect = FORBIDDEN, desc = "It is counted by its model and by other.")
  @State
  public static class RecordAndDrop extends Server {
    private final PredictionRecorder recorder = recorder();

    public RecordAndDrop() {
      super(1);
      recorder.model().retire();
      metrics.recorder("second", "1").model().retire();
    }

    @Actor
    public void record() {
      recorder.record(Duration.ZERO, Status.SUCCESS);
    }

    @Actor
    public void takeThePlace() {
      metrics.recorder("third", "1");
    }

    @Arbiter
    public void last(L_Result result) {
      result.r1 = metrics.summary().models().stream().mapToLong(ModelSummary::successes).sum();
    }
  }

  /** A summary, and the scrape that removes a retired model. */
  @JCStressTest
  @Outcome(id = "with it", expect = ACCEPTABLE, desc = "The summary comes before the removal.")
  @Outcome(id = "without it", expect = ACCEPTABLE, desc = "The summary comes after the removal.")
  @Outcome(id = "twice", expect = FORBIDDEN, desc = "The summary has the model twice.")
  @State
  public static class RemovalAndSummary extends Server {
    public RemovalAndSummary() {
      predict(recorder());
      recorder().model().retire();
      outliveRetirement();
    }

    @Actor
    public void scrape() {
      scrapeOnce();
    }

    @Actor
    public void summarize(L_Result result) {
      result.r1 =
          seen(
              () -> {
                int models = metrics.summary().models().size();
                return models == 0 ? "without it" : models == 1 ? "with it" : "twice";
              });
    }
  }
}
