package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What RxJava and Mutiny publish is timed each time somebody subscribes to it. */
class AdaptedResultsTest {
  private static final long MILLIS_OF_WORK = 20;

  /** A model, by each of the types. */
  static class Model {
    private final AtomicLong nanos;

    Model(AtomicLong nanos) {
      this.nanos = nanos;
    }

    private String label(boolean fails) throws TimeoutException {
      nanos.addAndGet(MILLIS_OF_WORK * 1_000_000);
      if (fails) {
        throw new TimeoutException("no answer");
      }
      return "label";
    }

    @TimedPrediction
    public Single<String> single(boolean fails) {
      return Single.fromCallable(() -> label(fails));
    }

    @TimedPrediction
    public Maybe<String> maybe(boolean fails) {
      return Maybe.fromCallable(() -> label(fails));
    }

    @TimedPrediction
    public Completable completable(boolean fails) {
      return Completable.fromCallable(() -> label(fails));
    }

    @TimedPrediction
    public Flowable<String> flowable(boolean fails) {
      return Flowable.fromCallable(() -> label(fails));
    }

    @TimedPrediction
    public Observable<String> observable(boolean fails) {
      return Observable.fromCallable(() -> label(fails));
    }

    @TimedPrediction
    public Uni<String> uni(boolean fails) {
      return Uni.createFrom()
          .item(
              () -> {
                try {
                  return label(fails);
                } catch (TimeoutException e) {
                  throw new IllegalStateException(e);
                }
              });
    }

    @TimedPrediction
    public Multi<String> multi(boolean fails) {
      return uni(fails).toMulti();
    }

    @TimedPrediction
    public Object object(boolean fails) {
      return single(fails);
    }

    @TimedPrediction
    public Uni<String> never() {
      return Uni.createFrom().nothing();
    }
  }

  private final AtomicLong nanos = new AtomicLong();

  private final ApplicationContextRunner runner =
      TimedContext.RUNNER
          .withBean(PredictionMetricsCustomizer.class, () -> builder -> builder.ticker(nanos::get))
          .withBean(Model.class, () -> new Model(nanos));

  /** Subscribes to a result of the model and waits for its end. */
  private interface Subscription {
    @Nullable Object result(Model model, boolean fails);
  }

  private static final Map<String, Subscription> BY_TYPE =
      Map.of(
          "Single", (model, fails) -> model.single(fails).blockingGet(),
          "Maybe", (model, fails) -> model.maybe(fails).blockingGet(),
          "Completable",
              (model, fails) -> model.completable(fails).toSingleDefault("label").blockingGet(),
          "Flowable", (model, fails) -> model.flowable(fails).blockingLast(),
          "Observable", (model, fails) -> model.observable(fails).blockingLast(),
          "Uni", (model, fails) -> model.uni(fails).await().indefinitely(),
          "Multi", (model, fails) -> model.multi(fails).collect().last().await().indefinitely(),
          "Object", (model, fails) -> ((Single<?>) model.object(fails)).blockingGet());

  private static double of(PrometheusRegistry registry, String name, String label, String value) {
    return Samples.of(registry).value(name, Map.of(label, value));
  }

  @Test
  void each_isTimedFromItsSubscriptionToItsEnd() {
    BY_TYPE.forEach(
        (type, subscription) ->
            runner.run(
                context -> {
                  Model model = context.getBean(Model.class);
                  PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
                  assertThat(subscription.result(model, false)).as(type).isEqualTo("label");
                  assertThat(of(registry, "predictions_total", "status", "success"))
                      .as(type)
                      .isEqualTo(1);
                  assertThat(Samples.of(registry).value("prediction_latency_ms_sum"))
                      .as(type)
                      .isEqualTo(MILLIS_OF_WORK);

                  assertThatThrownBy(() -> subscription.result(model, true))
                      .as(type)
                      .hasStackTraceContaining("no answer");
                  assertThat(of(registry, "prediction_errors_total", "reason", "timeout"))
                      .as(type)
                      .isEqualTo(1);
                  assertThat(Samples.of(registry).value("predictions_in_flight")).isZero();
                }));
  }

  @Test
  void uni_thatIsCancelled_saysSo() {
    runner.run(
        context -> {
          PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
          context.getBean(Model.class).never().subscribe().with(List::of).cancel();
          assertThat(of(registry, "prediction_errors_total", "reason", "cancelled")).isEqualTo(1);
          assertThat(Samples.of(registry).value("predictions_in_flight")).isZero();
        });
  }

  /** Has the classes of this one's path, less Reactor. */
  private static final class WithoutReactor extends URLClassLoader {
    WithoutReactor() throws MalformedURLException {
      super(
          new URL[] {
            DeferredResults.class.getProtectionDomain().getCodeSource().getLocation(),
            AdaptedResultsTest.class.getProtectionDomain().getCodeSource().getLocation()
          },
          AdaptedResultsTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("reactor.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("io.kubeserve.metrics.spring.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }

  /** Nothing there says when they end, and a success of no time would look healthy. */
  @ParameterizedTest
  @ValueSource(
      strings = {"single", "maybe", "completable", "flowable", "observable", "uni", "multi"})
  void withoutReactor_stopsTheStart(String method) throws Exception {
    Class<?> model = Model.class;
    assertThat(DeferredResults.refusal(model.getMethod(method, boolean.class), model)).isNull();

    try (URLClassLoader loader = new WithoutReactor()) {
      Method refusal =
          loader
              .loadClass(DeferredResults.class.getName())
              .getDeclaredMethod("refusal", Method.class, Class.class);
      refusal.setAccessible(true);
      assertThat(refusal.invoke(null, model.getMethod(method, boolean.class), model))
          .asString()
          .contains("whose end is not known", "with Reactor");
    }
  }
}
