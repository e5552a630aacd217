package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.ErrorReason;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The items of a stream, counted as they are fetched. A success once there is no further one, an
 * error when fetching throws, and cancelled when it is closed before. For one thread at a time.
 *
 * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="timedIterator"}
 *
 * @param <T> the type of the items
 * @since 0.1.0
 */
public final class TimedIterator<T extends @Nullable Object> implements Iterator<T>, AutoCloseable {
  private final PredictionStream stream;
  private final Iterator<? extends T> items;

  private TimedIterator(PredictionStream stream, Iterator<? extends T> items) {
    this.stream = stream;
    this.items = items;
  }

  /**
   * Makes a call that returns the items of a stream, and records the stream as they are fetched.
   *
   * @param recorder what counts the stream
   * @param call the prediction
   * @param <T> the type of the items
   * @param <X> what the call throws
   * @return the items; close it if you may stop before the last one
   * @throws X what the call throws, untouched
   */
  public static <T extends @Nullable Object, X extends Throwable> TimedIterator<T> of(
      PredictionRecorder recorder, ThrowingSupplier<? extends Iterator<? extends T>, X> call)
      throws X {
    Objects.requireNonNull(call, "call");
    PredictionStream stream = recorder.startStream();
    try {
      return new TimedIterator<>(stream, call.get());
    } catch (Throwable thrown) {
      stream.error(thrown);
      stream.close();
      throw thrown;
    }
  }

  /**
   * Returns whether there is a further item, and ends the stream if there is none.
   *
   * @return whether {@link #next} has one
   */
  @Override
  public boolean hasNext() {
    boolean more;
    try {
      more = items.hasNext();
    } catch (Throwable thrown) {
      fail(thrown);
      throw thrown;
    }
    if (!more) {
      stream.success();
      stream.close();
    }
    return more;
  }

  @Override
  public T next() {
    T item;
    try {
      item = items.next();
    } catch (Throwable thrown) {
      fail(thrown);
      throw thrown;
    }
    stream.item();
    return item;
  }

  private void fail(Throwable thrown) {
    stream.error(thrown);
    stream.close();
  }

  /** Gives the stream up, unless it has ended. */
  @Override
  public void close() {
    stream.error(ErrorReason.CANCELLED);
    stream.close();
  }
}
