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
import org.openjdk.jcstress.infra.results.L_Result;

/** Recorders with a label of the user's own. */
@SuppressWarnings("this-escape") // jcstress wants classes that are not final; nothing extends them
public final class Labelling {
  private static final String TENANT = "tenant";

  private Labelling() {}

  /** Two new label sets and one place. */
  @JCStressTest
  @Outcome(
      id = "acme, 1 folded",
      expect = ACCEPTABLE,
      desc = "The first one has the place, and the second one is folded.")
  @Outcome(
      id = "umbrella, 1 folded",
      expect = ACCEPTABLE,
      desc = "The second one has the place, and the first one is folded.")
  @Outcome(id = "both, .*", expect = FORBIDDEN, desc = "Both have series of their own.")
  @Outcome(id = "none, .*", expect = FORBIDDEN, desc = "Neither has.")
  @State
  public static class AskAndAskForAnother extends Server {
    public AskAndAskForAnother() {
      super(TENANT, 1);
    }

    @Actor
    public void askForAcme() {
      predict(recorder().withLabelValues("acme"));
    }

    @Actor
    public void askForUmbrella() {
      predict(recorder().withLabelValues("umbrella"));
    }

    @Arbiter
    public void last(LL_Result result) {
      Shown shown = shown();
      long acme = shown.successes(TENANT, "acme");
      long umbrella = shown.successes(TENANT, "umbrella");
      boolean allCounted = acme + umbrella + shown.successes(TENANT, "other") == 2;
      result.r1 = acme == 1 ? umbrella == 1 ? "both" : "acme" : umbrella == 1 ? "umbrella" : "none";
      result.r2 = allCounted ? shown.foldedLabelSets() + " folded" : "lost";
    }
  }

  /** A recorder with a label counts as a scrape finds that the time of its model is over. */
  @JCStressTest
  @Outcome(id = "seen", expect = ACCEPTABLE, desc = "A scrape has both predictions.")
  @Outcome(id = "lost", expect = FORBIDDEN, desc = "No scrape ever has the second one.")
  @State
  public static class RecordAndRemoval extends Server {
    private final PredictionRecorder labelled;

    public RecordAndRemoval() {
      super(TENANT, 2);
      labelled = recorder().withLabelValues("acme");
      predict(labelled);
      recorder().model().retire();
      outliveRetirement();
      scrapeOnce();
    }

    @Actor
    public void record() {
      predict(labelled);
    }

    @Actor
    public void scrape(L_Result result) {
      result.r1 = shown().successes(TENANT, "acme");
    }

    @Arbiter
    public void last(L_Result result) {
      long seen = Math.max((Long) result.r1, shown().successes(TENANT, "acme"));
      result.r1 = seen == 2 ? "seen" : "lost";
    }
  }
}
