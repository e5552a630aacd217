package io.kubeserve.grafana;

import io.kubeserve.testing.ProjectFiles;
import java.nio.file.Path;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every dashboard, and its file. */
enum Dashboards {
  MASTER("kubeserve-master.json", MasterDashboard.dashboard()),
  DEPLOYMENT("kubeserve-deployment.json", DeploymentDashboard.dashboard());

  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;

  @SuppressWarnings("ImmutableEnumChecker") // nobody adds to it once it is here
  private final Dashboard dashboard;

  Dashboards(String name, Dashboard dashboard) {
    this.file = ProjectFiles.of("grafana/dashboards/" + name);
    this.dashboard = dashboard;
  }

  Path file() {
    return file;
  }

  Dashboard dashboard() {
    return dashboard;
  }

  String text() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    return JSON.writer().with(printer).writeValueAsString(dashboard.json()) + "\n";
  }

  /** What Grafana reads. */
  JsonNode read() {
    return JSON.readTree(file.toFile());
  }
}
