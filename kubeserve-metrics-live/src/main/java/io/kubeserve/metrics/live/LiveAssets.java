package io.kubeserve.metrics.live;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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

  /**
   * Reads the files.
   *
   * @param links where the links of the page lead, as JSON
   */
  LiveAssets(byte[] links) {
    add("/", "text/html; charset=utf-8", OWN + "index.html");
    add("/page.css", CSS, OWN + "page.css");
    add("/icon.svg", "image/svg+xml", OWN + "icon.svg");
    for (String script : OWN_SCRIPTS) {
      add('/' + script, JAVASCRIPT, OWN + script);
    }
    String uplot = "/META-INF/resources/webjars/uplot/%s/dist/".formatted(uplotVersion());
    add("/uplot.js", JAVASCRIPT, uplot + "uPlot.iife.min.js");
    add("/uplot.css", CSS, uplot + "uPlot.min.css");
    byPath.put("/links", new LiveAsset("application/json", links));
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

  private void add(String path, String contentType, String resource) {
    try (InputStream in = open(resource)) {
      byPath.put(path, new LiveAsset(contentType, in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
