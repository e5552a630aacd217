package io.kubeserve.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.http.internal.HttpMethod;
import org.junit.jupiter.api.Test;

class HttpMethodTest {
  @Test
  void of_whatIsNoStandardMethod_isOther() {
    assertThat(HttpMethod.of(null)).isEqualTo(HttpMethod.OTHER);
    assertThat(HttpMethod.of("get")).isEqualTo(HttpMethod.OTHER);
    assertThat(HttpMethod.of("PROPFIND")).isEqualTo(HttpMethod.OTHER);
  }

  @Test
  void of_aStandardMethod_isItself() {
    for (HttpMethod method : HttpMethod.values()) {
      if (method != HttpMethod.OTHER) {
        assertThat(HttpMethod.of(method.name())).isEqualTo(method);
      }
    }
  }
}
