package io.kubeserve.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.ProjectFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The files that Grafana is given are what the code says; {@code -Ddocs.write=true} writes them.
 */
class DashboardFilesTest {
  @ParameterizedTest
  @EnumSource
  void file_isWhatTheCodeSays(Dashboards dashboard) throws Exception {
    isWritten(dashboard.file(), dashboard.text());
  }

  /** A chart ships what is in its own folder, and nothing else. */
  @ParameterizedTest
  @EnumSource
  void chartsCopy_isTheSame(Dashboards dashboard) throws Exception {
    isWritten(
        ProjectFiles.of("charts/model-serving/dashboards").resolve(dashboard.file().getFileName()),
        dashboard.text());
  }

  private static void isWritten(Path file, String text) throws Exception {
    if (Boolean.getBoolean("docs.write")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertThat(file).as("stale: run with -Ddocs.write=true").content().isEqualTo(text);
  }
}
