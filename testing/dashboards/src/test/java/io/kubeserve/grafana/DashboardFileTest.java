package io.kubeserve.grafana;

import io.kubeserve.testing.GeneratedFile;
import io.kubeserve.testing.ProjectFiles;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files that Grafana is given are what the code says. */
class DashboardFileTest {
  @ParameterizedTest
  @EnumSource
  void file_isWhatTheCodeSays(Dashboards dashboard) throws Exception {
    GeneratedFile.check(dashboard.file(), dashboard.text());
  }

  /** A chart ships what is in its own folder, and nothing else. */
  @ParameterizedTest
  @EnumSource
  void chartsCopy_isTheSame(Dashboards dashboard) throws Exception {
    GeneratedFile.check(
        ProjectFiles.of("charts/model-serving/dashboards").resolve(dashboard.file().getFileName()),
        dashboard.text());
  }
}
