package io.kubeserve.metrics.internal;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a string can be the value of a label in every exposition format and for every reader. */
public final class LabelValue {
  private LabelValue() {}

  /**
   * Returns the name or the version of a model.
   *
   * @param value what was given
   * @param what which of both it is
   * @return the value
   * @throws IllegalArgumentException if it is blank, or is not {@link #isFit}
   */
  public static String requireModel(@Nullable String value, String what) {
    return require(
        value,
        "The %s of a recorder".formatted(what),
        "name it, or call recorder() without labels when the server has one model");
  }

  /**
   * Returns a value that can be exposed.
   *
   * @param value what was given
   * @param what the beginning of the message
   * @param remedy what to do about a blank one
   * @return the value
   * @throws IllegalArgumentException if it is blank, or is not {@link #isFit}
   */
  public static String require(@Nullable String value, String what, String remedy) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("%s must not be blank: %s.".formatted(what, remedy));
    }
    int bad = value.codePoints().filter(LabelValue::isUnfit).findFirst().orElse(-1);
    if (bad >= 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s contains the character U+%04X: leave out control characters, line separators and unpaired surrogates, since some scrapers lose the whole scrape by one.",
              what,
              bad));
    }
    return value;
  }

  /**
   * Returns whether a value has no character that ends a line for some reader of a scrape, or that
   * UTF-8 cannot have.
   *
   * @param value any value
   * @return whether it can be exposed
   */
  public static boolean isFit(String value) {
    return value.codePoints().noneMatch(LabelValue::isUnfit);
  }

  private static boolean isUnfit(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.CONTROL
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
