package io.kubeserve.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** What came of the requests. Any thread counts; one reads. */
final class Results {
  private static final int DIGITS = 3;

  private final Recorder latencies = new Recorder(DIGITS);
  private final Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();
  private final LongAdder sent = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Histogram all = new Histogram(DIGITS);
  private @Nullable Histogram recycled;

  void countSent() {
    sent.increment();
  }

  /**
   * Counts the end of a request.
   *
   * @param nanosSinceDue how long after it was due, not after it was sent: one that had to wait for
   *     its turn has waited
   * @param outcome the status, or why there is none
   * @param success whether it is what the user wants
   */
  void countEnd(long nanosSinceDue, String outcome, boolean success) {
    latencies.recordValue(Math.max(0, nanosSinceDue));
    outcomes.computeIfAbsent(outcome, unseen -> new LongAdder()).increment();
    if (!success) {
      failed.increment();
    }
    ended.increment(); // last: who sees the end sees what it was
  }

  long sent() {
    return sent.sum();
  }

  long ended() {
    return ended.sum();
  }

  long failed() {
    return failed.sum();
  }

  /** Returns how often there was each outcome. */
  Map<String, Long> outcomes() {
    return outcomes.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, entry -> entry.getValue().sum(), Long::sum, TreeMap::new));
  }

  /** Returns the latencies since the last call, in nanoseconds; valid until the next. */
  Histogram interval() {
    Histogram interval = latencies.getIntervalHistogram(recycled);
    recycled = interval;
    all.add(interval);
    return interval;
  }

  /** Returns the latencies of every interval, in nanoseconds. */
  Histogram all() {
    return all;
  }
}
