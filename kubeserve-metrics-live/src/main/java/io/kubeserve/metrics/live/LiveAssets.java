package io.kubeserve.metrics.live;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of the live page, read once: our own, and uPlot's out of its webjar. */
final class LiveAssets {
  private static final String OWN = "/io/kubeserve/metrics/live/";
  private static final List<String> OWN_SCRIPTS =
      List.of("page.js", "history.js", "charts.js", "text.js");

  private static final String UPLOT_POM = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

  private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
  private static final String CSS = "text/css; charset=utf-8";

  private final Map<String, LiveAsset> byPath = new HashMap<>();

  /** A file of a jar, and where the page has it. */
  private record Source(String path, String contentType, String resource) {}

  /**
   * Reads the files.
   *
   * @param links where the links of the page lead, as JSON
   */
  LiveAssets(byte[] links) {
    for (Source source : sources()) {
      try (InputStream in = open(source.resource())) {
        byPath.put(source.path(), new LiveAsset(source.contentType(), in.readAllBytes()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    byPath.put("/links", new LiveAsset("application/json", links));
  }

  private static List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    sources.add(new Source("/", "text/html; charset=utf-8", OWN + "index.html"));
    sources.add(new Source("/page.css", CSS, OWN + "page.css"));
    sources.add(new Source("/icon.svg", "image/svg+xml", OWN + "icon.svg"));
    for (String script : OWN_SCRIPTS) {
      sources.add(new Source('/' + script, JAVASCRIPT, OWN + script));
    }
    String uplot = "/META-INF/resources/webjars/uplot/%s/dist/".formatted(uplotVersion());
    sources.add(new Source("/uplot.js", JAVASCRIPT, uplot + "uPlot.iife.min.js"));
    sources.add(new Source("/uplot.css", CSS, uplot + "uPlot.min.css"));
    return sources;
  }

  /** Returns the names of the files that are read, in the jars of the class path. */
  static List<String> resources() {
    return Stream.concat(Stream.of(UPLOT_POM), sources().stream().map(Source::resource)).toList();
  }

  private static String uplotVersion() {
    Properties pom = new Properties();
    try (InputStream in = open(UPLOT_POM)) {
      pom.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pom.getProperty("version");
  }

  private static InputStream open(String resource) {
    InputStream in = LiveAssets.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(
          "The live page misses %s: leave org.webjars.npm:uplot among the dependencies of kubeserve-metrics-live."
              .formatted(resource));
    }
    return in;
  }

  /**
   * Finds a file.
   *
   * @param path its path below the page's, with a slash before it
   */
  @Nullable LiveAsset get(String path) {
    return byPath.get(path);
  }
}
