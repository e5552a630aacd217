package io.kubeserve.examples.spring;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.kubeserve.metrics.spring.TimedPrediction;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.LongStream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Service;

/** The Iris classifier. Safe for use by many threads. */
@Service
class IrisModel {
  private static final int WIDTH = 4;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  /** A session that is closed under a prediction takes the process down. */
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();

  private final String input;
  private final long addedLatencyMillis;

  /**
   * Loads the model.
   *
   * @param addedLatencyMillis how much longer every prediction takes, to try dashboards and alerts
   */
  IrisModel(@Value("${add-latency:0}") long addedLatencyMillis) throws IOException, OrtException {
    this.addedLatencyMillis = addedLatencyMillis;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Requests run in parallel already; threads of the session's own would only compete.
      options.setIntraOpNumThreads(1);
      session =
          environment.createSession(
              new ClassPathResource("iris.onnx").getContentAsByteArray(), options);
    }
    input = session.getInputNames().iterator().next();
  }

  /**
   * Predicts a batch.
   *
   * @param rows at least one row of four features
   * @return the class of each row
   */
  @TimedPrediction
  public List<Long> predict(List<float[]> rows) throws OrtException, InterruptedException {
    check(rows);
    Thread.sleep(addedLatencyMillis);
    inUse.readLock().lock();
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, rows.toArray(float[][]::new));
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      return LongStream.of((long[]) result.get(0).getValue()).boxed().toList();
    } finally {
      inUse.readLock().unlock();
    }
  }

  private static void check(List<float[]> rows) {
    if (rows.isEmpty()) {
      throw new InvalidRowsException("data is an empty batch: send at least one row");
    }
    for (float[] row : rows) {
      if (row.length != WIDTH) {
        throw new InvalidRowsException(
            "A row has %d values, and the model takes %d".formatted(row.length, WIDTH));
      }
    }
  }

  @PreDestroy
  void close() throws OrtException {
    inUse.writeLock().lock();
    try {
      session.close();
    } finally {
      inUse.writeLock().unlock();
    }
  }
}
