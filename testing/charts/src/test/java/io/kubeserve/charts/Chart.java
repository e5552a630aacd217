package io.kubeserve.charts;

import com.marcnuri.helm.Helm;
import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The chart as its users have it, for a test that runs in a folder beside the chart's. */
public final class Chart {
  static final Path FOLDER = ProjectFiles.of("charts/model-serving");
  static final String RELEASE = "test-deployment";
  static final String NAMESPACE = "user-1";

  /** The engine has an old one of its own. */
  static final String KUBE_VERSION = "1.34.0";

  private static final YAMLMapper YAML = new YAMLMapper();

  /** The engine leaves hooks out of what it renders; in this copy they are objects like others. */
  private static final Path WITHOUT_HOOKS = copyWithoutHooks();

  static {
    giveTheEngineACluster();
  }

  private Chart() {}

  /**
   * Renders the chart.
   *
   * @param values a values file's text
   * @throws RuntimeException with Helm's message, if the render fails
   */
  public static Render render(String values) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        Files.writeString(file, values);
        String manifest =
            new Helm(WITHOUT_HOOKS)
                .template()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion(KUBE_VERSION)
                .withValuesFile(file)
                .call();
        return new Render(objects(manifest));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** NOTES look up the cluster's Prometheus, by the file that KUBECONFIG names. */
  @SuppressWarnings("resource") // as long as the tests
  private static void giveTheEngineACluster() {
    try {
      Files.writeString(Path.of(System.getenv("KUBECONFIG")), new ClusterStandIn().kubeconfig());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path copyWithoutHooks() {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      Path copy = Files.createDirectories(Path.of("target", "without-hooks", "model-serving"));
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(FOLDER.relativize(file));
        Files.createDirectories(target.getParent());
        Files.writeString(target, Files.readString(file).replace("helm.sh/hook", "no-hook"));
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> objects(String manifest) {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(manifest)) {
      return documents.readAll().stream().filter(JsonNode::isObject).toList();
    }
  }

  /** The schema of the values. */
  public static JsonNode schema() {
    return yaml(FOLDER.resolve("values.schema.json"));
  }

  static JsonNode yaml(Path file) {
    return YAML.readTree(file.toFile());
  }

  static JsonNode yaml(String text) {
    return YAML.readTree(text);
  }
}
