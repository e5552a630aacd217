package io.kubeserve.metrics.live;

import io.kubeserve.metrics.PredictionMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A page that shows how the models of this server are doing, without a Prometheus: predictions,
 * latency, stages, HTTP requests and memory of the last five minutes, a point a second.
 *
 * <p>It is for people: programs are better served by {@link SummaryJson}. The page loads nothing
 * from elsewhere, and its charts are uPlot's. An HTTP server for which neither the servlet nor the
 * Spring module has an adapter sends what {@link #answer} returns for every path below that of the
 * page, and closes it.
 *
 * <p>From {@link #start} to {@link #close} one thread takes a sample each second, of the first 32
 * models. What that holds stays below 4 MiB, whoever looks, or below 5 with as many stages and
 * error reasons of your own as there can be; more than {@value #MAX_VIEWERS} answers under way
 * concurrently are answered 503. Recording predictions costs what it does without. Safe for use by
 * many threads.
 *
 * @since 0.1.0
 */
public final class LivePage implements AutoCloseable {
  /** How many answers may be under way concurrently: so much can slow readers hold. */
  static final int MAX_VIEWERS = 16;

  private static final int FOUND = 302;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  /** Everything from this server, and nothing inline; nobody may frame it. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin");

  private final Semaphore answers = new Semaphore(MAX_VIEWERS);

  /** What tells the samples of this server from those of the one before a restart. */
  private final String server = UUID.randomUUID().toString();

  private final LiveHistory history;
  private final LiveSampler sampler;
  private final LiveAssets assets;
  private final Duration slowAbove;

  LivePage(LivePageBuilder builder) {
    this.history = new LiveHistory(builder.metrics, builder.requests, new JvmReadings());
    this.sampler = new LiveSampler(history);
    this.assets = new LiveAssets(LiveLinks.document(builder.scrape(), builder.grafana));
    this.slowAbove = builder.slowAbove;
  }

  /**
   * Starts the configuration.
   *
   * @param metrics what the page shows
   * @return a builder in which everything has its default
   */
  public static LivePageBuilder builder(PredictionMetrics metrics) {
    return new LivePageBuilder(metrics);
  }

  /** Begins to take samples, if it does not do so. */
  public void start() {
    sampler.start();
  }

  /** Takes no more samples. */
  @Override
  public void close() {
    sampler.stop();
  }

  /**
   * Answers a request.
   *
   * @param page the path of the page itself, as the request has it, such as {@code /live}
   * @param below the rest of the request's path, from its slash on; {@code null} or empty if it
   *     ends with the page's
   * @param after the value of the query parameter {@code after}; {@code null} if there is none
   * @return what to send; to be closed
   */
  public Answer answer(String page, @Nullable String below, @Nullable String after) {
    return found(page, below == null ? "" : below, after).with(HEADERS);
  }

  private Answer found(String page, String below, @Nullable String after) {
    if (below.isEmpty()) {
      // By a relative path, which holds behind any proxy.
      return Answer.refusal(FOUND, "The page is below.")
          .with(Map.of("Location", page.substring(page.lastIndexOf('/') + 1) + '/'));
    }
    if (below.equals("/samples")) {
      return samples(after);
    }
    LiveAsset known = assets.get(below);
    return known == null
        ? Answer.refusal(NOT_FOUND, "The live page has no such file.")
        : limited(() -> known);
  }

  private Answer samples(@Nullable String text) {
    long after;
    try {
      after = text == null ? -1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return Answer.refusal(BAD_REQUEST, "\"after\" is the number of a sample.");
    }
    return limited(
        () ->
            new LiveAsset("application/json", LiveDocument.of(history, slowAbove, server, after)));
  }

  /** Answers with a file, which is not made where there are too many viewers. */
  private Answer limited(Supplier<LiveAsset> source) {
    if (!answers.tryAcquire()) {
      return Answer.refusal(UNAVAILABLE, "There are too many viewers.")
          .with(Map.of("Retry-After", "1"));
    }
    AtomicBoolean closed = new AtomicBoolean();
    Runnable release =
        () -> {
          if (closed.compareAndSet(false, true)) {
            answers.release();
          }
        };
    boolean made = false;
    try {
      LiveAsset file = source.get();
      made = true;
      return Answer.ok(file.contentType, file.bytes, release);
    } finally {
      if (!made) {
        release.run();
      }
    }
  }
}
