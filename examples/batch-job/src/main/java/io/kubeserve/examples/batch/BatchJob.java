package io.kubeserve.examples.batch;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.exporter.pushgateway.PushGateway;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;

/** One run of the job: scores go to one writer, what is wrong with a row to the other. */
final class BatchJob {
  private final LinearModel model = new LinearModel();
  private final PrintWriter out;
  private final PrintWriter err;

  BatchJob(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Scores rows and pushes once, also when rows failed.
   *
   * @param gateway where to push to, but for the registry
   * @return how many rows failed
   * @throws IOException if the push fails
   */
  int run(List<String> rows, PushGateway.Builder gateway) throws IOException {
    // @start region="batch"
    PrometheusRegistry registry = new PrometheusRegistry();
    PredictionRecorder recorder = PredictionMetrics.builder().registry(registry).build().recorder();
    int failed = 0;
    for (String row : rows) {
      try {
        out.println(recorder.time(() -> model.score(row)));
      } catch (IllegalArgumentException e) {
        failed++; // the recorder has counted the error; the other rows are still to be scored
        err.printf("Cannot score \"%s\": %s%n", row, e.getMessage());
      }
    }
    if (failed == 0) {
      // Not before: a gauge without labels is pushed as 0 from when it is registered.
      Gauge.builder()
          .name("batch_job_last_success_timestamp_seconds")
          .help("When the job last ended with no failed row, in seconds since 1970.")
          .register(registry)
          .set(Instant.now().toEpochMilli() / 1000.0);
    }
    // POST replaces only the metrics that this run has. PUT, which is push(), replaces them all: a
    // failed run would delete the time of the last success.
    gateway.registry(registry).build().pushAdd();
    // @end
    return failed;
  }
}
