package io.kubeserve.metrics;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** An executor that knows how many of its tasks wait. */
final class CountedQueue extends AbstractExecutorService {
  private final ExecutorService executor;
  private final AtomicLong waiting = new AtomicLong();

  CountedQueue(ExecutorService executor) {
    this.executor = executor;
  }

  long depth() {
    return waiting.get();
  }

  @Override
  public void execute(Runnable task) {
    Waiting entry = new Waiting(task);
    try {
      executor.execute(entry);
    } catch (Throwable thrown) {
      entry.leave();
      throw thrown;
    }
  }

  /** A task until it has its turn. */
  private final class Waiting implements Runnable {
    private final Runnable task;
    private final AtomicBoolean left = new AtomicBoolean();

    Waiting(Runnable task) {
      this.task = task;
      waiting.incrementAndGet();
    }

    void leave() {
      if (left.compareAndSet(false, true)) {
        waiting.decrementAndGet();
      }
    }

    @Override
    public void run() {
      leave();
      task.run();
    }
  }

  @Override
  public void shutdown() {
    executor.shutdown();
  }

  /** Also cancels the predictions that had no turn: nobody else would ever end them. */
  @Override
  public List<Runnable> shutdownNow() {
    return executor.shutdownNow().stream().map(CountedQueue::taken).toList();
  }

  private static Runnable taken(Runnable entry) {
    if (!(entry instanceof Waiting waiting)) {
      return entry;
    }
    waiting.leave();
    if (waiting.task instanceof QueuedCall<?> call) {
      call.drop();
    }
    return waiting.task;
  }

  @Override
  public boolean isShutdown() {
    return executor.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return executor.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return executor.awaitTermination(timeout, unit);
  }
}
