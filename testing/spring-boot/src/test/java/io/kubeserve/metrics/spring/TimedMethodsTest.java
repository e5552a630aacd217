package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeserve.metrics.spring.elsewhere.NarrowModel;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kotlin.coroutines.Continuation;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.Ordered;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.async.DeferredResult;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;

/** A method with the annotation is timed, or the application does not start. */
class TimedMethodsTest {
  static class PrivateMethod {
    @TimedPrediction
    @SuppressWarnings("UnusedMethod") // which is what makes the start fail
    private void predict() {}
  }

  static class StaticMethod {
    @TimedPrediction
    public static void predict() {}
  }

  static class FinalMethod {
    @TimedPrediction
    public final void predict() {}
  }

  static class InheritsFinalMethod extends FinalMethod {}

  static final class FinalClass {
    @TimedPrediction
    public void predict() {}
  }

  static class PlainFuture {
    @TimedPrediction
    public FutureTask<String> predict() {
      return new FutureTask<>(() -> "label");
    }
  }

  static class Suspending {
    @TimedPrediction
    public @Nullable Object predict(float x, Continuation<? super Float> continuation) {
      return x;
    }
  }

  static class Deferred {
    @TimedPrediction
    public DeferredResult<String> predict() {
      return new DeferredResult<>();
    }
  }

  static class Called {
    @TimedPrediction
    public Callable<String> predict() {
      return () -> "label";
    }
  }

  static class Streaming {
    @TimedPrediction
    public Stream<String> predict() {
      return Stream.of("label");
    }
  }

  static class Connectable {
    @TimedPrediction
    public ConnectableFlux<String> predict() {
      return Flux.just("label").publish();
    }
  }

  static class Inside {
    @TimedPrediction
    public ResponseEntity<Flux<String>> predict() {
      return ResponseEntity.ok(Flux.just("label"));
    }
  }

  static class FarInside {
    @TimedPrediction
    public Map<String, List<Flux<String>>> predict() {
      return Map.of();
    }
  }

  /** Spring's proxy is of its package, and its method of another one. */
  static class OfAnotherPackage extends NarrowModel {}

  static Stream<Arguments> whatCannotBeTimed() {
    String seen = "is private or static, which Spring AOP does not see";
    String overridden = "is final, which Spring AOP cannot override";
    String unknown = "whose end is not known";
    return Stream.of(
        Arguments.of(PrivateMethod.class, seen),
        Arguments.of(StaticMethod.class, seen),
        Arguments.of(FinalMethod.class, overridden),
        Arguments.of(InheritsFinalMethod.class, overridden),
        Arguments.of(OfAnotherPackage.class, "is of another package"),
        Arguments.of(PlainFuture.class, "a Future that does not say when it completes"),
        Arguments.of(Suspending.class, "is a suspend function"),
        Arguments.of(Deferred.class, unknown),
        Arguments.of(Called.class, unknown),
        Arguments.of(Streaming.class, unknown),
        Arguments.of(Connectable.class, unknown),
        Arguments.of(Inside.class, "reactor.core.publisher.Flux<java.lang.String> inside"),
        Arguments.of(FarInside.class, "reactor.core.publisher.Flux<java.lang.String> inside"));
  }

