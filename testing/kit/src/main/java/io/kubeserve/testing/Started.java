package io.kubeserve.testing;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a set-up has started so far. It is closed, the last first, when the whole is closed, or when
 * the set-up throws half-way.
 */
public final class Started implements AutoCloseable {
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  private Started() {}

  /**
   * A set-up of several resources.
   *
   * @param <T> what it makes of them
   */
  @FunctionalInterface
  public interface SetUp<T> {
    /** Starts the resources and adds each as soon as it is there. */
    T with(Started started) throws Exception;
  }

  /** Runs a set-up. What it makes keeps {@code Started}, if there is anything to close later. */
  public static <T> T by(SetUp<T> setUp) throws Exception {
    Started started = new Started();
    try {
      return setUp.with(started);
    } catch (Throwable failure) {
      try {
        started.close();
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
      throw failure;
    }
  }

  /** Takes a resource that was started, and returns it. */
  public <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  /** Closes everything, though something cannot be closed. */
  @Override
  public void close() {
    IllegalStateException failure = null;
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IllegalStateException("Cannot close what a test has started", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
