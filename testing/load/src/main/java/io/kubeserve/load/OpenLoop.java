package io.kubeserve.load;

import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests when they are due, whether earlier ones were answered or not, up to a limit. One
 * that the limit holds up is late, and the time it was late is part of its latency: so a server
 * that stalls does not slow the clock that it is measured by, which is known as coordinated
 * omission.
 */
final class OpenLoop {
  private static final int FIRST_ERROR = 400;

  private final Plan plan;
  private final Target target;
  private final Results results;
  private final Semaphore free;
  private final int maxOutstanding;
  private final Clock clock;

  OpenLoop(Plan plan, Target target, Results results, int maxOutstanding, Clock clock) {
    this.plan = plan;
    this.target = target;
    this.results = results;
    this.free = new Semaphore(maxOutstanding);
    this.maxOutstanding = maxOutstanding;
    this.clock = clock;
  }

  /**
   * Sends everything, then waits for the answers.
   *
   * @param patienceNanos how long after the last request an answer may come
   * @return whether every answer came
   */
  boolean run(long patienceNanos) throws InterruptedException {
    long start = clock.nanos();
    for (long request = 0; request < plan.requests(); request++) {
      long due = start + plan.dueNanos(request);
      awaitDue(due);
      free.acquire();
      send(due);
    }
    return free.tryAcquire(maxOutstanding, patienceNanos, TimeUnit.NANOSECONDS);
  }

  private void awaitDue(long due) throws InterruptedException {
    for (long left = due - clock.nanos(); left > 0; left = due - clock.nanos()) {
      clock.sleepNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private void send(long due) {
    results.countSent();
    var unused = target.send().whenComplete((status, failure) -> end(due, status, failure));
  }

  private void end(long due, @Nullable Integer status, @Nullable Throwable failure) {
    long nanosSinceDue = clock.nanos() - due;
    if (status != null) {
      results.countEnd(nanosSinceDue, Integer.toString(status), status < FIRST_ERROR);
    } else {
      results.countEnd(nanosSinceDue, nameOf(failure), false);
    }
    free.release();
  }

  private static String nameOf(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause == null ? "no answer" : cause.getClass().getSimpleName();
  }
}
