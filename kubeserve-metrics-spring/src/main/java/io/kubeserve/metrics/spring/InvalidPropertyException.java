package io.kubeserve.metrics.spring;

/** A property that cannot be meant; Spring Boot's failure analysis says what to change. */
final class InvalidPropertyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String property;
  private final String value;

  InvalidPropertyException(String property, Object value, RuntimeException cause) {
    super("%s=%s: %s".formatted(property, value, cause.getMessage()), cause);
    this.property = property;
    this.value = value.toString();
  }

  String property() {
    return property;
  }

  String value() {
    return value;
  }

  /** Applies the value of a property, and says which one it was if it is refused. */
  static void check(String name, Object value, Runnable application) {
    try {
      application.run();
    } catch (IllegalArgumentException e) {
      throw new InvalidPropertyException(KubeserveMetricsProperties.PREFIX + '.' + name, value, e);
    }
  }
}
