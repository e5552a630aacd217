package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.ErrorReason;
import java.util.Objects;
import java.util.concurrent.Flow;

/**
 * A publisher each of whose subscriptions is recorded as a stream, from its subscription to its
 * completion, failure or cancellation. Safe for use by as many threads as its source is.
 *
 * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="timedPublisher"}
 *
 * @param <T> the type of the items
 * @since 0.1.0
 */
public final class TimedPublisher<T> implements Flow.Publisher<T> {
  private final PredictionRecorder recorder;
  private final Flow.Publisher<T> source;

  private TimedPublisher(PredictionRecorder recorder, Flow.Publisher<T> source) {
    this.recorder = recorder;
    this.source = source;
  }

  /**
   * Wraps a publisher.
   *
   * @param recorder what counts the streams
   * @param source what publishes the items
   * @param <T> the type of the items
   * @return a publisher of the same items
   */
  public static <T> TimedPublisher<T> of(PredictionRecorder recorder, Flow.Publisher<T> source) {
    return new TimedPublisher<>(
        Objects.requireNonNull(recorder, "recorder"), Objects.requireNonNull(source, "source"));
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    PredictionStream stream = recorder.startStream();
    try {
      source.subscribe(new TimedSubscriber<>(subscriber, stream));
    } catch (Throwable thrown) {
      stream.error(thrown);
      stream.close();
      throw thrown;
    }
  }

  private record TimedSubscriber<T>(Flow.Subscriber<? super T> subscriber, PredictionStream stream)
      implements Flow.Subscriber<T> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriber.onSubscribe(new TimedSubscription(subscription, stream));
    }

    @Override
    public void onNext(T item) {
      stream.item();
      subscriber.onNext(item);
    }

    @Override
    public void onError(Throwable thrown) {
      stream.error(thrown);
      stream.close();
      subscriber.onError(thrown);
    }

    @Override
    public void onComplete() {
      stream.success();
      stream.close();
      subscriber.onComplete();
    }
  }

  private record TimedSubscription(Flow.Subscription subscription, PredictionStream stream)
      implements Flow.Subscription {
    @Override
    public void request(long items) {
      subscription.request(items);
    }

    @Override
    public void cancel() {
      stream.error(ErrorReason.CANCELLED);
      stream.close();
      subscription.cancel();
    }
  }
}
