package io.kubeserve.metrics;

import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** An executor that knows how many of its tasks wait. */
final class CountedQueue extends AbstractExecutorService implements LongSupplier {
  private final ExecutorService executor;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

  CountedQueue(ExecutorService executor) {
    this.executor = executor;
  }

  /** Returns how many tasks wait. */
  @Override
  public long getAsLong() {
    return waiting.size();
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

    Waiting(Runnable task) {
      this.task = task;
      waiting.add(this);
    }

    void leave() {
      waiting.remove(this);
    }

    /** Removes the task from the queue, and cancels its prediction, which will never run. */
    void drop() {
      leave();
      if (task instanceof QueuedCall<?> call) {
        call.drop();
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

  /**
   * Also cancels the predictions that had no turn. Some executors do not say which those are, such
   * as a fork-join pool, or say it in wrappers of their own.
   */
  @Override
  public List<Runnable> shutdownNow() {
    List<Runnable> tasks = executor.shutdownNow().stream().map(CountedQueue::taken).toList();
    waiting.forEach(Waiting::drop);
    return tasks;
  }

  private static Runnable taken(Runnable entry) {
    if (!(entry instanceof Waiting waiting)) {
      return entry;
    }
    waiting.drop();
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
