package io.kubeserve.examples.jetty;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The way of a connector out of service: its connections are closed by answers that say so, then it
 * stops to listen, and the requests under way end. No request is refused.
 */
final class Draining extends Handler.Wrapper {
  /** How long a connection without a request may hold up a stop. */
  static final int IDLE_MILLIS = 250;

  private final ServerConnector connector;

  /** The connections with a request under way; their idle times are set under its locks. */
  private final Map<EndPoint, Boolean> busy = new ConcurrentHashMap<>();

  private volatile boolean announced;
  private volatile boolean closed;
  private volatile CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);

  /**
   * Makes one.
   *
   * @param connector whose requests it passes on
   * @param next what answers the requests
   */
  Draining(ServerConnector connector, Handler next) {
    super(next);
    this.connector = connector;
  }

  /**
   * Closes each connection with its next answer, so that its client makes one to another server.
   */
  void announce() {
    announced = true;
  }

  boolean isAnnounced() {
    return announced;
  }

  /** Tells whether no request is under way. */
  boolean isIdle() {
    return busy.isEmpty();
  }

  /** Stops listening, and closes the connections without a request. */
  void close() {
    announce();
    // Jetty would give its short idle time to every connection, and cut off an upload that pauses.
    connector.setShutdownIdleTimeout(connector.getIdleTimeout());
    ended = connector.shutdown();
    closed = true;
    connector.getConnectedEndPoints().forEach(endPoint -> busy.compute(endPoint, this::hasten));
  }

  /**
   * Waits for the requests under way, after {@link #close()}.
   *
   * @param limitMillis how long at most
   * @return whether each has its answer, and no connection is left
   */
  boolean awaitEnd(long limitMillis) throws InterruptedException {
    try {
      ended.get(limitMillis, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private @Nullable Boolean hasten(EndPoint endPoint, @Nullable Boolean mark) {
    if (mark == null) {
      endPoint.setIdleTimeout(IDLE_MILLIS);
    }
    return mark;
  }

  private Boolean giveTime(EndPoint endPoint, Boolean mark) {
    endPoint.setIdleTimeout(connector.getIdleTimeout());
    return mark;
  }

  private void begin(EndPoint endPoint) {
    busy.put(endPoint, true);
    // After it was put: else close() could miss it, and it could miss that it is closed.
    if (closed) {
      busy.computeIfPresent(endPoint, this::giveTime);
    }
  }

  private void end(EndPoint endPoint) {
    busy.remove(endPoint);
    if (closed) {
      endPoint.setIdleTimeout(IDLE_MILLIS);
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    begin(endPoint);
    if (announced) {
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    }
    Callback ending = Callback.from(() -> end(endPoint), callback);
    boolean handled = false;
    try {
      handled = super.handle(request, response, ending);
    } finally {
      if (!handled) {
        end(endPoint);
      }
    }
    return handled;
  }
}
