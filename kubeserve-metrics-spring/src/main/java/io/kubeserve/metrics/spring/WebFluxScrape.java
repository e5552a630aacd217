package io.kubeserve.metrics.spring;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The scrape of a WebFlux application without Actuator, in the format that is asked for. */
final class WebFluxScrape implements HandlerFunction<ServerResponse> {
  private final PrometheusRegistry registry;
  private final ExpositionFormats formats = ExpositionFormats.init();

  WebFluxScrape(PrometheusRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Mono<ServerResponse> handle(ServerRequest request) {
    ExpositionFormatWriter writer =
        formats.findWriter(request.headers().firstHeader(HttpHeaders.ACCEPT));
    // Collectors are others' code and may block.
    return Mono.fromCallable(() -> scrape(writer))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMap(
            scrape ->
                ServerResponse.ok()
                    .header(HttpHeaders.CONTENT_TYPE, writer.getContentType())
                    .bodyValue(scrape));
  }

  private byte[] scrape(ExpositionFormatWriter writer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writer.write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
