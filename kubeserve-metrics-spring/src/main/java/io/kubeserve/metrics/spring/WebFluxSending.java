package io.kubeserve.metrics.spring;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends a body at the pace of its reader; one that takes too long is sent no more. */
final class WebFluxSending {
  /** As long as Prometheus waits for a scrape. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final int CHUNK_BYTES = 64 * 1024;

  private WebFluxSending() {}

  static Mono<Void> send(ServerHttpResponse response, byte[] body, Duration timeout) {
    int chunks = (body.length + CHUNK_BYTES - 1) / CHUNK_BYTES;
    return response
        .writeWith(
            Flux.range(0, chunks)
                .map(
                    chunk -> {
                      int start = chunk * CHUNK_BYTES;
                      int length = Math.min(CHUNK_BYTES, body.length - start);
                      return response.bufferFactory().wrap(ByteBuffer.wrap(body, start, length));
                    }))
        .timeout(timeout);
  }
}
