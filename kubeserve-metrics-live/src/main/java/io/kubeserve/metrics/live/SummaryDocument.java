package io.kubeserve.metrics.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kubeserve.metrics.LatencySnapshot;
import io.kubeserve.metrics.MetricsSummary;
import io.kubeserve.metrics.ModelSummary;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** A summary as JSON; what is not known is {@code null}, so that every model has every field. */
final class SummaryDocument {
  private static final JsonFactory JSON = new JsonFactory();

  private static final double NANOS_PER_SECOND = 1e9;

  private final JsonGenerator json;

  private SummaryDocument(JsonGenerator json) {
    this.json = json;
  }

  /** Writes a summary in UTF-8. */
  static byte[] of(MetricsSummary summary) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      new SummaryDocument(json).write(summary);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: it is written into memory
    }
    return out.toByteArray();
  }

  private void write(MetricsSummary summary) throws IOException {
    json.writeStartObject();
    json.writeNumberField("recent_seconds", summary.window().toNanos() / NANOS_PER_SECOND);
    json.writeNumberField("queue_depth", summary.queueDepth());
    json.writeArrayFieldStart("models");
    for (ModelSummary model : summary.models()) {
      write(model);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(ModelSummary model) throws IOException {
    json.writeStartObject();
    writeName("model", model.model());
    writeName("version", model.version());
    writeReady(model.ready());
    json.writeNumberField("in_flight", model.inFlight());
    writeCounts(model);
    writeLatency("latency_ms", model.latency());
    writeLatency("recent_latency_ms", model.recentLatency());
    writeStages(model.stages());
    json.writeObjectFieldStart("items");
    json.writeNumberField("predicted", model.predictedItems());
    json.writeNumberField("streamed", model.streamedItems());
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeName(String field, String name) throws IOException {
    if (name.isEmpty()) {
      json.writeNullField(field);
    } else {
      json.writeStringField(field, name);
    }
  }

  private void writeReady(Optional<Boolean> ready) throws IOException {
    if (ready.isPresent()) {
      json.writeBooleanField("ready", ready.get());
    } else {
      json.writeNullField("ready");
    }
  }

  private void writeCounts(ModelSummary model) throws IOException {
    json.writeObjectFieldStart("predictions");
    json.writeNumberField("success", model.successes());
    json.writeNumberField(
        "error", model.errors().values().stream().mapToLong(Long::longValue).sum());
    json.writeEndObject();
    json.writeObjectFieldStart("errors");
    for (Map.Entry<ErrorReason, Long> errors : model.errors().entrySet()) {
      json.writeNumberField(errors.getKey().labelValue(), errors.getValue());
    }
    json.writeEndObject();
  }

  private void writeStages(Map<Stage, LatencySnapshot> stages) throws IOException {
    json.writeObjectFieldStart("stages");
    for (Map.Entry<Stage, LatencySnapshot> stage : stages.entrySet()) {
      writeLatency(stage.getKey().labelValue(), stage.getValue());
    }
    json.writeEndObject();
  }

  private void writeLatency(String field, LatencySnapshot latency) throws IOException {
    json.writeObjectFieldStart(field);
    json.writeNumberField("count", latency.count());
    writeMillis("mean", latency.meanMillis());
    writeMillis("p50", latency.quantileMillis(0.5));
    writeMillis("p95", latency.quantileMillis(0.95));
    writeMillis("p99", latency.quantileMillis(0.99));
    writeMillis("max", latency.maxMillis());
    json.writeEndObject();
  }

  private void writeMillis(String field, double millis) throws IOException {
    // JSON has no NaN, which is what there is without latencies.
    if (Double.isNaN(millis)) {
      json.writeNullField(field);
    } else {
      json.writeNumberField(field, millis);
    }
  }
}
