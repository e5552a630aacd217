package io.kubeserve.metrics.contract;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a stage or a reason of one's own may be called: as those of the contract are. */
final class LabelToken {
  private static final Pattern TOKEN = Pattern.compile("[a-z][a-z0-9_]{0,39}");

  private LabelToken() {}

  static String require(@Nullable String value, String what) {
    if (value == null || !TOKEN.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "The %s \"%s\" is not valid: use 1 to 40 lower-case letters, digits and underscores, and start with a letter."
              .formatted(what, value));
    }
    return value;
  }
}
