package io.kubeserve.load;

import java.util.concurrent.locks.LockSupport;

/** Time, and waiting for it. */
interface Clock {
  /** The machine's. */
  Clock SYSTEM =
      new Clock() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleepNanos(long nanos) {
          LockSupport.parkNanos(nanos);
        }
      };

  long nanos();

  /** Waits; may return early. */
  void sleepNanos(long nanos);
}
