package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeserve.metrics.contract.Stage;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamTest {
  private static final String FIRST = "gen_ai_server_time_to_first_token_seconds";
  private static final String BETWEEN = "gen_ai_server_time_per_output_token_seconds";
  private static final String DURATION = "gen_ai_server_request_duration_seconds";
  private static final String TIMEOUT = "prediction_errors_total{reason=\"timeout\"}";
  private static final String INVALID = "prediction_errors_total{reason=\"invalid_input\"}";
  private static final String CANCELLED = "prediction_errors_total{reason=\"cancelled\"}";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).ticker(ticker).build().recorder();

  @Test
  void noStream_hasNoSeriesOfStreams() {
    recorder.run(() -> {});

    assertThat(Scrape.of(registry).text()).doesNotContain("stream", "gen_ai");
  }

  @Test
  void startStream_beforeTheFirstItem_isInFlightAndAtZero() {
    recorder.startStream();

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.inFlight()).isEqualTo(1);
    assertThat(scrape.value("prediction_stream_items_total")).isZero();
    assertThat(scrape.value(FIRST + "_count")).isZero();
  }

  /** Gaps of 12 ms to 92 ms, in steps of 10 ms, after a first item of 400 ms. */
  @Test
  void tenItems_knownGaps_areCountedExactly() {
    try (PredictionStream stream = recorder.startStream()) {
      ticker.advanceMillis(400);
      stream.item();
      for (int gap = 12; gap <= 92; gap += 10) {
        ticker.advanceMillis(gap);
        stream.item();
      }
      ticker.advanceMillis(8);
      stream.success();
    }

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.value("prediction_stream_items_total")).isEqualTo(10);
    assertThat(scrape.value(FIRST + "_count")).isEqualTo(1);
    assertThat(scrape.value(FIRST + "_sum")).isEqualTo(0.4);
    assertThat(scrape.value(FIRST + "_bucket{le=\"0.25\"}")).isZero();
    assertThat(scrape.value(FIRST + "_bucket{le=\"0.5\"}")).isEqualTo(1);
    assertThat(scrape.value(BETWEEN + "_count")).isEqualTo(9);
    assertThat(scrape.value(BETWEEN + "_sum")).isEqualTo(0.468);
    assertThat(scrape.value(BETWEEN + "_bucket{le=\"0.01\"}")).isZero();
    assertThat(scrape.value(BETWEEN + "_bucket{le=\"0.025\"}")).isEqualTo(2);
    assertThat(scrape.value(BETWEEN + "_bucket{le=\"0.05\"}")).isEqualTo(4);
    assertThat(scrape.value(BETWEEN + "_bucket{le=\"0.075\"}")).isEqualTo(7);
    assertThat(scrape.value(BETWEEN + "_bucket{le=\"0.1\"}")).isEqualTo(9);
    assertThat(scrape.value(DURATION + "_sum")).isEqualTo(0.876);
    assertThat(scrape.value("prediction_latency_ms_sum")).isEqualTo(876);
    assertThat(scrape.successes()).isEqualTo(1);
    assertThat(scrape.inFlight()).isZero();
  }

  @Test
  void stream_withAStage_durationIsThatOfTheWhole() {
    try (PredictionStream stream = recorder.startStream()) {
      ticker.advanceMillis(30);
      stream.endStage(Stage.PREPROCESS);
      ticker.advanceMillis(40);
      stream.item();
      stream.success();
    }

    assertThat(Scrape.of(registry).value(DURATION + "_sum")).isEqualTo(0.07);
    assertThat(Scrape.of(registry).sumMillis()).isEqualTo(70);
  }

  @Test
  void oneItem_hasAFirstAndNothingBetween() {
    try (PredictionStream stream = recorder.startStream()) {
      stream.item();
      stream.success();
    }

    assertThat(Scrape.of(registry).value(FIRST + "_count")).isEqualTo(1);
    assertThat(Scrape.of(registry).value(BETWEEN + "_count")).isZero();
  }

  @Test
  void noItem_success_hasNoFirst() {
    try (PredictionStream stream = recorder.startStream()) {
      stream.success();
    }

    assertThat(Scrape.of(registry).value(FIRST + "_count")).isZero();
    assertThat(Scrape.of(registry).value(DURATION + "_count")).isEqualTo(1);
  }

  @Test
  void failedStream_itemsAndDurationCountAndTimesOfItemsDoNot() {
    PredictionStream stream = recorder.startStream();
    stream.item();
    stream.item();
    stream.error(new IOException("the client went away"));
    stream.close();
    stream.close();
    stream.item();

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.errors()).isEqualTo(1);
    assertThat(scrape.count()).isEqualTo(1);
    assertThat(scrape.value("prediction_stream_items_total")).isEqualTo(2);
    assertThat(scrape.value(FIRST + "_count")).isZero();
    assertThat(scrape.value(BETWEEN + "_count")).isZero();
    assertThat(scrape.value(DURATION + "_count")).isEqualTo(1);
  }

  @Test
  void item_ticksBackwards_standsStill() {
    try (PredictionStream stream = recorder.startStream()) {
      ticker.advanceMillis(5);
      stream.item();
      ticker.advanceMillis(-3);
      stream.item();
      stream.success();
    }

    assertThat(Scrape.of(registry).value(BETWEEN + "_sum")).isZero();
    assertThat(Scrape.of(registry).value("prediction_latency_ms_sum")).isEqualTo(5);
  }

  @Test
  void timedIterator_fetchedToTheEnd_isASuccess() {
    List<String> fetched = new ArrayList<>();
    TimedIterator.of(recorder, () -> List.of("a", "b").iterator()).forEachRemaining(fetched::add);

    assertThat(fetched).containsExactly("a", "b");
    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
    assertThat(Scrape.of(registry).value("prediction_stream_items_total")).isEqualTo(2);
  }

  @Test
  void timedIterator_closedEarly_isCancelledOnce() {
    try (TimedIterator<String> items = TimedIterator.of(recorder, () -> List.of("a").iterator())) {
      assertThat(items.next()).isEqualTo("a");
    }

    assertThat(Scrape.of(registry).value(CANCELLED)).isEqualTo(1);
    assertThat(Scrape.of(registry).count()).isEqualTo(1);
  }

  @Test
  void timedIterator_closedAfterTheEnd_staysASuccess() {
    TimedIterator<String> items = TimedIterator.of(recorder, () -> List.<String>of().iterator());
    assertThat(items.hasNext()).isFalse();
    items.close();

    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
    assertThat(Scrape.of(registry).errors()).isZero();
  }

  @Test
  void timedIterator_nextThrows_isAnErrorAndRethrown() {
    IllegalStateException failure = new IllegalStateException();
    Iterator<String> broken =
        IntStream.of(1)
            .mapToObj(
                any -> {
                  if (any == 1) {
                    throw failure;
                  }
                  return "";
                })
            .iterator();

    TimedIterator<String> items = TimedIterator.of(recorder, () -> broken);

    assertThatThrownBy(items::next).isSameAs(failure);
    assertThat(Scrape.of(registry).errors()).isEqualTo(1);
    assertThat(Scrape.of(registry).inFlight()).isZero();
  }

  @Test
  void timedIterator_callThrows_isAnErrorAndRethrown() {
    IOException failure = new IOException();

    assertThatThrownBy(
            () ->
                TimedIterator.of(
                    recorder,
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(Scrape.of(registry).errors()).isEqualTo(1);
    assertThat(Scrape.of(registry).inFlight()).isZero();
  }

  /** Publishes by hand; for one subscriber. */
  private static final class HandPublisher implements Flow.Publisher<String>, Flow.Subscription {
    private final List<Flow.Subscriber<? super String>> subscribers = new ArrayList<>();
    private boolean cancelled;
    private long requested;

    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
      subscribers.add(subscriber);
      subscriber.onSubscribe(this);
    }

    @Override
    public void request(long items) {
      requested += items;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  private static final class Received implements Flow.Subscriber<String> {
    private final List<Object> events = new ArrayList<>();
    private final List<Flow.Subscription> subscriptions = new ArrayList<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriptions.add(subscription);
    }

    @Override
    public void onNext(String item) {
      events.add(item);
    }

    @Override
    public void onError(Throwable thrown) {
      events.add(thrown);
    }

    @Override
    public void onComplete() {
      events.add("complete");
    }
  }

  @Test
  void timedPublisher_completes_isASuccess() {
    HandPublisher source = new HandPublisher();
    Received received = new Received();
    TimedPublisher.of(recorder, source).subscribe(received);
    source.subscribers.get(0).onNext("a");
    assertThat(Scrape.of(registry).inFlight()).isEqualTo(1);
    source.subscribers.get(0).onComplete();

    assertThat(received.events).containsExactly("a", "complete");
    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
    assertThat(Scrape.of(registry).value("prediction_stream_items_total")).isEqualTo(1);
  }

  @Test
  void timedPublisher_fails_isAnError() {
    HandPublisher source = new HandPublisher();
    Received received = new Received();
    IOException failure = new IOException();
    TimedPublisher.of(recorder, source).subscribe(received);
    source.subscribers.get(0).onError(failure);

    assertThat(received.events).containsExactly(failure);
    assertThat(Scrape.of(registry).errors()).isEqualTo(1);
    assertThat(Scrape.of(registry).inFlight()).isZero();
  }

  @Test
  void timedPublisher_fails_countsItsReason() {
    HandPublisher source = new HandPublisher();
    TimedPublisher.of(recorder, source).subscribe(new Received());
    source.subscribers.get(0).onError(new TimeoutException());

    assertThat(Scrape.of(registry).value(TIMEOUT)).isEqualTo(1);
  }

  @Test
  void timedPublisher_itemsAreAskedFor_asksTheSource() {
    HandPublisher source = new HandPublisher();
    Received received = new Received();
    TimedPublisher.of(recorder, source).subscribe(received);
    received.subscriptions.get(0).request(3);

    assertThat(source.requested).isEqualTo(3);
  }

  @Test
  void timedPublisher_cancelled_isCancelledOnce() {
    HandPublisher source = new HandPublisher();
    Received received = new Received();
    TimedPublisher.of(recorder, source).subscribe(received);
    received.subscriptions.get(0).cancel();
    assertThat(Scrape.of(registry).inFlight()).isZero();
    received.subscriptions.get(0).cancel();
    source.subscribers.get(0).onComplete();

    assertThat(source.cancelled).isTrue();
    assertThat(Scrape.of(registry).value(CANCELLED)).isEqualTo(1);
    assertThat(Scrape.of(registry).count()).isEqualTo(1);
    assertThat(Scrape.of(registry).inFlight()).isZero();
  }

  @Test
  void timedPublisher_neverSubscribed_isNoPrediction() {
    TimedPublisher.of(recorder, new HandPublisher());

    assertThat(Scrape.of(registry).inFlight()).isZero();
  }

  @Test
  void timedPublisher_subscribeThrows_isAnErrorAndRethrown() {
    Flow.Publisher<String> broken =
        subscriber -> {
          throw new IllegalArgumentException("broken");
        };

    assertThatThrownBy(() -> TimedPublisher.of(recorder, broken).subscribe(new Received()))
        .hasMessage("broken");
    assertThat(Scrape.of(registry).value(INVALID)).isEqualTo(1);
    assertThat(Scrape.of(registry).errors()).isEqualTo(1);
    assertThat(Scrape.of(registry).inFlight()).isZero();
  }
}
