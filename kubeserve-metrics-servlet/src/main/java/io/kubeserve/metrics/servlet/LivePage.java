package io.kubeserve.metrics.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** The live page behind its servlet: answers with its files and with samples. */
final class LivePage {
  /** How many answers may be under way at once: so much can slow readers hold. */
  static final int MAX_VIEWERS = 16;

  private static final long SEND_TIMEOUT_MILLIS = Duration.ofSeconds(10).toMillis();

  /** Everything from this server, and nothing inline; nobody may frame it. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin");

  private final Semaphore answers = new Semaphore(MAX_VIEWERS);

  /** What tells the samples of this server from those of the one before a restart. */
  private final String server = UUID.randomUUID().toString();

  private final LiveHistory history;
  private final LiveSampler sampler;
  private final LiveAssets assets;
  private final Duration slowAbove;
  private final ReadAccess access;

  LivePage(LivePageServletBuilder builder) {
    this.history = new LiveHistory(builder.metrics, builder.http, new JvmReadings());
    this.sampler = new LiveSampler(history);
    this.assets = new LiveAssets(LiveLinks.document(builder.scrape(), builder.grafana));
    this.slowAbove = builder.slowAbove;
    this.access = ReadAccess.forBrowsers(builder.token);
  }

  void start() {
    sampler.start();
  }

  void stop() {
    sampler.stop();
  }

  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    HEADERS.forEach(response::setHeader);
    if (!access.isGranted(request, response)) {
      return;
    }
    String path = request.getPathInfo();
    LiveAsset known = path == null ? null : assets.get(path);
    if (path == null) {
      addSlash(request, response);
    } else if (path.equals("/samples")) {
      answerSamples(request, response);
    } else if (known != null) {
      answer(request, response, () -> known);
    } else {
      ReadAccess.refuse(
          response, HttpServletResponse.SC_NOT_FOUND, "The live page has no such file.");
    }
  }

  /** Leads to the page by a relative path, which holds behind any proxy. */
  private static void addSlash(HttpServletRequest request, HttpServletResponse response) {
    String path = request.getServletPath();
    response.setStatus(HttpServletResponse.SC_FOUND);
    response.setHeader("Location", path.substring(path.lastIndexOf('/') + 1) + '/');
  }

  private void answerSamples(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String text = request.getParameter("after");
    long after;
    try {
      after = text == null ? -1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      ReadAccess.refuse(
          response, HttpServletResponse.SC_BAD_REQUEST, "\"after\" is the number of a sample.");
      return;
    }
    answer(
        request,
        response,
        () ->
            new LiveAsset("application/json", LiveDocument.of(history, slowAbove, server, after)));
  }

  /** What makes an answer; not asked where there are too many. */
  private interface Answer {
    LiveAsset make() throws IOException;
  }

  private void answer(HttpServletRequest request, HttpServletResponse response, Answer answer)
      throws IOException {
    Permits permit = Permits.of(answers, 1);
    if (permit == null) {
      response.setHeader("Retry-After", "1");
      ReadAccess.refuse(
          response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "There are too many viewers.");
      return;
    }
    boolean sending = false;
    try {
      LiveAsset file = answer.make();
      response.setContentType(file.contentType);
      response.setContentLength(file.bytes.length);
      if (request.getMethod().equals("GET")) {
        sending = start(request, response, file, permit);
      }
    } finally {
      if (!sending) {
        permit.release();
      }
    }
  }

  /** Returns whether the file is still being sent, and releases its answer at its end. */
  private static boolean start(
      HttpServletRequest request, HttpServletResponse response, LiveAsset file, Permits permit)
      throws IOException {
    if (!request.isAsyncSupported()) {
      response.getOutputStream().write(file.bytes);
      return false;
    }
    BodySending.start(
        request.startAsync(request, response), file.bytes, SEND_TIMEOUT_MILLIS, permit::release);
    return true;
  }
}
