package io.kubeserve.examples.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Refuses compressed bodies with a sentence: else they are JSON that cannot be read. */
@Component
class EncodedBodies implements WebMvcConfigurer, HandlerInterceptor {
  private static final String IDENTITY = "identity";

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding == null || encoding.isBlank() || encoding.trim().equalsIgnoreCase(IDENTITY)) {
      return true;
    }
    response.setStatus(HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE);
    response.setHeader("Accept-Encoding", IDENTITY);
    response.setContentType("application/json");
    // Without what the client sent, which would have to be escaped.
    response
        .getWriter()
        .write("{\"detail\":\"The body is compressed: send it without Content-Encoding\"}");
    return false;
  }
}
