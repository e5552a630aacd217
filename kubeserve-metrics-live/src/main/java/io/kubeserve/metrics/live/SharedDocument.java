package io.kubeserve.metrics.live;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A document that is made by one thread at a time: whoever asks while it is made gets the next one,
 * which is made once for all of them.
 */
final class SharedDocument {
  /** How many may wait for the document. */
  static final int MAX_WAITING = 16;

  private final Supplier<byte[]> source;
  private final Semaphore waiting = new Semaphore(MAX_WAITING);
  private final ReentrantLock lock = new ReentrantLock();

  /** How many documents were begun; one that was begun after a question answers it. */
  private volatile long begun;

  // Guarded by the lock.
  private long made;
  private byte @Nullable [] last;

  SharedDocument(Supplier<byte[]> source) {
    this.source = source;
  }

  /** Returns a document that is not older than the question; {@code null} if too many ask. */
  byte @Nullable [] get() {
    long begunBefore = begun;
    if (!waiting.tryAcquire()) {
      return null;
    }
    try {
      lock.lock();
      try {
        byte[] known = last;
        byte[] document = known != null && made > begunBefore ? known : make();
        last = waiting() > 1 ? document : null; // without others, it would only hold memory
        return document;
      } finally {
        lock.unlock();
      }
    } finally {
      waiting.release();
    }
  }

  /** Returns how many threads wait for the document or make it. */
  int waiting() {
    return MAX_WAITING - waiting.availablePermits();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // by the thread that has the lock
  private byte[] make() {
    begun++;
    byte[] document = source.get();
    made = begun;
    return document;
  }
}
