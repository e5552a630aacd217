package io.kubeserve.docs;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.http.internal.DurationBounds;
import io.kubeserve.metrics.http.internal.HandlerName;
import io.kubeserve.metrics.http.internal.HttpFamilies;
import io.kubeserve.metrics.http.internal.HttpMethod;
import io.kubeserve.metrics.http.internal.ScrapeFamilies;
import io.kubeserve.metrics.internal.contract.BatchSizeBounds;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.kubeserve.metrics.internal.contract.LatencyBounds;
import io.kubeserve.metrics.internal.contract.MetricFamily;
import io.kubeserve.metrics.internal.contract.PredictionFamilies;
import io.kubeserve.metrics.internal.contract.StreamBounds;
import io.kubeserve.testing.GeneratedFile;
import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/metrics.md} is what the contract says. */
class MetricsFileTest {
  private static final Path DOC = ProjectFiles.of("docs/metrics.md");

  @Test
  void metricsDoc_isGeneratedFromTheContract() throws IOException {
    GeneratedFile.check(DOC, render());
  }

  private static String render() {
    return """
        # Metrics

        Generated from the contract by `MetricsFileTest`.

        ## Predictions

        %s

        `status` is one of %s.
        A recorder of one of several models has the labels `model` and `version` too.
        `reason` is one of %s, or one that `builder().errorReasons(...)` declares; all of them are there from the first error of a model on, and together they are `predictions_total{status="error"}` in every scrape.
        `prediction_queue_depth` and `predictions_in_flight` are there from the start too, for autoscalers.
        Each counter, histogram and summary has the time at which it was 0, each series its own. client_java writes it in OpenMetrics, as `_created`, where `io.prometheus.exporter.include_created_timestamps` is `true` (before its version 1.5: `includeCreatedTimestamps`), and in protobuf, of counters alone, from its version 1.4 on. A Prometheus with `--enable-feature=created-timestamp-zero-ingestion` then counts a series' first increment too.
        `stage` is one of %s, or one that `builder().stages(...)` declares; `%s` has those that the server ends, by `endStage`. A stage or a reason that was not declared is `other`.
        Labels that `builder().labelNames(...)` declares come to the series of what is recorded by `withLabelValues(...)`, in all families but those of loads and windows. Past `maxLabelSets` their values are `other`, and `%s` counts it; it exists only where label names are declared.
        `%s` and `%s` exist only with `builder().quantileGauges(...)`.
        The default bounds of `prediction_latency_ms` are %s ms and +Inf.

        Only where a server tells of them:

        - batches, by `batchSize`: `prediction_batch_size` counts every batch, one of a single item too, and `predicted_items_total` the items of those that succeeded. The bounds are %s items and +Inf.
        - streams, by `startStream`, `TimedIterator` or `TimedPublisher`: `prediction_stream_items_total` counts each item immediately. The names and bounds of the others are those of OpenTelemetry's conventions for generative AI, where an item is a token: `gen_ai_server_request_duration_seconds` counts every stream (%s s), `gen_ai_server_time_to_first_token_seconds` (%s s) and `gen_ai_server_time_per_output_token_seconds` (%s s), one count for each gap between two items, those that succeeded. Their labels are `model` and `version`, like those of every other family here, and not OpenTelemetry's attributes.
        - loads, by `load`: `model_ready` from its begin, `model_load_seconds` from its end, `model_info` where the model has a name, of its recorder or by `builder().modelInfo(...)`.

        No configuration may use the labels %s.

        ## HTTP requests

        Those of prometheus-fastapi-instrumentator, from `HttpMetricsFilter`.

        %s

        `method` is one of %s; the last is any that is not standard.
        `status` is `1xx` to `5xx`, or with `builder().exactStatus(true)` the number; `%s` is a status that HTTP does not have.
        `handler` is the route template, `%s` where none matched, `%s` past the limit of handlers.
        The bounds of `%s` are %s s and +Inf, those of `%s` %s s and +Inf.
        `%s` exists only with `builder().inProgress(true)`, `%s` only once a handler was folded.

        ## The scrape itself

        From `MetricsServlet`.

        %s
        """
        .formatted(
            table(PredictionFamilies.ALL),
            names(Stream.of(Status.values()).map(Status::labelValue)),
            names(ErrorReason.standard().stream().map(ErrorReason::labelValue)),
            names(Stage.standard().stream().map(Stage::labelValue)),
            PredictionFamilies.PREDICTION_STAGE_LATENCY.metricName(),
            PredictionFamilies.PREDICTION_LABEL_SETS_FOLDED.metricName(),
            PredictionFamilies.PREDICTION_LATENCY_QUANTILE.metricName(),
            PredictionFamilies.PREDICTION_LATENCY_MAX.metricName(),
            bounds(LatencyBounds.DEFAULT_MILLIS),
            bounds(BatchSizeBounds.ITEMS),
            bounds(StreamBounds.DURATION_SECONDS),
            bounds(StreamBounds.FIRST_ITEM_SECONDS),
            bounds(StreamBounds.BETWEEN_ITEMS_SECONDS),
            names(LabelName.RESERVED.stream().sorted()),
            table(HttpFamilies.ALL),
            names(Stream.of(HttpMethod.values()).map(HttpMethod::labelValue)),
            LabelName.OTHER_STATUS,
            HandlerName.NONE,
            HandlerName.OTHER,
            HttpFamilies.HTTP_REQUEST_DURATION_HIGHR.metricName(),
            bounds(DurationBounds.HIGHR_SECONDS),
            HttpFamilies.HTTP_REQUEST_DURATION.metricName(),
            bounds(DurationBounds.BY_HANDLER_SECONDS),
            HttpFamilies.HTTP_REQUESTS_IN_PROGRESS.metricName(),
            HttpFamilies.HTTP_HANDLERS_FOLDED.metricName(),
            table(ScrapeFamilies.ALL));
  }

  private static String table(List<MetricFamily> families) {
    return "| metric | type | labels | HELP |\n|---|---|---|---|\n"
        + families.stream().map(MetricsFileTest::row).collect(Collectors.joining("\n"));
  }

  private static String names(Stream<String> names) {
    return names.map(name -> '`' + name + '`').collect(Collectors.joining(", "));
  }

  private static String bounds(List<Double> bounds) {
    return bounds.stream()
        .map(bound -> BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString())
        .collect(Collectors.joining(", "));
  }

  private static String row(MetricFamily family) {
    return "| `%s` | %s | %s | %s |"
        .formatted(
            family.metricName(),
            family.type().name().toLowerCase(Locale.ROOT),
            names(family.labelNames().stream()),
            family.help().strip());
  }
}
