package io.kubeserve.metrics.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request that remembers what its container forgets: what it was before it was dispatched again,
 * and that its body could not be read.
 */
final class ObservedRequest extends HttpServletRequestWrapper {
  private final HttpServletResponse response;
  private final String method;
  private final @Nullable String mapping;

  // Read by the thread that ends the request, after the container has handed it on.
  private @Nullable String route;
  private boolean handedOn;

  // Most requests need neither.
  private volatile @Nullable RequestBody body;
  private @Nullable OwnAttributes attributes;

  /**
   * Makes it when the request comes.
   *
   * @param mapping the mapping of its servlet; {@code null} if that says nothing of the route
   */
  ObservedRequest(
      HttpServletRequest request, HttpServletResponse response, @Nullable String mapping) {
    super(request);
    this.response = response;
    this.method = request.getMethod();
    this.mapping = mapping;
  }

  /** Returns the method that the client has sent; an error page may be asked by another one. */
  String ownMethod() {
    return method;
  }

  @Nullable String mapping() {
    return mapping;
  }

  /** Returns what {@link #handOn} was given. */
  @Nullable String route() {
    return route;
  }

  /** Keeps the route that was found before the container could dispatch the request again. */
  void handOn(@Nullable String found) {
    route = found;
    handedOn = true;
  }

  /** Says whether the attributes may be those of an error page that the container has shown. */
  boolean mayHaveErrorPage() {
    return handedOn
        && (getDispatcherType() == DispatcherType.ERROR
            || getAttribute(RequestDispatcher.ERROR_STATUS_CODE) != null);
  }

  /** Says whether the body could not be read, before an answer was sent. */
  boolean isBodyBroken() {
    RequestBody known = body;
    return known != null && known.isBroken();
  }

  /** Calls back when the body cannot be read, immediately if that is known. */
  void onBrokenBody(Runnable callback) {
    body().onBroken(callback);
  }

  /** Returns the request with the attributes that no forward, include or error page has changed. */
  HttpServletRequest asItWasRouted() {
    return attributes == null ? this : attributes.of(this);
  }

  private RequestBody body() {
    RequestBody known = body;
    return known != null ? known : newBody();
  }

  private synchronized RequestBody newBody() {
    RequestBody known = body;
    if (known == null) {
      known = new RequestBody(response);
      body = known;
    }
    return known;
  }

  private OwnAttributes attributes() {
    if (attributes == null) {
      attributes = new OwnAttributes();
    }
    return attributes;
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    keepIfNested(name);
    super.setAttribute(name, value);
  }

  @Override
  public void removeAttribute(String name) {
    keepIfNested(name);
    super.removeAttribute(name);
  }

  /** What the request's own router changes, stays changed. */
  private void keepIfNested(String name) {
    boolean nested =
        (attributes != null && attributes.isNested())
            || switch (getDispatcherType()) {
              case FORWARD, INCLUDE, ERROR -> true;
              case REQUEST, ASYNC -> false;
            };
    if (nested) {
      attributes().keep(name, getAttribute(name));
    } else if (attributes != null) {
      attributes.forget(name);
    }
  }

  /** Watches the dispatch, since Jetty's requests do not show within one that they are. */
  @Override
  public @Nullable RequestDispatcher getRequestDispatcher(String path) {
    RequestDispatcher dispatcher = super.getRequestDispatcher(path);
    return dispatcher == null ? null : attributes().watch(dispatcher);
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    return body().stream(super.getInputStream());
  }

  @Override
  public BufferedReader getReader() throws IOException {
    return body().reader(super.getReader());
  }

  @Override
  public Collection<Part> getParts() throws IOException, ServletException {
    try {
      return super.getParts();
    } catch (IOException | ServletException | RuntimeException e) {
      body().partsFailed(e);
      throw e;
    }
  }

  @Override
  public Part getPart(String name) throws IOException, ServletException {
    try {
      return super.getPart(name);
    } catch (IOException | ServletException | RuntimeException e) {
      body().partsFailed(e);
      throw e;
    }
  }

  @Override
  public String getParameter(String name) {
    return parsed(() -> super.getParameter(name));
  }

  @Override
  public String[] getParameterValues(String name) {
    return parsed(() -> super.getParameterValues(name));
  }

  @Override
  public Enumeration<String> getParameterNames() {
    return parsed(super::getParameterNames);
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    return parsed(super::getParameterMap);
  }

  /** Parameters that the container cannot read are at fault, and so is who sent them. */
  private <T> T parsed(Supplier<T> parameters) {
    try {
      return parameters.get();
    } catch (RuntimeException e) {
      body().failed();
      throw e;
    }
  }
}
