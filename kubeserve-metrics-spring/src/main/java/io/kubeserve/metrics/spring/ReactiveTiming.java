package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.ErrorReason;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Times what is published, from each subscription to its end: for one that publishes a single
 * value, to that value. What follows is not in it. Loaded only with Reactor.
 */
final class ReactiveTiming {
  private static final ReactiveAdapterRegistry ADAPTERS =
      ReactiveAdapterRegistry.getSharedInstance();

  /** Asked for the class of every result. */
  private static final ClassValue<Optional<ReactiveAdapter>> BY_CLASS =
      new ClassValue<>() {
        @Override
        protected Optional<ReactiveAdapter> computeValue(Class<?> type) {
          return mostSpecific(type).filter(ReactiveTiming::beginsWithSubscription);
        }
      };

  private ReactiveTiming() {}

  static boolean isPublisher(Class<?> type) {
    return Publisher.class.isAssignableFrom(type) || adapter(type) != null;
  }

  /**
   * Finds the adapter of the nearest type: the registry has one of {@link Publisher} for whatever
   * is one, by which a Flowable of RxJava would become a Flux.
   */
  private static Optional<ReactiveAdapter> mostSpecific(Class<?> type) {
    return types(type)
        .filter(near -> near != Object.class)
        .flatMap(
            near ->
                Stream.ofNullable(ADAPTERS.getAdapter(near))
                    .filter(adapter -> adapter.getReactiveType() == near))
        .reduce((one, other) -> isNearer(other, one) ? other : one);
  }

  private static Stream<Class<?>> types(Class<?> type) {
    Stream<Class<?>> above =
        Stream.concat(Stream.ofNullable(type.getSuperclass()), Stream.of(type.getInterfaces()));
    return Stream.concat(Stream.of(type), above.flatMap(ReactiveTiming::types));
  }

  private static boolean isNearer(ReactiveAdapter adapter, ReactiveAdapter than) {
    return than.getReactiveType().isAssignableFrom(adapter.getReactiveType());
  }

  /** Unlike a future, or Kotlin's Deferred. */
  private static boolean beginsWithSubscription(ReactiveAdapter adapter) {
    return adapter.getDescriptor().isDeferred()
        && !DeferredResults.isNeverTimed(adapter.getReactiveType());
  }

  private static @Nullable ReactiveAdapter adapter(Class<?> type) {
    return BY_CLASS.get(type).orElse(null);
  }

  /** Says whether what times a publisher of this type is of the type as well. */
  static boolean canBeHandedOut(Class<?> type) {
    ReactiveAdapter adapter = adapter(type);
    return type.isAssignableFrom(Mono.class)
        || type.isAssignableFrom(Flux.class)
        || (adapter != null && type.isAssignableFrom(adapter.getReactiveType()));
  }

  /**
   * Returns what times each subscription, of the nearest type that Spring has an adapter for;
   * {@code null} if a result publishes nothing, or is a plain {@link Flow.Publisher}.
   */
  static @Nullable Object timed(Object result, PredictionRecorder recorder) {
    if (result instanceof Mono<?> mono) {
      return timed(mono, recorder);
    }
    if (result instanceof Flux<?> flux) {
      return timed(flux, recorder);
    }
    ReactiveAdapter adapter = adapter(result.getClass());
    if (adapter == null || adapter.getReactiveType() == Flow.Publisher.class) {
      return null;
    }
    Publisher<?> publisher = adapter.toPublisher(result);
    return adapter.fromPublisher(
        adapter.isMultiValue()
            ? timed(Flux.from(publisher), recorder)
            : timed(Mono.from(publisher), recorder));
  }

  /** Hidden, since what is fused passes its values by a way of its own. */
  private static <T> Mono<T> timed(Mono<T> mono, PredictionRecorder recorder) {
    return mono.hide()
        .transform(
            Operators.<T, T>lift(
                (source, subscriber) -> new Timed<>(subscriber, recorder.start(), true)));
  }

  private static <T> Flux<T> timed(Flux<T> flux, PredictionRecorder recorder) {
    return flux.hide()
        .transform(
            Operators.<T, T>lift(
                (source, subscriber) -> new Timed<>(subscriber, recorder.start(), false)));
  }

  /** Ends the prediction of a subscription before anybody further down sees why. */
  private static final class Timed<T> implements CoreSubscriber<T>, Subscription {
    private final CoreSubscriber<? super T> subscriber;
    private final Prediction prediction;
    private final boolean ofOneValue;
    private @Nullable Subscription subscription;

    Timed(CoreSubscriber<? super T> subscriber, Prediction prediction, boolean ofOneValue) {
      this.subscriber = subscriber;
      this.prediction = prediction;
      this.ofOneValue = ofOneValue;
    }

    @Override
    public Context currentContext() {
      return subscriber.currentContext();
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
      subscription = newSubscription;
      subscriber.onSubscribe(this);
    }

    @Override
    public void onNext(T value) {
      if (ofOneValue) {
        succeed();
      }
      subscriber.onNext(value);
    }

    @Override
    public void onComplete() {
      succeed();
      subscriber.onComplete();
    }

    private void succeed() {
      prediction.success();
      prediction.close();
    }

    @Override
    public void onError(Throwable thrown) {
      prediction.error(thrown);
      prediction.close();
      subscriber.onError(thrown);
    }

    @Override
    public void request(long values) {
      Subscription known = subscription;
      if (known != null) {
        known.request(values);
      }
    }

    @Override
    public void cancel() {
      prediction.error(ErrorReason.CANCELLED);
      prediction.close();
      Subscription known = subscription;
      if (known != null) {
        known.cancel();
      }
    }
  }
}
