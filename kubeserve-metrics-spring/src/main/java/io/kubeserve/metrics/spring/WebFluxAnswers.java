package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.live.Answer;
import io.kubeserve.metrics.live.LivePage;
import io.kubeserve.metrics.live.SummaryJson;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The routes of the live page and of the summary in a WebFlux application. */
final class WebFluxAnswers {
  private WebFluxAnswers() {}

  static RouterFunction<ServerResponse> livePage(LivePage page, String path) {
    return RouterFunctions.route(
        RequestPredicates.path(path).or(RequestPredicates.path(path + "/**")),
        request ->
            handle(
                request,
                () ->
                    page.answer(
                        path, below(request, path), request.queryParam("after").orElse(null))));
  }

  private static @Nullable String below(ServerRequest request, String path) {
    String whole = request.requestPath().pathWithinApplication().value();
    return whole.length() > path.length() ? whole.substring(path.length()) : null;
  }

  static RouterFunction<ServerResponse> summary(SummaryJson summary, String path) {
    return RouterFunctions.route(
        RequestPredicates.path(path), request -> handle(request, summary::answer));
  }

  private static Mono<ServerResponse> handle(ServerRequest request, Supplier<Answer> answer) {
    if (!Set.of(HttpMethod.GET, HttpMethod.HEAD).contains(request.method())) {
      return ServerResponse.status(HttpStatus.METHOD_NOT_ALLOWED)
          .header(HttpHeaders.ALLOW, "GET, HEAD")
          .contentType(MediaType.TEXT_PLAIN)
          .bodyValue("Use GET or HEAD.\n");
    }
    return ServerResponse.ok()
        .build((exchange, context) -> send(exchange.getResponse(), request.method(), answer));
  }

  /**
   * Makes an answer, sends and closes it. All of it while the response is written: before, a client
   * that leaves would leave the answer to nobody.
   */
  private static Mono<Void> send(
      ServerHttpResponse response, HttpMethod method, Supplier<Answer> answer) {
    return Mono.using(answer::get, made -> send(response, method, made), Answer::close)
        // What makes an answer waits for others and reads every model.
        .subscribeOn(Schedulers.boundedElastic());
  }

  private static Mono<Void> send(ServerHttpResponse response, HttpMethod method, Answer answer) {
    response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
    answer.headers().forEach(response.getHeaders()::set);
    response.getHeaders().setContentLength(answer.body().length);
    return method.equals(HttpMethod.HEAD)
        ? response.setComplete()
        : WebFluxSending.send(response, answer.body(), WebFluxSending.TIMEOUT);
  }
}
