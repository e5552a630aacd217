package io.kubeserve.metrics.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kubeserve.metrics.LatencySnapshot;
import io.kubeserve.metrics.ModelSummary;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.live.LiveModel.Quantile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;

/** The samples after one that a viewer has, as JSON; arrays have an element for each sample. */
final class LiveDocument {
  private static final JsonFactory JSON = new JsonFactory();
  private static final double MILLIS_PER_SECOND = 1e3;

  /** Ten thousandths of a millisecond are finer than the error of a quantile. */
  private static final double MILLIS_PRECISION = 1e4;

  /** The upper bounds of the distribution's bars in milliseconds: 1, 2, 5 of each power of ten. */
  private static final double[] BAR_BOUNDS_MILLIS = {
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3,
    2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6
  };

  private final LiveHistory history;
  private final Duration slowAbove;
  private final long first;
  private final JsonGenerator json;

  private LiveDocument(LiveHistory history, Duration slowAbove, long first, JsonGenerator json) {
    this.history = history;
    this.slowAbove = slowAbove;
    this.first = first;
    this.json = json;
  }

  /**
   * Writes a document in UTF-8.
   *
   * @param server what tells this server's samples from those of the one before a restart
   * @param after the number of the last sample that the viewer has; -1 if it has none
   */
  static byte[] of(LiveHistory history, Duration slowAbove, String server, long after) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    synchronized (history) {
      long lastKnown = Math.min(Math.max(after, history.firstSample() - 1), history.samples() - 1);
      try (JsonGenerator json = JSON.createGenerator(out)) {
        new LiveDocument(history, slowAbove, lastKnown + 1, json).write(server);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // never: it is written into memory
      }
    }
    return out.toByteArray();
  }

  private void write(String server) throws IOException {
    json.writeStartObject();
    json.writeStringField("server", server);
    json.writeNumberField("first", first);
    json.writeNumberField("recent_seconds", history.recently().toMillis() / MILLIS_PER_SECOND);
    json.writeNumberField("window_seconds", history.window().toMillis() / MILLIS_PER_SECOND);
    writeRing("times_ms", history.times);
    writeRing("queue_depth", history.queueDepth);
    writeRing("heap_bytes", history.heapBytes);
    if (history.heapMaxBytes() >= 0) {
      json.writeNumberField("heap_max_bytes", history.heapMaxBytes());
    } else {
      json.writeNullField("heap_max_bytes");
    }
    writeRing("gc_ms", history.gcMillis);
    json.writeObjectFieldStart("requests");
    for (Map.Entry<String, Ring> status : history.requests.entrySet()) {
      writeRing(status.getKey(), status.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("models_left_out", history.modelsLeftOut());
    json.writeArrayFieldStart("models");
    for (LiveModel model : history.models()) {
      write(model);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(LiveModel model) throws IOException {
    ModelSummary last = model.last();
    ModelStatus status = ModelStatus.of(model, history, slowAbove);
    json.writeStartObject();
    json.writeStringField("model", last.model());
    json.writeStringField("version", last.version());
    json.writeStringField("state", status.state().word());
    json.writeStringField("sentence", status.sentence());
    json.writeObjectFieldStart("total");
    writeEnded(new EndedPredictions(last.successes(), last.errors()));
    writeLatency(last.latency());
    json.writeEndObject();
    json.writeObjectFieldStart("recent");
    writeEnded(history.recentlyEnded(model));
    writeLatency(last.recentLatency());
    json.writeEndObject();
    writeDistribution(last.recentLatency());
    json.writeObjectFieldStart("stages");
    for (Map.Entry<Stage, LatencySnapshot> stage : last.stages().entrySet()) {
      json.writeObjectFieldStart(stage.getKey().labelValue());
      writeLatency(stage.getValue());
      json.writeEndObject();
    }
    json.writeEndObject();
    writeSeries(model);
    json.writeEndObject();
  }

  private void writeEnded(EndedPredictions ended) throws IOException {
    json.writeNumberField("success", ended.succeeded());
    json.writeNumberField("error", ended.failed());
    json.writeObjectFieldStart("errors");
    for (Map.Entry<ErrorReason, Long> failures : ended.failures().entrySet()) {
      json.writeNumberField(failures.getKey().labelValue(), failures.getValue());
    }
    json.writeEndObject();
  }

  private void writeLatency(LatencySnapshot latency) throws IOException {
    json.writeNumberField("count", latency.count());
    writeMillis("mean_ms", latency.meanMillis());
    for (Quantile quantile : Quantile.values()) {
      writeMillis(quantile.label + "_ms", latency.quantileMillis(quantile.value));
    }
  }

  private void writeMillis(String field, double millis) throws IOException {
    json.writeFieldName(field);
    writeNumber(millis);
  }

  /** Writes the bars from the first to the last that has latencies; the last bound may be none. */
  private void writeDistribution(LatencySnapshot latency) throws IOException {
    json.writeArrayFieldStart("distribution");
    long below = 0;
    double lower = 0;
    for (int bar = 0; bar <= BAR_BOUNDS_MILLIS.length && below < latency.count(); bar++) {
      boolean bounded = bar < BAR_BOUNDS_MILLIS.length;
      double upper = bounded ? BAR_BOUNDS_MILLIS[bar] : Double.NaN;
      long atMost = bounded ? latency.countAtMost(upper) : latency.count();
      if (atMost > 0) {
        json.writeStartObject();
        writeMillis("above_ms", lower);
        writeMillis("at_most_ms", upper);
        json.writeNumberField("count", atMost - below);
        json.writeEndObject();
      }
      below = atMost;
      lower = upper;
    }
    json.writeEndArray();
  }

  private void writeSeries(LiveModel model) throws IOException {
    json.writeObjectFieldStart("series");
    writeRing("success", model.successes);
    for (Map.Entry<ErrorReason, Ring> errors : model.errors.entrySet()) {
      writeRing("error_" + errors.getKey().labelValue(), errors.getValue());
    }
    writeRing("in_flight", model.inFlight);
    for (Map.Entry<Quantile, Ring> quantile : model.quantiles.entrySet()) {
      writeRing(quantile.getKey().label + "_ms", quantile.getValue());
    }
    for (Map.Entry<Stage, Ring> stage : model.stageMeans.entrySet()) {
      writeRing("stage_" + stage.getKey().labelValue() + "_ms", stage.getValue());
    }
    json.writeEndObject();
  }

  private void writeRing(String field, Ring ring) throws IOException {
    json.writeArrayFieldStart(field);
    for (long sample = first; sample < history.samples(); sample++) {
      writeNumber(ring.get(sample));
    }
    json.writeEndArray();
  }

  private void writeNumber(double value) throws IOException {
    if (Double.isNaN(value)) {
      json.writeNull(); // JSON has no NaN
    } else if (value == Math.rint(value)) {
      json.writeNumber((long) value);
    } else {
      json.writeNumber(Math.rint(value * MILLIS_PRECISION) / MILLIS_PRECISION);
    }
  }
}
