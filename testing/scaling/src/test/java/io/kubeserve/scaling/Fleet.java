package io.kubeserve.scaling;

import io.kubeserve.metrics.servlet.MetricsServlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Pods behind one port, each with a path of its own to scrape, and the labels of a cluster. */
final class Fleet implements AutoCloseable {
  private static final int PODS_OF_A_DEPLOYMENT = 10;

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final List<Pod> pods;

  Fleet(int number, Shape shape) throws Exception {
    pods = IntStream.range(0, number).mapToObj(pod -> new Pod(shape, pod)).toList();
    ServletHolder holder = new ServletHolder(new Scrapes());
    holder.setAsyncSupported(true);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(holder, "/pods/*");
    server.setHandler(context);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.start();
  }

  /** The scrapes of all: one servlet, as a container takes minutes to map thousands. */
  private final class Scrapes extends HttpServlet {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // No container passivates a servlet.
    private final List<MetricsServlet> servlets =
        pods.stream().map(pod -> new MetricsServlet(pod.registry())).toList();

    @Override
    public void init() throws ServletException {
      for (MetricsServlet servlet : servlets) {
        servlet.init(getServletConfig());
      }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      String[] path = request.getPathInfo().split("/", -1);
      servlets.get(Integer.parseInt(path[1])).service((ServletRequest) request, response);
    }
  }

  private static String path(int pod) {
    return "/pods/" + pod + "/metrics";
  }

  /** The URL of a pod's scrape. */
  String url(int pod) {
    return "http://127.0.0.1:" + connector.getLocalPort() + path(pod);
  }

  /** Plays predictions of each model to every pod. */
  void predict(int predictions) {
    Pod.readJvm();
    pods.forEach(pod -> pod.predict(predictions));
  }

  /** A configuration of Prometheus that scrapes each as Prometheus Operator would. */
  String configuration(int intervalSeconds, Path... rules) {
    StringBuilder yaml =
        new StringBuilder(
            """
            global:
              scrape_interval: %1$ds
              evaluation_interval: %1$ds
            rule_files: [%2$s]
            scrape_configs:
              - job_name: models
                static_configs:
            """
                .formatted(
                    intervalSeconds,
                    Stream.of(rules)
                        .map(file -> '"' + file.toAbsolutePath().toString() + '"')
                        .collect(Collectors.joining(", "))));
    for (int pod = 0; pod < pods.size(); pod++) {
      int deployment = pod / PODS_OF_A_DEPLOYMENT;
      yaml.append(
          """
                - targets: ["127.0.0.1:%d"]
                  labels: {__metrics_path__: "%s", instance: "10.0.0.1:%d", namespace: models, \
          deployment: "model-%d", service: "model-%d", pod: "model-%d-5c7f9d8b6-%05d", \
          container: server, endpoint: metrics}
          """
              .indent(4)
              .formatted(
                  connector.getLocalPort(),
                  path(pod),
                  pod,
                  deployment,
                  deployment,
                  deployment,
                  pod));
    }
    return yaml.toString();
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
