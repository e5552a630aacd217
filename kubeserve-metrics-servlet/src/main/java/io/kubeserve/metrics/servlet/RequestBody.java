package io.kubeserve.metrics.servlet;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, and whether it could be read: an exception of the container's own stream
 * is the fault of who sends, whatever the container calls it. See {@code docs/rationale.md}.
 */
final class RequestBody {
  private static final String JETTY_EXCEPTIONS = "org.eclipse.jetty.";

  private final HttpServletResponse response;
  private @Nullable ServletInputStream stream;
  private @Nullable BufferedReader reader;

  // Read by the thread that ends the request, which may be another one.
  private volatile boolean broken;
  private volatile @Nullable Runnable onBroken;
  private volatile boolean closed;

  /**
   * Whether a failing read would say nothing of the client: the server had closed the body, or had
   * answered. Asked before each read, since a read that fails makes Undertow close the body, and
   * call the response committed.
   */
  private volatile boolean over;

  RequestBody(HttpServletResponse response) {
    this.response = response;
  }

  boolean isBroken() {
    return broken;
  }

  ServletInputStream stream(ServletInputStream original) {
    if (stream == null) {
      stream = new WatchedStream(original);
    }
    return stream;
  }

  BufferedReader reader(BufferedReader original) {
    if (reader == null) {
      reader = new WatchedReader(original);
    }
    return reader;
  }

  void onBroken(Runnable callback) {
    onBroken = callback;
    if (broken) {
      callback.run();
    }
  }

  void failed() {
    broken = true;
    Runnable callback = onBroken;
    if (callback != null) {
      callback.run();
    }
  }

  void partsFailed(Throwable failure) {
    if (BrokenParts.isCauseOf(failure)) {
      failed();
    }
  }

  /** A read of the container's stream or reader. */
  private interface Read<T> {
    T read() throws IOException;
  }

  private <T> T watched(Read<T> read) throws IOException {
    over = closed || response.isCommitted();
    try {
      return read.read();
    } catch (IOException | RuntimeException e) {
      readFailed(e);
      throw e;
    }
  }

  /** Other exceptions that are not checked say that the server reads in a wrong way. */
  private void readFailed(Throwable failure) {
    if (!over
        && (failure instanceof IOException
            || failure.getCause() instanceof IOException
            || failure.getClass().getName().startsWith(JETTY_EXCEPTIONS))) {
      failed();
    }
  }

  private final class WatchedStream extends ServletInputStream {
    private final ServletInputStream in;

    WatchedStream(ServletInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return watched(in::read);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return watched(() -> in.read(buffer, offset, length));
    }

    @Override
    public int available() throws IOException {
      return watched(in::available);
    }

    @Override
    public void close() throws IOException {
      closed = true;
      in.close();
    }

    @Override
    public boolean isFinished() {
      return in.isFinished();
    }

    @Override
    public boolean isReady() {
      over = closed || response.isCommitted();
      return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      over = closed || response.isCommitted();
      in.setReadListener(new WatchedListener(listener));
    }
  }

  private final class WatchedListener implements ReadListener {
    private final ReadListener listener;

    /** Containers hand it back to the listener, as if the client had done it. */
    private @Nullable Throwable thrown;

    WatchedListener(ReadListener listener) {
      this.listener = listener;
    }

    @Override
    public void onDataAvailable() throws IOException {
      call(listener::onDataAvailable);
    }

    @Override
    public void onAllDataRead() throws IOException {
      call(listener::onAllDataRead);
    }

    private void call(Call callback) throws IOException {
      try {
        callback.call();
      } catch (IOException | RuntimeException | Error e) {
        thrown = e;
        throw e;
      }
    }

    @Override
    public void onError(Throwable failure) {
      if (failure != thrown) {
        readFailed(failure);
      }
      listener.onError(failure);
    }
  }

  /** A call of a listener. */
  private interface Call {
    void call() throws IOException;
  }

  /** Has no buffer, since the container's reader has one. */
  private final class WatchedReader extends BufferedReader {
    private final BufferedReader in;

    WatchedReader(BufferedReader in) {
      super(in, 1);
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return watched(in::read);
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      return watched(() -> in.read(buffer, offset, length));
    }

    @Override
    public @Nullable String readLine() throws IOException {
      return watched(in::readLine);
    }

    @Override
    public long skip(long characters) throws IOException {
      return watched(() -> in.skip(characters));
    }

    @Override
    public boolean ready() throws IOException {
      return watched(in::ready);
    }

    @Override
    public boolean markSupported() {
      return in.markSupported();
    }

    @Override
    public void mark(int limit) throws IOException {
      in.mark(limit);
    }

    @Override
    public void reset() throws IOException {
      in.reset();
    }

    @Override
    public void close() throws IOException {
      closed = true;
      in.close();
    }
  }
}
