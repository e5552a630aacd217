package io.kubeserve.metrics.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Names the property, its value and the remedy. */
final class InvalidPropertyFailureAnalyzer
    extends AbstractFailureAnalyzer<InvalidPropertyException> {
  InvalidPropertyFailureAnalyzer() {}

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidPropertyException cause) {
    Throwable refusal = cause.getCause() == null ? cause : cause.getCause();
    return new FailureAnalysis(
        "The property %s has the value \"%s\", which is refused: %s"
            .formatted(cause.property(), cause.value(), refusal.getMessage()),
        "Change the property %s, or remove it to have the default.".formatted(cause.property()),
        cause);
  }
}
