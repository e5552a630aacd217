package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionStream;
import io.kubeserve.metrics.Scrape;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedOutputTest {
  private static final String CANCELLED = "prediction_errors_total{reason=\"cancelled\"}";

  private final PrometheusRegistry registry = new PrometheusRegistry();

  /** An output that writes down what it is asked for, and fails when it is told to. */
  private static final class RecordedOutput extends ServletOutputStream {
    private final List<String> calls = new ArrayList<>();
    private String failing = "";

    private void call(String call) throws IOException {
      calls.add(call);
      if (call.equals(failing)) {
        throw new IOException("the client is gone");
      }
    }

    @Override
    public void write(int value) throws IOException {
      call("write " + value);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      call("write %d from %d".formatted(length, offset));
    }

    @Override
    public void flush() throws IOException {
      call("flush");
    }

    @Override
    public void close() throws IOException {
      call("close");
    }

    @Override
    public boolean isReady() {
      calls.add("isReady");
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      calls.add("setWriteListener");
    }
  }

  private final RecordedOutput original = new RecordedOutput();
  private final PredictionStream stream =
      PredictionMetrics.builder().registry(registry).build().recorder().startStream();
  private final StreamedOutput out = StreamedOutput.of(original, stream);

  private Scrape scrape() {
    return Scrape.of(registry);
  }

  private double items() {
    return scrape().value("prediction_stream_items_total");
  }

  @Test
  void flush_afterWrites_countsOneItem() throws IOException {
    out.write(new byte[3]);
    out.write(7);
    out.flush();
    assertThat(items()).isEqualTo(1);

    out.write(7);
    out.flush();
    assertThat(items()).isEqualTo(2);
  }

  @Test
  void flush_afterNothing_countsNone() throws IOException {
    out.flush();
    out.write(new byte[0]);
    out.flush();
    out.write(7);
    out.flush();
    out.flush();

    assertThat(items()).isEqualTo(1);
  }

  @Test
  void calls_areHandedOnOnceEach() throws IOException {
    out.write(new byte[3]);
    out.write(new byte[9], 2, 5);
    out.write(7);
    out.flush();
    out.setWriteListener(
        new WriteListener() {
          @Override
          public void onWritePossible() {}

          @Override
          public void onError(Throwable thrown) {}
        });
    assertThat(out.isReady()).isTrue();
    out.close();

    assertThat(original.calls)
        .containsExactly(
            "write 3 from 0",
            "write 5 from 2",
            "write 7",
            "flush",
            "setWriteListener",
            "isReady",
            "close");
  }

  @Test
  void close_isASuccess_once() throws IOException {
    out.write(7);
    assertThat(scrape().inFlight()).isEqualTo(1);

    out.close();
    out.close();

    assertThat(scrape().successes()).isEqualTo(1);
    assertThat(scrape().inFlight()).isZero();
    assertThat(items()).isZero();
    assertThat(original.calls).containsOnlyOnce("close");
  }

  @Test
  void close_afterAnError_isNoSuccess() throws IOException {
    stream.error();
    out.close();

    assertThat(scrape().errors()).isEqualTo(1);
    assertThat(scrape().successes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"write 7", "write 3 from 0", "flush", "close"})
  void clientIsGone_isCancelled_andThrownOn(String call) {
    original.failing = call;
    assertThatThrownBy(
            () -> {
              out.write(7);
              out.write(new byte[3]);
              out.flush();
              out.close();
            })
        .isInstanceOf(IOException.class)
        .hasMessage("the client is gone");
    stream.success();
    stream.close();

    assertThat(scrape().value(CANCELLED)).isEqualTo(1);
    assertThat(scrape().successes()).isZero();
    assertThat(scrape().inFlight()).isZero();
    assertThat(items()).isEqualTo(call.equals("close") ? 1 : 0);
  }

  @Test
  void faultOfTheProgram_isThrownOn_andDecidesNothing() {
    StreamedOutput blocked =
        StreamedOutput.of(
            new ServletOutputStream() {
              @Override
              public void write(int value) {
                throw new IllegalStateException("not ready");
              }

              @Override
              public boolean isReady() {
                return false;
              }

              @Override
              public void setWriteListener(WriteListener listener) {}
            },
            stream);

    assertThatThrownBy(() -> blocked.write(7)).isInstanceOf(IllegalStateException.class);
    stream.success();
    stream.close();

    assertThat(scrape().successes()).isEqualTo(1);
  }
}
