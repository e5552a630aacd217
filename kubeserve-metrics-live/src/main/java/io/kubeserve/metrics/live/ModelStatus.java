package io.kubeserve.metrics.live;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Locale;

/**
 * How a model is, and the sentence that tells people why.
 *
 * @param state in one word; the worst that holds
 * @param sentence in words
 */
record ModelStatus(State state, String sentence) {
  /** How a model can be. */
  enum State {
    GONE,
    NOT_READY,
    FAILING,
    SLOW,
    IDLE,
    SERVING;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** The share of predictions that may fail; the objective of the chart's alerts is the same. */
  private static final double FAILING_ABOVE = 0.01;

  private static final double P95 = 0.95;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int MILLIS_PER_SECOND = 1000;
  private static final MathContext THREE_DIGITS = new MathContext(3);

  /**
   * Concludes how a model is.
   *
   * @param model what is kept of it
   * @param history what it is kept in
   * @param slowAbove the 95th percentile above which it is slow
   */
  static ModelStatus of(LiveModel model, LiveHistory history, Duration slowAbove) {
    if (model.isGone()) {
      return new ModelStatus(
          State.GONE, "The server has this model no longer. What is shown is its past.");
    }
    if (!model.last().ready().orElse(true)) {
      return new ModelStatus(
          State.NOT_READY, "It is being loaded, could not be loaded, or is being retired.");
    }
    EndedPredictions ended = history.recentlyEnded(model);
    String lately = inTheLast(history.recently());
    if (ended.all() == 0) {
      return withoutEnded(model.last().inFlight(), lately);
    }
    if (ended.failed() > FAILING_ABOVE * ended.all()) {
      return new ModelStatus(
          State.FAILING,
          "%s %s, of which %s failed, most of them with the reason %s."
              .formatted(
                  predictions(ended.all()),
                  lately,
                  count(ended.failed()),
                  ended.mostFrequentReason()));
    }
    double p95 = model.last().recentLatency().quantileMillis(P95);
    double slowAboveMillis = slowAbove.toNanos() / NANOS_PER_MILLI;
    if (p95 > slowAboveMillis) {
      return new ModelStatus(
          State.SLOW,
          "One in twenty of the predictions %s took longer than %s, which is more than %s."
              .formatted(inTheLast(history.window()), time(p95), time(slowAboveMillis)));
    }
    return new ModelStatus(
        State.SERVING,
        "%s %s, of which %s failed."
            .formatted(predictions(ended.all()), lately, count(ended.failed())));
  }

  private static ModelStatus withoutEnded(long inFlight, String lately) {
    return inFlight == 0
        ? new ModelStatus(State.IDLE, "No prediction %s.".formatted(lately))
        : new ModelStatus(
            State.SLOW,
            "%s under way, and none that ended %s.".formatted(predictions(inFlight), lately));
  }

  private static String inTheLast(Duration duration) {
    return "in the last " + time(duration.toNanos() / NANOS_PER_MILLI);
  }

  private static String predictions(long number) {
    return count(number) + (number == 1 ? " prediction" : " predictions");
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String time(double millis) {
    return millis < MILLIS_PER_SECOND
        ? rounded(millis) + " ms"
        : rounded(millis / MILLIS_PER_SECOND) + " s";
  }

  private static String rounded(double value) {
    return new BigDecimal(value, THREE_DIGITS).stripTrailingZeros().toPlainString();
  }
}
