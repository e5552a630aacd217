package io.kubeserve.benchmarks;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A request and a response of a real Jetty, kept open while filters are called with them. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls send() first
public class HeldRequest {
  HttpServletRequest request;
  HttpServletResponse response;

  private final Server server = new Server();
  private final CountDownLatch done = new CountDownLatch(1);
  private final SynchronousQueue<Runnable> handover = new SynchronousQueue<>();

  /**
   * Starts Jetty and sends the request.
   *
   * @throws Exception if Jetty does not start
   */
  @Setup(Level.Trial)
  public void send() throws Exception {
    LocalConnector connector = new LocalConnector(server);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new Holding()), "/predict");
    server.setHandler(context);
    server.start();
    connector.executeRequest("POST /predict HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}");
    handover.take().run();
  }

  /**
   * Ends the request.
   *
   * @throws Exception if Jetty does not stop
   */
  @TearDown(Level.Trial)
  public void end() throws Exception {
    done.countDown();
    server.stop();
  }

  private final class Holding extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest held, HttpServletResponse answer) {
      answer.setContentLength(2);
      try {
        handover.put(
            () -> {
              request = held;
              response = answer;
            });
        done.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
