package io.kubeserve.examples.jetty;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What happens on SIGTERM.
 *
 * @param server what stops
 * @param drainSeconds how long requests are still answered, so that clients go elsewhere
 * @param lingerSeconds how long scrapes are still answered after the last prediction
 */
record Shutdown(ModelServer server, int drainSeconds, int lingerSeconds)
    implements BooleanSupplier {
  /** Returns whether all has ended. */
  @Override
  public boolean getAsBoolean() {
    System.err.printf("Stopping: answers for %d seconds more%n", drainSeconds);
    try {
      server.announceStop();
      TimeUnit.SECONDS.sleep(drainSeconds);
      if (server.hasMetricsPort()) {
        server.stopServing();
        TimeUnit.SECONDS.sleep(lingerSeconds);
      } else if (lingerSeconds > 0) {
        // The scrapes need the port, so it is the predictions that are refused.
        server.drain();
        TimeUnit.SECONDS.sleep(lingerSeconds);
      }
      server.stop();
      return server.isModelReleased();
    } catch (Exception e) {
      System.err.println("Did not stop cleanly: " + e);
      return false;
    }
  }
}
