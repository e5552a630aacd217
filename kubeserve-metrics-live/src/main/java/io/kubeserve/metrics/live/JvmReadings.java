package io.kubeserve.metrics.live;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.List;

/** What the JVM says of its heap. */
class JvmReadings {
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();

  long heapBytes() {
    return memory.getHeapMemoryUsage().getUsed();
  }

  /** Returns the most that the heap may grow to; less than 0 if there is no such limit. */
  long heapMaxBytes() {
    return memory.getHeapMemoryUsage().getMax();
  }

  /** Returns the milliseconds that were spent in garbage collection since the start. */
  long gcMillis() {
    // A collector that does not know says -1.
    return collectors.stream().mapToLong(gc -> Math.max(0, gc.getCollectionTime())).sum();
  }
}
