package io.kubeserve.metrics.http;

import io.kubeserve.metrics.http.internal.HandlerName;
import io.kubeserve.metrics.internal.LabelValue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The handlers of a server, as many as may have series of their own. */
final class Handlers {
  private static final System.Logger LOGGER = System.getLogger(HttpMetrics.class.getName());

  private final int maxHandlers;
  private final StatusLabels statuses;
  private final HandlerSeries none;
  private final HandlerSeries other;
  private final ConcurrentHashMap<String, HandlerSeries> byName = new ConcurrentHashMap<>();
  private final LongAdder folded = new LongAdder();
  private final AtomicLong firstFoldMillis = new AtomicLong();
  private volatile boolean full;

  Handlers(int maxHandlers, StatusLabels statuses) {
    this.maxHandlers = maxHandlers;
    this.statuses = statuses;
    this.none = new HandlerSeries(HandlerName.NONE, statuses);
    this.other = new HandlerSeries(HandlerName.OTHER, statuses);
  }

  HandlerSeries get(@Nullable String name) {
    if (name == null) {
      return none;
    }
    HandlerSeries known = byName.get(name);
    return known != null ? known : add(name);
  }

  private HandlerSeries add(String name) {
    if (name.isBlank() || name.equals(HandlerName.NONE)) {
      return none;
    }
    if (name.equals(HandlerName.OTHER)) {
      return other;
    }
    HandlerSeries added = full || !LabelValue.isFit(name) ? null : addWithinLimit(name);
    if (added != null) {
      return added;
    }
    if (firstFoldMillis.get() == 0) {
      firstFoldMillis.compareAndSet(0, System.currentTimeMillis());
    }
    folded.increment();
    return other;
  }

  private synchronized @Nullable HandlerSeries addWithinLimit(String name) {
    HandlerSeries known = byName.get(name);
    if (known != null) {
      return known;
    }
    if (byName.size() >= maxHandlers) {
      full = true;
      LOGGER.log(
          System.Logger.Level.WARNING,
          "There are more than {0} handlers: further ones, the first of them {1}, share handler=\"{2}\". Let the resolver return route templates, not paths, or raise maxHandlers.",
          maxHandlers,
          name,
          HandlerName.OTHER);
      return null;
    }
    HandlerSeries fresh = new HandlerSeries(name, statuses);
    byName.put(name, fresh);
    return fresh;
  }

  long folded() {
    return folded.sum();
  }

  /** Returns when the first one was folded, in milliseconds, as Unix counts them. */
  long firstFoldMillis() {
    return firstFoldMillis.get();
  }

  /** Shows every handler that was asked to a reader. */
  void forEach(Consumer<HandlerSeries> reader) {
    Stream.concat(Stream.of(none, other), byName.values().stream())
        .filter(HandlerSeries::isUsed)
        .forEach(reader);
  }
}