  @ParameterizedTest
  @MethodSource("whatCannotBeTimed")
  void whatCannotBeTimed_stopsTheStart(Class<?> bean, String why) {
    TimedContext.RUNNER
        .withBean(bean)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("@TimedPrediction on io.kubeserve.metrics.spring.")
                    .hasStackTraceContaining(".predict cannot time it: the method ")
                    .hasStackTraceContaining(why));
  }

  @Test
  void whatCannotBeTimed_ofALazyBean_stopsItsFirstUse() {
    TimedContext.RUNNER
        .withBean(
            PrivateMethod.class, PrivateMethod::new, definition -> definition.setLazyInit(true))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThatThrownBy(() -> context.getBean(PrivateMethod.class))
                  .hasStackTraceContaining("is private or static");
            });
  }

  /** Whatever it needs is made before there are proxies. */
  abstract static class MadeEarly implements BeanPostProcessor, Ordered {
    @Override
    public int getOrder() {
      return 0;
    }
  }

  static class NeedsPrivateMethod extends MadeEarly {
    final PrivateMethod needed;

    NeedsPrivateMethod(PrivateMethod needed) {
      this.needed = needed;
    }
  }

  @Test
  void whatCannotBeTimed_ofABeanThatABeanPostProcessorNeeds_stopsTheStart() {
    TimedContext.RUNNER
        .withBean(PrivateMethod.class)
        .withBean(NeedsPrivateMethod.class)
        .run(
            context ->
                assertThat(context).getFailure().hasStackTraceContaining("is private or static"));
  }

  static class Narrow {
    @TimedPrediction(model = "narrow", version = "1")
    float ofThePackage(float x) {
      return x;
    }

    @TimedPrediction(model = "narrow", version = "1")
    protected float ofSubclasses(float x) {
      return x;
    }
  }

  @Test
  void methodsThatAreNotPublic_areTimed() {
    TimedContext.RUNNER
        .withBean(Narrow.class)
        .run(
            context -> {
              Narrow narrow = context.getBean(Narrow.class);
              narrow.ofThePackage(1);
              narrow.ofSubclasses(1);
              assertThat(successes(context.getBean(PrometheusRegistry.class), "narrow"))
                  .isEqualTo(2);
            });
  }

  @Test
  void finalClass_stopsTheStart() {
    TimedContext.RUNNER
        .withBean(FinalClass.class)
        .run(
            context ->
                assertThat(context).getFailure().rootCause().hasMessageContaining("FinalClass"));
  }

  /** Boot 3.5 has AspectJ on its class path here, the others have not. */
  @Test
  void aspectJ_isThereOnOneBootAlone() {
    assertThat(org.springframework.util.ClassUtils.isPresent("org.aspectj.weaver.Advice", null))
        .isEqualTo(System.getProperty("spring-boot.version").startsWith("3.5"));
  }

  /** What a team's models have in common. */
  interface Predictor {
    float predict(float x);
  }

  static class Churn implements Predictor {
    @Override
    @TimedPrediction(model = "churn", version = "1")
    public float predict(float x) {
      return x;
    }
  }

  static class Fraud implements Predictor {
    @Override
    @TimedPrediction(model = "fraud", version = "1")
    public float predict(float x) {
      return x;
    }
  }

  /** A final class has a proxy of its interfaces. */
  static final class Spam implements Predictor {
    @Override
    @TimedPrediction(model = "spam", version = "1")
    public float predict(float x) {
      return x;
    }
  }

  static class OffTheInterface implements Predictor {
    @Override
    public float predict(float x) {
      return explain(x);
    }

    @TimedPrediction
    public float explain(float x) {
      return x;
    }
  }

  private static double successes(PrometheusRegistry registry, String model) {
    return Samples.of(registry)
        .value("predictions_total", Map.of("status", "success", "model", model, "version", "1"));
  }

  private static void timesChurnOnce(AssertableApplicationContext context) {
    assertThat(context).hasNotFailed();
    context.getBean("churn", Predictor.class).predict(1);
    assertThat(successes(context.getBean(PrometheusRegistry.class), "churn")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void beansOfOneInterface_haveTheirOwnRecorders(boolean proxyTargetClass) {
    ApplicationContextRunner runner =
        TimedContext.RUNNER
            .withPropertyValues("spring.aop.proxy-target-class=" + proxyTargetClass)
            .withBean("churn", Predictor.class, Churn::new)
            .withBean("fraud", Predictor.class, Fraud::new);
    if (!proxyTargetClass) {
      runner = runner.withBean("spam", Predictor.class, Spam::new);
    }
    runner.run(
        context -> {
          context.getBean("churn", Predictor.class).predict(1);
          context.getBean("churn", Predictor.class).predict(1);
          context.getBean("fraud", Predictor.class).predict(1);

          PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
          assertThat(successes(registry, "churn")).isEqualTo(2);
          assertThat(successes(registry, "fraud")).isEqualTo(1);
          if (!proxyTargetClass) {
            context.getBean("spam", Predictor.class).predict(1);
            assertThat(successes(registry, "spam")).isEqualTo(1);
          }
        });
  }

  @Test
  void methodOffTheInterface_withProxiesOfInterfaces_stopsTheStart() {
    TimedContext.RUNNER
        .withPropertyValues("spring.aop.proxy-target-class=false")
        .withBean(OffTheInterface.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("OffTheInterface.explain cannot time it")
                    .hasStackTraceContaining("leave spring.aop.proxy-target-class at true"));
  }

  /** Needs the other one, which needs it. */
  static class One {
    @org.springframework.beans.factory.annotation.Autowired @Nullable Two two;

    @TimedPrediction(model = "one", version = "1")
    public void predict() {}
  }

  static class Two {
    @org.springframework.beans.factory.annotation.Autowired @Nullable One one;
  }

  @Test
  void beansInACircle_areTimed() {
    TimedContext.RUNNER
        .withInitializer(
            context ->
                ((org.springframework.beans.factory.support.DefaultListableBeanFactory)
                        context.getBeanFactory())
                    .setAllowCircularReferences(true))
        .withBean(One.class)
        .withBean(Two.class)
        .run(
            context -> {
              context.getBean(One.class).predict();
              assertThat(successes(context.getBean(PrometheusRegistry.class), "one")).isEqualTo(1);
            });
  }

  @Test
  void model_hasItsSeriesFromTheStart() {
    TimedContext.RUNNER
        .withBean("churn", Predictor.class, Churn::new)
        .run(
            context ->
                assertThat(successes(context.getBean(PrometheusRegistry.class), "churn")).isZero());
  }

  /** Of a class that a client of HTTP or a repository makes. */
  interface Remote {
    @TimedPrediction(model = "remote", version = "1")
    List<String> predict();
  }

  @Test
  void annotationOnAnInterface_isTimed_whateverImplementsIt() {
    Remote proxy =
        (Remote)
            java.lang.reflect.Proxy.newProxyInstance(
                Remote.class.getClassLoader(),
                new Class<?>[] {Remote.class},
                (self, method, arguments) ->
                    method.getName().equals("predict") ? List.of("label") : 0);
    TimedContext.RUNNER
        .withBean("lambda", Remote.class, () -> () -> List.of("label"))
        .withBean("proxy", Remote.class, () -> proxy)
        .run(
            context -> {
              context.getBean("lambda", Remote.class).predict();
              context.getBean("proxy", Remote.class).predict();
              assertThat(successes(context.getBean(PrometheusRegistry.class), "remote"))
                  .isEqualTo(2);
            });
  }

  static class SelfBounded<T extends Comparable<T>> {
    @TimedPrediction(model = "bounded", version = "1")
    public T predict(T x) {
      return x;
    }
  }

  @Test
  void genericsThatAreBoundedByThemselves_areTimed() {
    TimedContext.RUNNER
        .withBean("bounded", SelfBounded.class, () -> new SelfBounded<String>())
        .run(
            context -> {
              @SuppressWarnings("unchecked")
              SelfBounded<String> model = context.getBean("bounded", SelfBounded.class);
              model.predict("x");
              assertThat(successes(context.getBean(PrometheusRegistry.class), "bounded"))
                  .isEqualTo(1);
            });
  }

  static class Supplying {
    @TimedPrediction
    public Supplier<String> predict() {
      return () -> "label";
    }
  }

  @Test
  void supplier_stopsTheStart() {
    TimedContext.RUNNER
        .withBean(Supplying.class)
        .run(context -> assertThat(context).getFailure().hasStackTraceContaining("Supplying"));
  }

  @Test
  void beanOfAChildContext_isTimedOnce() {
    TimedContext.RUNNER.run(
        parent ->
            TimedContext.RUNNER
                .withParent(parent)
                .withBean("churn", Predictor.class, Churn::new)
                .run(TimedMethodsTest::timesChurnOnce));
  }

  @Test
  void twoWhoMakeProxies_timeOnce() {
    TimedContext.RUNNER
        .withBean(DefaultAdvisorAutoProxyCreator.class)
        .withBean("churn", Predictor.class, Churn::new)
        .run(TimedMethodsTest::timesChurnOnce);
  }

  @Test
  void proxyOfAnother_aroundTheProxyThatTimes_isTimed() {
    TimedContext.RUNNER
        .withBean(
            BeanNameAutoProxyCreator.class,
            () -> {
              BeanNameAutoProxyCreator others = new BeanNameAutoProxyCreator();
              others.setBeanNames("churn");
              return others;
            })
        .withBean("churn", Predictor.class, Churn::new)
        .run(TimedMethodsTest::timesChurnOnce);
  }

  @Test
  void beanThatIsAProxyOfAnother_isTimed() {
    TimedContext.RUNNER
        .withBean(
            "churn",
            Churn.class,
            () -> {
              ProxyFactory others = new ProxyFactory(new Churn());
              others.setProxyTargetClass(true);
              others.addAdvice((MethodInterceptor) invocation -> invocation.proceed());
              return (Churn) others.getProxy();
            })
        .run(TimedMethodsTest::timesChurnOnce);
  }

  @Test
  void turnedOff_nothingIsTimed_whoeverMakesProxies() {
    TimedContext.RUNNER
        .withPropertyValues("spring.aop.auto=false")
        .withBean(DefaultAdvisorAutoProxyCreator.class)
        .withBean("churn", Predictor.class, Churn::new)
        .run(
            context -> {
              context.getBean("churn", Predictor.class).predict(1);
              assertThat(
                      Samples.of(context.getBean(PrometheusRegistry.class))
                          .value("predictions_total"))
                  .isZero();
            });
  }

  static class NeedsPredictor extends MadeEarly {
    NeedsPredictor(Predictor needed) {
      assertThat(needed.predict(1)).isEqualTo(1);
    }
  }

  @Test
  void beanThatABeanPostProcessorNeeds_isTimedOrStopsTheStart() {
    TimedContext.RUNNER
        .withBean("churn", Predictor.class, Churn::new)
        .withBean(NeedsPredictor.class)
        .run(
            context -> {
              if (context.getStartupFailure() == null) {
                context.getBean("churn", Predictor.class).predict(1);
                assertThat(successes(context.getBean(PrometheusRegistry.class), "churn"))
                    .isPositive();
              } else {
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("which Spring's auto-proxy does not reach");
              }
            });
  }
}
