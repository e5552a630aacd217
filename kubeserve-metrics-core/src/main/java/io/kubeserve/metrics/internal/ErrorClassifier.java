package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.ErrorReason;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives what a prediction threw a reason: the first that is known of the throwable or of its
 * causes. Never throws; safe for use by many threads.
 */
public final class ErrorClassifier {
  /** More causes than a wrapped exception has; and an end to those that are their own. */
  private static final int MAX_CAUSES = 10;

  /** A cancellation by its type; of a library that not everybody has. */
  private static final String KOTLIN_TIMEOUT = "kotlinx.coroutines.TimeoutCancellationException";

  private final Outcomes outcomes;
  private final Function<? super Throwable, ? extends @Nullable ErrorReason> own;

  /**
   * Makes a classifier.
   *
   * @param outcomes what there is to choose from
   * @param own asked first; {@code null} leaves a throwable to this class
   */
  public ErrorClassifier(
      Outcomes outcomes, Function<? super Throwable, ? extends @Nullable ErrorReason> own) {
    this.outcomes = outcomes;
    this.own = own;
  }

  /**
   * Returns what there is to choose from.
   *
   * @return always the same
   */
  public Outcomes outcomes() {
    return outcomes;
  }

  /**
   * Finds the outcome of a prediction that threw.
   *
   * @param thrown what it threw; {@code null} if nobody knows
   * @return an error
   */
  public Outcome outcomeOf(@Nullable Throwable thrown) {
    try {
      Throwable cause = thrown;
      for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
        ErrorReason reason = own.apply(cause);
        if (reason == null) {
          reason = known(cause);
        }
        if (reason != null) {
          return outcomes.of(reason);
        }
        cause = cause.getCause();
      }
    } catch (Throwable foreign) {
      // A classifier or a getCause() that throws must not replace what the prediction threw.
      return Outcome.OTHER;
    }
    return Outcome.OTHER;
  }

  private static @Nullable ErrorReason known(Throwable thrown) {
    if (thrown instanceof TimeoutException
        || thrown.getClass().getName().equals(KOTLIN_TIMEOUT)
        || thrown instanceof SocketTimeoutException
        || thrown instanceof HttpTimeoutException) {
      return ErrorReason.TIMEOUT;
    }
    if (thrown instanceof CancellationException
        || thrown instanceof InterruptedException
        || thrown instanceof ClosedByInterruptException) {
      return ErrorReason.CANCELLED;
    }
    if (thrown instanceof RejectedExecutionException) {
      return ErrorReason.REJECTED;
    }
    return thrown instanceof IllegalArgumentException ? ErrorReason.INVALID_INPUT : null;
  }
}
