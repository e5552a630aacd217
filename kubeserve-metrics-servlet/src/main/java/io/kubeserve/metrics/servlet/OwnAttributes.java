package io.kubeserve.metrics.servlet;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a request as they were before a forward, an include or an error page changed
 * them: whoever answers there may be a router too, and leaves a route of its own.
 */
final class OwnAttributes {
  /** What was there before: only of what was changed since; null of what was not there. */
  private final Map<String, @Nullable Object> before = new HashMap<>();

  private int dispatches;

  // Of the time before the first dispatch, since Undertow does not restore them.
  private @Nullable HttpServletMapping mapping;
  private @Nullable String servletPath;

  boolean isNested() {
    return dispatches > 0;
  }

  /** Keeps what an attribute is before it is changed the first time. */
  void keep(String name, @Nullable Object value) {
    if (!before.containsKey(name)) {
      before.put(name, value);
    }
  }

  void forget(String name) {
    before.remove(name);
  }

  HttpServletRequest of(HttpServletRequest request) {
    return before.isEmpty() ? request : new Before(request);
  }

  private final class Before extends HttpServletRequestWrapper {
    Before(HttpServletRequest request) {
      super(request);
    }

    @Override
    public @Nullable Object getAttribute(String name) {
      return before.containsKey(name) ? before.get(name) : super.getAttribute(name);
    }

    @Override
    public HttpServletMapping getHttpServletMapping() {
      return mapping != null ? mapping : super.getHttpServletMapping();
    }

    @Override
    public String getServletPath() {
      return servletPath != null ? servletPath : super.getServletPath();
    }
  }

  private void enter(ServletRequest request) {
    if (mapping == null && request instanceof HttpServletRequest http) {
      mapping = http.getHttpServletMapping();
      servletPath = http.getServletPath();
    }
    dispatches++;
  }

  RequestDispatcher watch(RequestDispatcher dispatcher) {
    return new RequestDispatcher() {
      @Override
      public void forward(ServletRequest request, ServletResponse response)
          throws ServletException, IOException {
        enter(request);
        try {
          dispatcher.forward(request, response);
        } finally {
          dispatches--;
        }
      }

      @Override
      public void include(ServletRequest request, ServletResponse response)
          throws ServletException, IOException {
        enter(request);
        try {
          dispatcher.include(request, response);
        } finally {
          dispatches--;
        }
      }
    };
  }
}
