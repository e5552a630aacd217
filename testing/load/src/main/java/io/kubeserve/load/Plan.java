package io.kubeserve.load;

import java.time.Duration;

/**
 * When each request is due.
 *
 * @param perSecond how many are due each second
 * @param requests how many there are in all
 */
record Plan(double perSecond, long requests) {
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * Plans for a time.
   *
   * @param maxRequests the most that there may be
   */
  static Plan of(double perSecond, Duration duration, long maxRequests) {
    double wanted = Math.ceil(perSecond * (double) duration.toNanos() / NANOS_PER_SECOND);
    return new Plan(perSecond, (long) Math.min(wanted, (double) maxRequests));
  }

  /**
   * Returns when a request is due.
   *
   * @param request its number, from 0
   * @return nanoseconds after the start
   */
  long dueNanos(long request) {
    return (long) ((double) request / perSecond * NANOS_PER_SECOND);
  }
}
