package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.live.Answer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;

/** Sends an answer of the live module, and closes it at its end. */
final class AnswerSending {
  /** As long as Prometheus waits for a scrape. */
  private static final long TIMEOUT_MILLIS = Duration.ofSeconds(10).toMillis();

  private AnswerSending() {}

  static void send(Answer answer, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean sending = false;
    try {
      response.setStatus(answer.status());
      answer.headers().forEach(response::setHeader);
      response.setContentLength(answer.body().length);
      if (!request.getMethod().equals("HEAD")) {
        sending = start(answer, request, response);
      }
    } finally {
      if (!sending) {
        answer.close();
      }
    }
  }

  /** Returns whether the answer is still being sent. */
  private static boolean start(
      Answer answer, HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (!request.isAsyncSupported()) {
      response.getOutputStream().write(answer.body());
      return false;
    }
    BodySending.start(
        request.startAsync(request, response), answer.body(), TIMEOUT_MILLIS, answer::close);
    return true;
  }
}
