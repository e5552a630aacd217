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

/**
 * The way of a connector out of service: its connections are closed by answers that say so, then it
 * stops to listen, and the requests under way end. No request is refused.
 */
final class Draining extends Handler.Wrapper {
  private static final System.Logger LOGGER = System.getLogger(Draining.class.getName());

  private final ServerConnector connector;
  private final long limitMillis;

  /** The connections with a request under way; their idle times are set under its locks. */
  private final Map<EndPoint, Boolean> busy = new ConcurrentHashMap<>();

  private volatile boolean announced;
  private volatile boolean closed;

  /**
   * Makes one.
   *
   * @param connector whose requests it passes on
   * @param limitMillis how long the requests under way may take to end
   * @param next what answers the requests
   */
  Draining(ServerConnector connector, long limitMillis, Handler next) {
    super(next);
    this.connector = connector;
    this.limitMillis = limitMillis;
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

  /** Stops listening and waits for the requests under way. */
  void close() throws InterruptedException {
    announce();
    // It gives every connection the short idle time of idle ones, also those with a request.
    CompletableFuture<Void> ended = connector.shutdown();
    closed = true;
    busy.keySet().forEach(endPoint -> busy.computeIfPresent(endPoint, this::giveTime));
    try {
      ended.get(limitMillis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOGGER.log(System.Logger.Level.WARNING, "Requests have not ended in time");
    }
  }

  private Boolean giveTime(EndPoint endPoint, Boolean mark) {
    endPoint.setIdleTimeout(limitMillis);
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
      endPoint.setIdleTimeout(connector.getShutdownIdleTimeout());
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
