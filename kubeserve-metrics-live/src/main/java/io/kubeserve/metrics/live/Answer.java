package io.kubeserve.metrics.live;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer to a {@code GET} or {@code HEAD} request, to be sent by whatever HTTP server there is.
 * To be closed once it was sent, or never will be. Immutable but for that; safe for use by many
 * threads.
 *
 * @since 0.1.0
 */
public final class Answer implements AutoCloseable {
  private static final int OK = 200;

  private final int status;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final byte[] body;
  private final Runnable onClose;

  private Answer(int status, String contentType, byte[] body, Runnable onClose) {
    this.status = status;
    this.body = body;
    this.onClose = onClose;
    headers.put("Content-Type", contentType);
    headers.put("Cache-Control", "no-store");
    headers.put("X-Content-Type-Options", "nosniff");
  }

  static Answer ok(String contentType, byte[] body, Runnable onClose) {
    return new Answer(OK, contentType, body, onClose);
  }

  static Answer refusal(int status, String sentence) {
    byte[] body = (sentence + '\n').getBytes(StandardCharsets.UTF_8);
    return new Answer(status, "text/plain; charset=utf-8", body, () -> {});
  }

  Answer with(Map<String, String> further) {
    headers.putAll(further);
    return this;
  }

  /**
   * Returns the status.
   *
   * @return an HTTP status
   */
  public int status() {
    return status;
  }

  /**
   * Returns the headers, with the content type and without the content length.
   *
   * @return their values by name
   */
  public Map<String, String> headers() {
    return Collections.unmodifiableMap(headers);
  }

  /**
   * Returns the body, which a {@code HEAD} request is not sent.
   *
   * @return not to be changed
   */
  public byte[] body() {
    return body;
  }

  /** Says that the answer was sent, or never will be; the second time has no effect. */
  @Override
  public void close() {
    onClose.run();
  }
}
