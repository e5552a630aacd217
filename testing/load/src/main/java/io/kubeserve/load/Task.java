package io.kubeserve.load;

import java.util.Collections;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request asks for. */
enum Task {
  /** One prediction of one row. */
  SINGLE("/predict", batch(1)),
  /** One prediction of a hundred rows. */
  BATCH("/predict", batch(100)),
  /** The health of the server. */
  HEALTH("/health", null);

  private final String path;
  private final @Nullable String body;

  Task(String path, @Nullable String body) {
    this.path = path;
    this.body = body;
  }

  private static String batch(int rows) {
    return "{\"data\": [%s]}"
        .formatted(String.join(",", Collections.nCopies(rows, "[5.1, 3.5, 1.4, 0.2]")));
  }

  String path() {
    return path;
  }

  /** Returns the JSON to post; {@code null} to get. */
  @Nullable String body() {
    return body;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
