package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.http.internal.IsolatingRegistry;
import io.kubeserve.metrics.http.internal.ScrapeAnswer;
import io.prometheus.metrics.exporter.common.PrometheusScrapeHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The scrape of a WebFlux application without Actuator, to the limits of {@code MetricsServlet}: a
 * few scrapes at once, and little memory and time for readers that are slow.
 */
final class WebFluxScrape implements HandlerFunction<ServerResponse> {
  private static final System.Logger LOGGER = System.getLogger(WebFluxScrape.class.getName());

  static final int MAX_UNSENT_KIBIBYTES = 64 * 1024;
  static final int BYTES_PER_KIBIBYTE = 1024;
  private static final int CONCURRENT_SCRAPES = 4;
  private static final String TOO_MANY = "There are too many scrapes at once.";

  private final PrometheusScrapeHandler handler;
  private final Duration sendTimeout;
  private final Semaphore scrapes = new Semaphore(CONCURRENT_SCRAPES);
  private final Semaphore unsentKibibytes = new Semaphore(MAX_UNSENT_KIBIBYTES);

  WebFluxScrape(PrometheusRegistry registry) {
    this(registry, WebFluxSending.TIMEOUT);
  }

  WebFluxScrape(PrometheusRegistry registry, Duration sendTimeout) {
    this.handler = new PrometheusScrapeHandler(new IsolatingRegistry(registry));
    this.sendTimeout = sendTimeout;
  }

  @Override
  public Mono<ServerResponse> handle(ServerRequest request) {
    if (!Set.of(HttpMethod.GET, HttpMethod.HEAD).contains(request.method())) {
      return text(
          response(HttpStatus.METHOD_NOT_ALLOWED.value()).header(HttpHeaders.ALLOW, "GET, HEAD"),
          "Use GET or HEAD.");
    }
    if (!scrapes.tryAcquire()) {
      return refuseForNow();
    }
    // By the scrape, which goes on though its client leaves, or by a client that left before.
    AtomicBoolean taken = new AtomicBoolean();
    // Collectors are others' code and may block.
    return Mono.fromCallable(() -> taken.compareAndSet(false, true) ? scrape(request) : null)
        .subscribeOn(Schedulers.boundedElastic())
        .doFinally(
            signal -> {
              if (taken.compareAndSet(false, true)) {
                scrapes.release();
              }
            })
        .flatMap(answer -> answer(request, answer))
        .onErrorResume(this::refuse);
  }

  private ScrapeAnswer scrape(ServerRequest request) throws IOException {
    try {
      ScrapeAnswer answer = new ScrapeAnswer(new WebFluxScrapeRequest(request));
      handler.handleRequest(answer);
      return answer;
    } finally {
      scrapes.release();
    }
  }

  private Mono<ServerResponse> refuse(Throwable failure) {
    LOGGER.log(System.Logger.Level.ERROR, "The scrape failed", failure);
    return text(
        response(HttpStatus.INTERNAL_SERVER_ERROR.value()),
        "The scrape failed: the server's log says why.");
  }

  private Mono<ServerResponse> answer(ServerRequest request, ScrapeAnswer answer) {
    byte[] body = answer.body();
    ServerResponse.BodyBuilder response =
        response(answer.status())
            .headers(headers -> answer.headers().forEach(headers::set))
            .contentLength(body.length);
    if (request.method().equals(HttpMethod.HEAD)) {
      return response.build();
    }
    return response.build((exchange, context) -> send(exchange.getResponse(), body));
  }

  /** Sends a body, unless too much is unsent: only while it is sent does it count as that. */
  private Mono<Void> send(ServerHttpResponse response, byte[] body) {
    int kibibytes = Math.min(MAX_UNSENT_KIBIBYTES, body.length / BYTES_PER_KIBIBYTE + 1);
    return Mono.defer(
        () ->
            unsentKibibytes.tryAcquire(kibibytes)
                ? WebFluxSending.send(response, body, sendTimeout)
                    .doFinally(signal -> unsentKibibytes.release(kibibytes))
                : refuse(response));
  }

  private Mono<Void> refuse(ServerHttpResponse response) {
    byte[] sentence = (TOO_MANY + '\n').getBytes(StandardCharsets.UTF_8);
    response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
    HttpHeaders headers = response.getHeaders();
    headers.remove(HttpHeaders.CONTENT_ENCODING);
    headers.set(HttpHeaders.RETRY_AFTER, "1");
    headers.setContentType(MediaType.TEXT_PLAIN);
    headers.setContentLength(sentence.length);
    return WebFluxSending.send(response, sentence, sendTimeout);
  }

  private static Mono<ServerResponse> refuseForNow() {
    return text(
        response(HttpStatus.SERVICE_UNAVAILABLE.value()).header(HttpHeaders.RETRY_AFTER, "1"),
        TOO_MANY);
  }

  private static ServerResponse.BodyBuilder response(int status) {
    return ServerResponse.status(status)
        .header(HttpHeaders.VARY, "Accept", "Accept-Encoding")
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("X-Content-Type-Options", "nosniff");
  }

  private static Mono<ServerResponse> text(ServerResponse.BodyBuilder response, String sentence) {
    return response.contentType(MediaType.TEXT_PLAIN).bodyValue(sentence + '\n');
  }
}
