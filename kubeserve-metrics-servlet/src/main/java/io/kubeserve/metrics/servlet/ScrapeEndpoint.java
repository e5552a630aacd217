package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.http.internal.IsolatingRegistry;
import io.kubeserve.metrics.http.internal.ScrapeAnswer;
import io.prometheus.metrics.exporter.common.PrometheusScrapeHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/** What a configured servlet does with a request: refuses it, or scrapes and sends. */
final class ScrapeEndpoint {
  private static final System.Logger LOGGER = System.getLogger(MetricsServlet.class.getName());

  private static final int BYTES_PER_KIBIBYTE = 1024;
  private static final String RETRY_AFTER_SECONDS = "1";

  private final PrometheusScrapeHandler handler;
  private final ReadAccess access;
  private final Semaphore scrapes;
  private final long sendTimeoutMillis;
  private final int maxUnsentKibibytes;
  private final Semaphore unsentKibibytes;

  ScrapeEndpoint(MetricsServletBuilder builder) {
    this.handler = new PrometheusScrapeHandler(new IsolatingRegistry(builder.registry));
    this.access = new ReadAccess(builder.token);
    this.scrapes = new Semaphore(builder.maxConcurrentScrapes);
    this.sendTimeoutMillis = builder.sendTimeoutMillis;
    this.maxUnsentKibibytes = builder.maxUnsentKibibytes;
    this.unsentKibibytes = new Semaphore(maxUnsentKibibytes);
  }

  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setHeader("Vary", "Accept, Accept-Encoding");
    if (!access.isGranted(request, response)) {
      return;
    }
    if (scrapes.tryAcquire()) {
      try {
        scrape(request, response);
      } finally {
        scrapes.release();
      }
    } else {
      refuseForNow(response);
    }
  }

  private void scrape(HttpServletRequest request, HttpServletResponse response) throws IOException {
    ScrapeAnswer answer = new ScrapeAnswer(new ScrapeRequest(request));
    try {
      handler.handleRequest(answer);
    } catch (RuntimeException e) {
      LOGGER.log(System.Logger.Level.ERROR, "The scrape failed", e);
      ReadAccess.refuse(
          response,
          HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
          "The scrape failed: the server's log says why.");
      return;
    }
    if (request.getMethod().equals("HEAD")) {
      writeHead(answer, response);
    } else if (!request.isAsyncSupported()) {
      writeHead(answer, response);
      response.getOutputStream().write(answer.body());
    } else {
      send(request, response, answer);
    }
  }

  private static void writeHead(ScrapeAnswer answer, HttpServletResponse response) {
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    response.setContentLength(answer.body().length);
  }

  private void send(HttpServletRequest request, HttpServletResponse response, ScrapeAnswer answer)
      throws IOException {
    byte[] body = answer.body();
    int kibibytes = Math.min(maxUnsentKibibytes, body.length / BYTES_PER_KIBIBYTE + 1);
    Permits unsent = Permits.of(unsentKibibytes, kibibytes);
    if (unsent == null) {
      refuseForNow(response);
      return;
    }
    try {
      writeHead(answer, response);
      BodySending.start(
          request.startAsync(request, response), body, sendTimeoutMillis, unsent::release);
    } catch (IOException | RuntimeException | Error notStarted) {
      unsent.release();
      throw notStarted;
    }
  }

  private static void refuseForNow(HttpServletResponse response) throws IOException {
    response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
    ReadAccess.refuse(
        response,
        HttpServletResponse.SC_SERVICE_UNAVAILABLE,
        "There are too many scrapes at once.");
  }
}
