package io.kubeserve.metrics.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.multipart.Part;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import org.springframework.web.server.adapter.DefaultServerWebExchange;
import org.springframework.web.server.i18n.AcceptHeaderLocaleContextResolver;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A request that knows whether the server began to read its body and did not get all of it. */
final class WatchedBody extends ServerHttpRequestDecorator {
  private volatile boolean reading;
  private volatile boolean broken;

  WatchedBody(ServerHttpRequest request) {
    super(request);
  }

  /** Says whether a request has a body to watch. */
  static boolean isWorthIt(ServerHttpRequest request) {
    HttpHeaders headers = request.getHeaders();
    String length = headers.getFirst(HttpHeaders.CONTENT_LENGTH);
    return length != null
        ? !length.equals("0")
        : headers.getFirst(HttpHeaders.TRANSFER_ENCODING) != null;
  }

  /** Whether reading failed, or has not ended. */
  boolean isIncomplete() {
    return broken || reading;
  }

  /** Whether reading failed. */
  boolean isBroken() {
    return broken;
  }

  @Override
  public Flux<DataBuffer> getBody() {
    return super.getBody()
        .doOnSubscribe(subscription -> reading = true)
        .doOnComplete(() -> reading = false)
        .doOnCancel(() -> reading = false) // the server has read enough
        .doOnError(
            thrown -> {
              broken = true;
              reading = false;
            });
  }

  /**
   * Lets an exchange read this body, by whatever way: forms and parts, too, which an exchange that
   * is mutated would read past it.
   */
  ServerWebExchange in(ServerWebExchange exchange) {
    return new Exchange(exchange, this);
  }

  private static final class Exchange extends ServerWebExchangeDecorator {
    private final WatchedBody request;
    private @Nullable ServerWebExchange parser;

    Exchange(ServerWebExchange asked, WatchedBody request) {
      super(asked);
      this.request = request;
    }

    @Override
    public ServerHttpRequest getRequest() {
      return request;
    }

    @Override
    public Mono<MultiValueMap<String, String>> getFormData() {
      return parser().getFormData();
    }

    @Override
    public Mono<MultiValueMap<String, Part>> getMultipartData() {
      return parser().getMultipartData();
    }

    @Override
    public Mono<Void> cleanupMultipart() {
      ServerWebExchange known = parser;
      return known == null ? super.cleanupMultipart() : known.cleanupMultipart();
    }

    /** With the codecs of the application; only what it parses is used. */
    private synchronized ServerWebExchange parser() {
      ServerWebExchange known = parser;
      if (known == null) {
        ApplicationContext context = getApplicationContext();
        if (context == null) {
          return getDelegate();
        }
        known =
            new DefaultServerWebExchange(
                request,
                getResponse(),
                exchange -> Mono.empty(),
                context.getBean(ServerCodecConfigurer.class),
                new AcceptHeaderLocaleContextResolver());
        parser = known;
      }
      return known;
    }
  }
}
