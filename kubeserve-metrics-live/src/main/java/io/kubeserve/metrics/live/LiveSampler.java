package io.kubeserve.metrics.live;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Takes a sample each second, on one thread. */
final class LiveSampler {
  private static final System.Logger LOGGER = System.getLogger(LivePage.class.getName());
  private static final String THREAD_NAME = "kubeserve-live-page";

  private final LiveHistory history;

  // Guarded by this.
  private @Nullable ScheduledExecutorService executor;
  private boolean failedBefore;

  LiveSampler(LiveHistory history) {
    this.history = history;
  }

  synchronized void start() {
    if (executor == null) {
      executor = Executors.newSingleThreadScheduledExecutor(LiveSampler::newThread);
      // A delay, not a rate: after a pause there is one sample, not one for each second missed.
      ScheduledFuture<?> unused =
          executor.scheduleWithFixedDelay(this::sample, 0, 1, TimeUnit.SECONDS);
    }
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, THREAD_NAME);
    thread.setDaemon(true);
    return thread;
  }

  private void sample() {
    try {
      history.sample(System.currentTimeMillis());
    } catch (RuntimeException | Error e) {
      logOnce(e); // and go on: the next sample may succeed
    }
  }

  private synchronized void logOnce(Throwable failure) {
    if (!failedBefore) {
      failedBefore = true;
      LOGGER.log(
          System.Logger.Level.ERROR,
          "A sample of the live page failed; it misses from it",
          failure);
    }
  }

  synchronized void stop() {
    if (executor != null) {
      executor.shutdownNow();
      executor = null;
    }
  }
}
