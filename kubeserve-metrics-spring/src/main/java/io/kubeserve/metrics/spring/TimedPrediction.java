package io.kubeserve.metrics.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean whose every call is a prediction: a success when it returns, an error when it
 * throws. What it throws is thrown on, untouched.
 *
 * <p>A {@link java.util.concurrent.CompletionStage} is timed until it completes; a Mono or Flux of
 * Reactor, each time it is subscribed to, until it completes; cancelled, it is an error. As with
 * every advice of Spring, only calls from outside of the bean are seen.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface TimedPrediction {
  /**
   * The name of the model, with {@link #version()}; one without the other stops the start.
   *
   * @return the name; empty for the recorder to inject, or, where there are several, the one
   *     without labels
   */
  String model() default "";

  /**
   * The version of the model.
   *
   * @return the version; empty without a model
   */
  String version() default "";
}
