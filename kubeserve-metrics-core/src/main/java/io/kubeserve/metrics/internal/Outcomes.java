package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.ErrorReason;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The ways in which a prediction of a server can end. Safe for use by many threads. */
public final class Outcomes {
  /** How many there are where nobody asks how something ended. */
  static final int SUCCESS_ALONE = 1;

  private final Declared<ErrorReason> reasons;
  private final List<Outcome> errors;

  /**
   * Makes the outcomes of a server.
   *
   * @param ownReasons the reasons that a user declared
   */
  public Outcomes(List<ErrorReason> ownReasons) {
    this.reasons =
        new Declared<>(ErrorReason.standard(), ownReasons, "errorReasons(...) of the builder");
    this.errors =
        IntStream.rangeClosed(1, reasons.size())
            .mapToObj(index -> index == Outcome.OTHER.index() ? Outcome.OTHER : new Outcome(index))
            .toList();
  }

  /**
   * Returns how many there are.
   *
   * @return the success and one for each reason
   */
  public int count() {
    return 1 + errors.size();
  }

  /** Returns the reasons that there can be. */
  List<ErrorReason> reasons() {
    return reasons.all();
  }

  /**
   * Returns the outcome for a reason.
   *
   * @param reason why it is an error; {@code null} if the caller does not know
   * @return the error; {@link Outcome#OTHER} where the reason was not declared
   */
  public Outcome of(@Nullable ErrorReason reason) {
    return errors.get(reasons.indexOf(reason));
  }
}
