package io.kubeserve.benchmarks;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.springframework.web.filter.ServerHttpObservationFilter;

/** One request through a filter that measures it, to an application that does nothing. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class FilterBenchmark {
  /** Of Spring's filter, which takes a request that has one for a request it has seen before. */
  private static final String OBSERVATION =
      ServerHttpObservationFilter.class.getName() + ".observation";

  private final FilterChain application = (request, response) -> {};

  private void pass(Filter filter, HeldRequest held) throws IOException, ServletException {
    held.request.removeAttribute(OBSERVATION);
    filter.doFilter(held.request, held.response, application);
  }

  /** No filter. */
  @Benchmark
  public void none(HeldRequest held) throws IOException, ServletException {
    held.request.removeAttribute(OBSERVATION);
    application.doFilter(held.request, held.response);
  }

  /** This library. */
  @Benchmark
  public void ours(Filters.Ours peer, HeldRequest held) throws IOException, ServletException {
    pass(peer.filter, held);
  }

  /** Micrometer, by Spring. */
  @Benchmark
  public void micrometer(Filters.Micrometer peer, HeldRequest held)
      throws IOException, ServletException {
    pass(peer.filter, held);
  }

  /** Dropwizard Metrics. */
  @Benchmark
  public void dropwizard(Filters.Dropwizard peer, HeldRequest held)
      throws IOException, ServletException {
    pass(peer.filter, held);
  }
}
