package io.kubeserve.benchmarks;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.ThrowingSupplier;
import io.kubeserve.metrics.live.LivePage;
import io.kubeserve.metrics.servlet.LivePageServlet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A prediction while nobody looks at the live page of a real Jetty, and while some do. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class ViewersBenchmark {
  private final Object result = new Object();
  private final ThrowingSupplier<Object, RuntimeException> call = () -> result;
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(new PrometheusRegistry()).build();
  private final PredictionRecorder recorder = metrics.recorder();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Server server = new Server();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  /** How many look, each of whom asks once a second; -1 if there is no page. */
  @Param({"-1", "0", "10"})
  private int viewers;

  /** Starts the server and the viewers. */
  @Setup
  public void start() throws Exception {
    if (viewers < 0) {
      return;
    }
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    ServletHolder page = new ServletHolder(new LivePageServlet(LivePage.builder(metrics).build()));
    page.setAsyncSupported(true);
    page.setInitOrder(0);
    context.addServlet(page, "/live/*");
    server.setHandler(context);
    server.start();
    URI samples =
        URI.create("http://127.0.0.1:%d/live/samples?after=0".formatted(connector.getLocalPort()));
    HttpRequest request = HttpRequest.newBuilder(samples).build();
    ScheduledFuture<?> unused =
        clock.scheduleAtFixedRate(() -> askAll(request), 0, 1, TimeUnit.SECONDS);
  }

  private void askAll(HttpRequest request) {
    for (int viewer = 0; viewer < viewers; viewer++) {
      try {
        client.send(request, BodyHandlers.discarding());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Stops them. */
  @TearDown
  public void stop() throws Exception {
    clock.shutdownNow();
    server.stop();
  }

  /** The lambda form. */
  @Benchmark
  public Object time() {
    return recorder.time(call);
  }
}
