package io.kubeserve.metrics.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean whose every call is a prediction: a success when it returns, an error when it
 * throws, with the reason that {@code PredictionRecorder.time} would find. What it throws is thrown
 * on, untouched.
 *
 * <p>A call is what it returns, whatever the method declares. A {@link
 * java.util.concurrent.CompletionStage} is timed until it completes; a Mono of Reactor, each time
 * it is subscribed to, until its value, a Flux or another publisher until it ends; cancelled, it is
 * an error. As with every advice of Spring, only calls from outside of the bean are seen. A method
 * that cannot be timed stops the start: one that is private, static or final, and one whose result
 * does not say when it is there, such as a plain {@link java.util.concurrent.Future}.
 *
 * @since 0.1.0
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
