package io.kubeserve.examples.jetty;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;

/**
 * The way of a connector out of service: its connections are closed by answers that say so, then it
 * stops to listen, and the requests under way end. No request is refused.
 */
final class Draining extends Handler.Wrapper {
  /** How long a connection without a request may hold up a stop. */
  static final int IDLE_MILLIS = 250;

  private final ServerConnector connector;

  private static final int LOOK_MILLIS = 50;

  /** The connections with a request under way. */
  private final Set<EndPoint> busy = ConcurrentHashMap.newKeySet();

  private volatile boolean announced;
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

  /** Stops listening. */
  void close() {
    announce();
    // Jetty would give its short idle time to every connection, and cut off an upload that pauses.
    connector.setShutdownIdleTimeout(connector.getIdleTimeout());
    ended = connector.shutdown();
  }

  /**
   * Closes the connections without a request, and waits for the requests under way, after {@link
   * #close()}.
   *
   * @param limitMillis how long at most
   * @return whether each has its answer, and no connection is left
   */
  boolean awaitEnd(long limitMillis) throws InterruptedException {
    long start = NanoTime.now();
    while (true) {
      connector.getConnectedEndPoints().stream().filter(this::isIdle).forEach(EndPoint::close);
      long leftMillis = limitMillis - NanoTime.millisSince(start);
      if (leftMillis <= 0) {
        return ended.isDone();
      }
      try {
        ended.get(Math.min(leftMillis, LOOK_MILLIS), TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        // Looks again: idle times of Jetty's would not do, its limit of connections sets them, too.
      } catch (ExecutionException e) {
        return false;
      }
    }
  }

  /** Tells whether a connection waits for a request, and has done so for long enough. */
  private boolean isIdle(EndPoint endPoint) {
    return !busy.contains(endPoint)
        && endPoint.isFillInterested()
        && endPoint instanceof IdleTimeout since
        && since.getIdleFor() >= IDLE_MILLIS;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    busy.add(endPoint);
    if (announced) {
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    }
    Callback ending = Callback.from(() -> busy.remove(endPoint), callback);
    boolean handled = false;
    try {
      handled = super.handle(request, response, ending);
    } finally {
      if (!handled) {
        busy.remove(endPoint);
      }
    }
    return handled;
  }
}
