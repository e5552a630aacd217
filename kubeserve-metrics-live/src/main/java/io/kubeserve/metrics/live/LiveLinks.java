package io.kubeserve.metrics.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Where the links of the live page lead. */
final class LiveLinks {
  private static final String PROJECT = "https://github.com/kubeserve/kubeserve-metrics";
  private static final String DOCUMENTATION = PROJECT + "/blob/main/docs/servlet.md#live-page";
  private static final String DASHBOARDS = PROJECT + "/tree/main/grafana";

  private LiveLinks() {}

  /**
   * Writes them as JSON, from the name of each to its address.
   *
   * @param scrape where the metrics are; {@code null} leaves the link out
   * @param grafana the address of the Grafana that has the dashboards, if it is known
   */
  static byte[] document(@Nullable String scrape, @Nullable URI grafana) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.writeStartObject();
      if (scrape != null) {
        json.writeStringField("Metrics", scrape);
      }
      json.writeStringField(
          "Dashboard of the deployment", dashboard(grafana, "kubeserve-deployment"));
      json.writeStringField("Dashboard of all deployments", dashboard(grafana, "kubeserve-master"));
      json.writeStringField("Documentation", DOCUMENTATION);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String dashboard(@Nullable URI grafana, String uid) {
    if (grafana == null) {
      return DASHBOARDS;
    }
    String base = grafana.toString();
    return (base.endsWith("/") ? base : base + '/') + "d/" + uid;
  }
}
