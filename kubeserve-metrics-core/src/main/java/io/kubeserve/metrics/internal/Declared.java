package io.kubeserve.metrics.internal;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The values that one label can have: those of the contract, those that a user declared, and {@code
 * other} for what nobody declared. Safe for use by many threads.
 *
 * @param <T> the type of a value
 */
public final class Declared<T> {
  /** The most values of one's own: each one is a series of every model, or a histogram. */
  public static final int MAX_OWN = 16;

  private static final System.Logger LOGGER = System.getLogger(Declared.class.getName());

  private final List<T> all;
  private final int otherIndex;
  private final String remedy;
  private final AtomicBoolean logged = new AtomicBoolean();

  /**
   * Makes the values of a label.
   *
   * @param standard the contract's, {@code other} last
   * @param own those that a user declared, none of them the contract's
   * @param remedy what a user does to declare one, for the log
   */
  public Declared(List<T> standard, List<T> own, String remedy) {
    this.all = Stream.concat(standard.stream(), own.stream()).toList();
    this.otherIndex = standard.size() - 1;
    this.remedy = remedy;
  }

  /**
   * Returns every value.
   *
   * @return the contract's first, always in the same order
   */
  public List<T> all() {
    return all;
  }

  /**
   * Returns how many values there are.
   *
   * @return {@code other} included
   */
  public int size() {
    return all.size();
  }

  T get(int index) {
    return all.get(index);
  }

  /**
   * Finds a value. What was not declared is {@code other}; the first time, the log says so.
   *
   * @param value any value
   * @return its place, from 0 to less than {@link #size}
   */
  public int indexOf(@Nullable T value) {
    // Few, and most are the very constants: a loop beats a map.
    for (int index = 0; index < all.size(); index++) {
      if (all.get(index).equals(value)) {
        return index;
      }
    }
    if (value != null && !logged.getAndSet(true)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "\"{0}\" was not declared, so it counts as \"{1}\", as do others like it: add it to {2}.",
          value,
          all.get(otherIndex),
          remedy);
    }
    return otherIndex;
  }
}
