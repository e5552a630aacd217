package io.kubeserve.charts;

import io.kubeserve.testing.GeneratedFile;
import io.kubeserve.testing.ProjectFiles;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** The rules as a plain file, for a Prometheus without the operator. */
class RulesFileTest {
  private static final Path FILE = ProjectFiles.of("prometheus/kubeserve.rules.yaml");

  private static final String HEAD =
      """
      # Recording and alerting rules for every model server that Prometheus scrapes.
      # Generated from charts/model-serving with its default objectives by RulesFileTest.
      """;

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLWriteFeature.LITERAL_BLOCK_STYLE)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .build();

  @Test
  void file_isWhatTheChartRendersForAllDeployments() throws Exception {
    GeneratedFile.check(
        FILE,
        HEAD + YAML.writeValueAsString(Map.of("groups", RuleValues.ALL_DEPLOYMENTS.groups())));
  }
}
