package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.PredictionStream;
import io.kubeserve.metrics.contract.ErrorReason;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.Objects;

/**
 * The output of a response that sends a prediction item by item, each followed by a {@link
 * #flush()}, as server-sent events and lines of JSON are.
 *
 * {@snippet file="io/kubeserve/metrics/servlet/SnippetsTest.java" region="streamedOutput"}
 *
 * <p>A flush counts an item if anything was written since the last one; what only {@link #close()}
 * sends, such as a mark of the end, is none. A client that goes away is found when a write, a flush
 * or the close throws an {@link IOException}: the stream is then an error, {@code cancelled}, and
 * the exception is thrown on.
 *
 * <p>Close it once the last item was sent, and not by a try-with-resources statement, which closes
 * after a failure too: closing decides that the stream is a success, unless something else was
 * decided before. That statement is for the stream. With a {@link WriteListener}, whose {@code
 * onError} hears of a client that goes away, have that decide and close the stream.
 *
 * <p>For one thread at a time, as the output itself.
 *
 * @since 0.1.0
 */
public final class StreamedOutput extends ServletOutputStream {
  private final ServletOutputStream out;
  private final PredictionStream stream;
  private boolean unflushed;
  private boolean closed;

  private StreamedOutput(ServletOutputStream out, PredictionStream stream) {
    this.out = out;
    this.stream = stream;
  }

  /**
   * Makes an output that tells a stream what becomes of its items.
   *
   * @param out the output of the response
   * @param stream a stream that nobody else tells of its items
   * @return an output that hands everything on at once
   */
  public static StreamedOutput of(ServletOutputStream out, PredictionStream stream) {
    return new StreamedOutput(
        Objects.requireNonNull(out, "out"), Objects.requireNonNull(stream, "stream"));
  }

  @Override
  public void write(int value) throws IOException {
    send(() -> out.write(value));
    unflushed = true;
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    send(() -> out.write(buffer, offset, length));
    unflushed |= length > 0;
  }

  /**
   * Sends what was written, and counts it as an item if there is any.
   *
   * @throws IOException if the client has gone
   */
  @Override
  public void flush() throws IOException {
    send(out::flush);
    if (unflushed) {
      unflushed = false;
      stream.item();
    }
  }

  /**
   * Ends the response and the stream, as a success if nothing was decided before; does nothing the
   * second time.
   *
   * @throws IOException if the client has gone
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (stream) {
      send(out::close);
      stream.success();
    }
  }

  @Override
  public boolean isReady() {
    return out.isReady();
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    out.setWriteListener(listener);
  }

  /** What the output is asked for. */
  private interface Sending {
    void send() throws IOException;
  }

  private void send(Sending sending) throws IOException {
    try {
      sending.send();
    } catch (IOException clientIsGone) {
      stream.error(ErrorReason.CANCELLED);
      throw clientIsGone;
    }
  }
}
