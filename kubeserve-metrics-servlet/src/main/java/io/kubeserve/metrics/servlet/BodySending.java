package io.kubeserve.metrics.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends a body at the pace of its reader, without a thread that waits; a reader that takes longer
 * than it may loses its connection.
 */
final class BodySending implements WriteListener, AsyncListener {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final AsyncContext context;
  private final ServletOutputStream out;
  private final byte[] body;
  private final Runnable onEnd;
  private final AtomicBoolean ended = new AtomicBoolean();
  private int position;

  private BodySending(AsyncContext context, ServletOutputStream out, byte[] body, Runnable onEnd) {
    this.context = context;
    this.out = out;
    this.body = body;
    this.onEnd = onEnd;
  }

  /**
   * Starts to send.
   *
   * @param onEnd called once when the body was sent or never will be
   */
  static void start(AsyncContext context, byte[] body, long timeoutMillis, Runnable onEnd)
      throws IOException {
    ServletOutputStream out = context.getResponse().getOutputStream();
    BodySending sending = new BodySending(context, out, body, onEnd);
    context.setTimeout(timeoutMillis);
    context.addListener(sending);
    out.setWriteListener(sending);
  }

  @Override
  public void onWritePossible() throws IOException {
    while (out.isReady()) {
      if (position == body.length) {
        context.complete();
        return;
      }
      int length = Math.min(CHUNK_BYTES, body.length - position);
      out.write(body, position, length);
      position += length;
    }
  }

  @Override
  public void onError(Throwable clientIsGone) {
    end();
    context.complete();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    end();
    context.complete();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    end();
  }

  @Override
  public void onError(AsyncEvent event) {
    end();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}

  private void end() {
    if (ended.compareAndSet(false, true)) {
      onEnd.run();
    }
  }
}
