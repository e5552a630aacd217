package io.kubeserve.metrics.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.PredictionMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What any HTTP server gets to send; that of servlets is tested with real containers. */
class LivePageTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(new PrometheusRegistry()).build();
  private final LivePage page = LivePage.builder(metrics).build();

  @ParameterizedTest
  @CsvSource({
    "/, 200, text/html",
    "/samples, 200, application/json",
    "/nothing, 404, text/plain",
    "'', 302, text/plain",
    ", 302, text/plain"
  })
  void answer_hasItsStatusItsTypeAndAStrictPolicy(String below, int status, String type) {
    try (Answer answer = page.answer("/app/live", below, null)) {
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.headers().get("Content-Type")).startsWith(type);
      assertThat(answer.headers())
          .containsEntry("Cache-Control", "no-store")
          .containsEntry("X-Content-Type-Options", "nosniff")
          .containsKey("Content-Security-Policy");
      assertThat(answer.body()).isNotEmpty();
    }
  }

  @Test
  void answer_ofThePathWithoutASlash_leadsBelowByARelativePath() {
    assertThat(page.answer("/app/live", null, null).headers()).containsEntry("Location", "live/");
  }

  @Test
  void answer_moreThanMayBeUnderWay_isRefusedUntilOneIsClosed() {
    List<Answer> underWay = new ArrayList<>();
    for (int i = 0; i < LivePage.MAX_VIEWERS; i++) {
      underWay.add(page.answer("/live", "/", null));
    }
    assertThat(page.answer("/live", "/", null).status()).isEqualTo(503);

    underWay.get(0).close();
    underWay.get(0).close();

    assertThat(page.answer("/live", "/", null).status()).isEqualTo(200);
    assertThat(page.answer("/live", "/", null).status()).isEqualTo(503);
  }

  @Test
  void sampleThatFails_isMissedAndTheNextIsTaken() {
    int[] asked = {0};
    LiveHistory history =
        new LiveHistory(
            metrics,
            null,
            new JvmReadings() {
              @Override
              long heapBytes() {
                if (++asked[0] == 1) {
                  throw new AssertionError("the heap is not known");
                }
                return 7;
              }
            });
    LiveSampler sampler = new LiveSampler(history);
    sampler.start();
    try {
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  new String(LiveDocument.of(history, LIMIT, "", -1), StandardCharsets.UTF_8)
                      .contains("[7"));
    } finally {
      sampler.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"javascript:alert(1)", "grafana.example.org", "//grafana"})
  void grafana_notOfTheWeb_isRefused(String address) {
    LivePageBuilder builder = LivePage.builder(metrics);

    assertThatThrownBy(() -> builder.grafana(URI.create(address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("begins with http:// or https://");
  }

  @ParameterizedTest
  @ValueSource(strings = {"javascript:alert(1)", "https://elsewhere/metrics", "//elsewhere", ""})
  void scrapePath_notOfThisServer_isRefused(String path) {
    LivePageBuilder builder = LivePage.builder(metrics);

    assertThatThrownBy(() -> builder.scrapePath(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("such as /metrics");
  }

  @Test
  void slowAbove_nothing_isRefused() {
    LivePageBuilder builder = LivePage.builder(metrics);

    assertThatThrownBy(() -> builder.slowAbove(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leave slowAbove out for half a second");
  }
}
