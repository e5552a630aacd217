package io.kubeserve.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.ManualTicker;
import io.kubeserve.metrics.Scrape;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpMetricsTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();

  private HttpMetricsBuilder builder() {
    return HttpMetrics.builder().registry(registry).ticker(ticker);
  }

  private static void record(
      HttpMetrics metrics, @Nullable String method, @Nullable String handler, int status) {
    metrics.finish(metrics.start(), method, handler, status, 0, 0);
  }

  @Test
  void build_showsTheHistogramWithoutLabels_andNothingElseYet() {
    builder().build();

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.value("http_request_duration_highr_seconds_count")).isZero();
    assertThat(scrape.series())
        .allMatch(series -> series.startsWith("http_request_duration_highr_seconds"));
  }

  @Test
  void scrape_afterTwoStatuses_saysWhenEachSeriesWas0() {
    long start = System.currentTimeMillis();
    HttpMetrics metrics = builder().build();
    record(metrics, "GET", "/a", 200);
    long first = System.currentTimeMillis();
    await().pollInterval(Duration.ofMillis(1)).until(() -> System.currentTimeMillis() > first);
    long second = System.currentTimeMillis();
    record(metrics, "GET", "/a", 500);

    assertThat(registry.scrape())
        .flatExtracting(MetricSnapshot::getDataPoints)
        .extracting(DataPointSnapshot::getCreatedTimestampMillis)
        .allMatch(millis -> millis >= start && millis <= System.currentTimeMillis());
    assertThat(registry.scrape(name -> name.equals("http_requests")))
        .flatExtracting(MetricSnapshot::getDataPoints)
        .extracting(DataPointSnapshot::getCreatedTimestampMillis)
        .satisfiesExactlyInAnyOrder(
            of2xx -> assertThat(of2xx).isLessThanOrEqualTo(first),
            of5xx -> assertThat(of5xx).isGreaterThanOrEqualTo(second));
  }

  @ParameterizedTest
  @CsvSource({
    "200, 2xx",
    "100, 1xx",
    "599, 5xx",
    "404, 4xx",
    "99, other",
    "600, other",
    "-1, other"
  })
  void status_isGrouped(int status, String label) {
    record(builder().build(), "GET", "/a", status);

    assertThat(Scrape.of(registry).series())
        .contains("http_requests_total{handler=\"/a\",method=\"GET\",status=\"" + label + "\"}");
  }

  @ParameterizedTest
  @CsvSource({"200, 200", "100, 100", "599, 599", "99, other", "600, other", "2147483647, other"})
  void exactStatus_isTheNumber(int status, String label) {
    record(builder().exactStatus(true).build(), "GET", "/a", status);

    assertThat(Scrape.of(registry).series())
        .contains("http_requests_total{handler=\"/a\",method=\"GET\",status=\"" + label + "\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "get, _OTHER",
    "PATCH, PATCH",
    "CONNECT, CONNECT",
    "FOO, _OTHER",
    "'', _OTHER",
    ", _OTHER"
  })
  void method_isOneOfTheStandardOnes(@Nullable String method, String label) {
    record(builder().build(), method, "/a", 200);

    assertThat(Scrape.of(registry).series())
        .contains("http_requests_total{handler=\"/a\",method=\"" + label + "\",status=\"2xx\"}");
  }

  @ParameterizedTest
  @CsvSource({"/a/{b}, /a/{b}", ", none", "'', none", "' ', none", "none, none", "other, other"})
  void handler_isTheTemplate(@Nullable String handler, String label) {
    record(builder().build(), "GET", handler, 200);

    assertThat(Scrape.of(registry).series())
        .contains("http_requests_total{handler=\"" + label + "\",method=\"GET\",status=\"2xx\"}");
  }

  @Test
  void handlers_pastTheLimit_shareOne_andAreCounted() {
    HttpMetrics metrics = builder().maxHandlers(2).build();
    for (int i = 1; i <= 5; i++) {
      record(metrics, "GET", "/" + i, 200);
    }
    record(metrics, "GET", "/2", 200);
    record(metrics, "GET", null, 200);
    record(metrics, "GET", "other", 200);

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.value(requests("/1"))).isEqualTo(1);
    assertThat(scrape.value(requests("/2"))).isEqualTo(2);
    assertThat(scrape.value(requests("none"))).isEqualTo(1);
    assertThat(scrape.value(requests("other"))).isEqualTo(4);
    assertThat(scrape.value("http_handlers_folded_total")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\rb", "/a\nb", "/a\u0085", "/\u2028", "/\ud800"})
  void handler_thatEndsALineForSomeReader_isFolded(String handler) {
    record(builder().build(), "GET", handler, 200);

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.value(requests("other"))).isEqualTo(1);
    assertThat(scrape.value("http_handlers_folded_total")).isEqualTo(1);
  }

  private static String requests(String handler) {
    return "http_requests_total{handler=\"" + handler + "\",method=\"GET\",status=\"2xx\"}";
  }

  @Test
  void maxHandlers_belowOne_isRefused() {
    assertThatThrownBy(() -> HttpMetrics.builder().maxHandlers(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1, not 0");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.01, 0.1",
    "10000000, 0.01, 0.1",
    "10000001, 0.025, 0.1",
    "100000000, 0.1, 0.1",
    "100000001, 0.25, 0.5",
    "500000000, 0.5, 0.5",
    "1000000000, 1.0, 1.0",
    "1000000001, 1.5, +Inf",
    "60000000000, 60.0, +Inf",
    "60000000001, +Inf, +Inf"
  })
  void duration_isCountedInTheBucketItBelongsTo(long nanos, String highr, String byHandler) {
    HttpMetrics metrics = builder().build();
    long start = metrics.start();
    ticker.advance(Duration.ofNanos(nanos));
    metrics.finish(start, "GET", "/a", 200, 0, 0);

    assertThat(smallestBucket("http_request_duration_highr_seconds_bucket{le=\"")).isEqualTo(highr);
    assertThat(
            smallestBucket(
                "http_request_duration_seconds_bucket{handler=\"/a\",method=\"GET\",le=\""))
        .isEqualTo(byHandler);
    assertThat(
            Scrape.of(registry)
                .value("http_request_duration_seconds_sum{handler=\"/a\",method=\"GET\"}"))
        .isEqualTo(nanos / 1e9);
  }

  private String smallestBucket(String prefix) {
    return Scrape.of(registry).samples().entrySet().stream()
        .filter(sample -> sample.getKey().startsWith(prefix) && sample.getValue() == 1)
        .map(sample -> sample.getKey().substring(prefix.length()).replace("\"}", ""))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void duration_ofAClockThatGoesBack_isZero() {
    HttpMetrics metrics = builder().build();
    metrics.finish(metrics.start() + 1_000, "GET", "/a", 200, 0, 0);

    assertThat(Scrape.of(registry).value("http_request_duration_highr_seconds_sum")).isZero();
  }

  @Test
  void sizes_areAddedUp_andWhatIsNoSizeIsZero() {
    HttpMetrics metrics = builder().build();
    metrics.finish(metrics.start(), "GET", "/a", 200, 7, 100);
    metrics.finish(metrics.start(), "POST", "/a", 500, -1, Long.MIN_VALUE);

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.value("http_request_size_bytes_sum{handler=\"/a\"}")).isEqualTo(7);
    assertThat(scrape.value("http_request_size_bytes_count{handler=\"/a\"}")).isEqualTo(2);
    assertThat(scrape.value("http_response_size_bytes_sum{handler=\"/a\"}")).isEqualTo(100);
    assertThat(scrape.value("http_response_size_bytes_count{handler=\"/a\"}")).isEqualTo(2);
  }

  @Test
  void sizes_thatAClientMakesUp_neverMakeTheSumNegative() {
    HttpMetrics metrics = builder().build();
    for (int i = 0; i < 3; i++) {
      metrics.finish(metrics.start(), "POST", "/a", 413, Long.MAX_VALUE, 0);
    }

    assertThat(Scrape.of(registry).value("http_request_size_bytes_sum{handler=\"/a\"}"))
        .isEqualTo(3 * 0x1p40);
  }

  @Test
  void inProgress_isWhatStartedAndDidNotFinish() {
    HttpMetrics metrics = builder().inProgress(true).build();
    long start = metrics.start();
    metrics.start();
    metrics.finish(start, "GET", "/a", 200, 0, 0);

    assertThat(Scrape.of(registry).value("http_requests_inprogress")).isEqualTo(1);
  }

  @Test
  void ticker_thatThrows_losesNoRequest() {
    HttpMetrics metrics =
        HttpMetrics.builder()
            .registry(registry)
            .ticker(
                () -> {
                  throw new IllegalStateException("no time");
                })
            .build();
    record(metrics, "GET", "/a", 200);

    assertThat(Scrape.of(registry).value(requests("/a"))).isEqualTo(1);
  }

  @Test
  void build_besideACollectorThatThrows_works() {
    registry.register(
        (Collector)
            () -> {
              throw new IllegalStateException("broken");
            });

    record(builder().build(), "GET", "/a", 200);
  }
}
