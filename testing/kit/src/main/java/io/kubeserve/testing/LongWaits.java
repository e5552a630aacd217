package io.kubeserve.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Waits of Awaitility that end with their event, and only by default after a minute: ten seconds
 * are few on a machine of two cores that builds something else, too.
 */
public final class LongWaits implements BeforeAllCallback {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LIMIT);
  }
}
