package io.kubeserve.interleavings;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** An executor whose threads are busy all the time: a real one would cost a thread per try. */
final class Backlog extends AbstractExecutorService {
  private final List<Runnable> waiting = new ArrayList<>();
  private boolean shutdown;

  @Override
  public synchronized void execute(Runnable task) {
    waiting.add(task);
  }

  @Override
  public synchronized void shutdown() {
    shutdown = true;
  }

  @Override
  public synchronized List<Runnable> shutdownNow() {
    shutdown = true;
    List<Runnable> never = List.copyOf(waiting);
    waiting.clear();
    return never;
  }

  @Override
  public synchronized boolean isShutdown() {
    return shutdown;
  }

  @Override
  public synchronized boolean isTerminated() {
    return shutdown && waiting.isEmpty();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isTerminated();
  }
}
