package io.kubeserve.testing;

import io.kubeserve.testing.RawConnection.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Clients that predict in a closed loop, each on a connection that it keeps, before servers of
 * which a load balancer knows by their readiness. A connection that the server says it closes is
 * made to a server that was ready when last asked; anything else but an answer 200 is a request
 * that was lost.
 */
public final class BalancedClients implements AutoCloseable {
  private static final int PROBE_MILLIS = 100;
  private static final int PROBE_TIMEOUT_MILLIS = 1_000;
  private static final int END_SECONDS = 60;

  private final List<Http> servers;
  private final Set<Http> ready = ConcurrentHashMap.newKeySet();
  private final AtomicLong answered = new AtomicLong();
  private final Queue<String> lost = new ConcurrentLinkedQueue<>();
  private final ExecutorService clients;
  private final ScheduledExecutorService probe;
  private volatile boolean ended;

  /** Starts the clients. */
  public BalancedClients(int count, Http... servers) {
    this.servers = List.of(servers);
    ready.addAll(this.servers);
    clients = Executors.newFixedThreadPool(count);
    probe = Executors.newScheduledThreadPool(servers.length);
    for (Http server : servers) {
      var unused =
          probe.scheduleWithFixedDelay(() -> look(server), 0, PROBE_MILLIS, TimeUnit.MILLISECONDS);
    }
    for (int i = 0; i < count; i++) {
      clients.execute(this::predict);
    }
  }

  private void look(Http server) {
    if (isReady(server)) {
      ready.add(server);
    } else {
      ready.remove(server);
    }
  }

  private static boolean isReady(Http server) {
    try (RawConnection probing = new RawConnection(server, PROBE_TIMEOUT_MILLIS)) {
      return probing.ask("GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n").status() == 200;
    } catch (IOException notReady) {
      return false;
    }
  }

  private Http next() {
    return servers.stream().filter(ready::contains).findFirst().orElse(servers.get(0));
  }

  private void predict() {
    RawConnection connection = null;
    while (!ended) {
      connection = predict(connection);
    }
  }

  private @Nullable RawConnection predict(@Nullable RawConnection kept) {
    try {
      RawConnection connection = kept == null ? new RawConnection(next()) : kept;
      Answer answer = connection.ask(RawConnection.prediction(Http.ONE_ROW));
      if (answer.status() == 200) {
        answered.incrementAndGet();
      } else {
        lost.add(answer.toString());
      }
      if (!answer.closes()) {
        return connection;
      }
      connection.close();
    } catch (IOException e) {
      lost.add(e.toString());
    }
    return null;
  }

  /** Returns how many requests were answered with 200. */
  public long answered() {
    return answered.get();
  }

  /** Returns what each of the others came to. */
  public List<String> lost() {
    return List.copyOf(lost);
  }

  /** Ends the clients, each after its last answer. */
  @Override
  public void close() {
    ended = true;
    probe.shutdown();
    clients.shutdown();
    try {
      if (!clients.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("Clients wait for an answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
