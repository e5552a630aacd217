package io.kubeserve.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of schemas say what an object may be made of and nothing else. Where the property
 * {@code schemas.source} names a folder of their sources, they are written from those.
 */
class SchemaFilesTest {
  private static final Path FOLDER = Path.of("src/test/resources/io/kubeserve/charts/schemas");
  private static final List<String> CUSTOM_RESOURCES =
      List.of(
          "monitoring.coreos.com_servicemonitors",
          "monitoring.coreos.com_podmonitors",
          "monitoring.coreos.com_prometheusrules",
          "keda.sh_scaledobjects");
  private static final List<String> FILES =
      Stream.concat(CUSTOM_RESOURCES.stream(), Stream.of("grafana-dashboard")).toList();

  /** Prose, where it is a text: a field of an object may have the same name. */
  private static final Set<String> PROSE = Set.of("description", "message", "title", "$comment");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @ParameterizedTest
  @FieldSource("FILES")
  void file_isStructureAlone(String name) throws Exception {
    String source = System.getProperty("schemas.source", "");
    Path file = FOLDER.resolve(name + ".json");
    if (!source.isBlank()) {
      Files.writeString(file, text(structure(schema(Path.of(source), name))));
    }

    assertThat(file).content().isEqualTo(text(structure(Chart.yaml(file))));
  }

  @Test
  void folder_hasNoOtherFiles_andSaysWhereTheyAreFrom() throws Exception {
    List<String> known =
        Stream.concat(Stream.of("README.md"), FILES.stream().map(name -> name + ".json")).toList();
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString())).isSubsetOf(known);
    }
    assertThat(Files.readString(FOLDER.resolve("README.md")))
        .contains(FILES.stream().map(name -> "| `" + name + ".json` |").toList());
  }

  @Test
  void structure_ofAFieldThatIsCalledDescription_hasIt() {
    JsonNode schema =
        Chart.yaml(
            "{description: prose, properties: {description: {type: string, description: prose}}}");

    assertThat(structure(schema))
        .isEqualTo(Chart.yaml("{properties: {description: {type: string}}}"));
  }

  private static JsonNode schema(Path source, String name) {
    if (!CUSTOM_RESOURCES.contains(name)) {
      return Chart.yaml(source.resolve(name + ".schema.json"));
    }
    return Render.each(Chart.yaml(source.resolve(name + ".yaml")).at("/spec/versions"))
        .filter(version -> version.path("storage").asBoolean())
        .findFirst()
        .orElseThrow()
        .at("/schema/openAPIV3Schema");
  }

  private static JsonNode structure(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      PROSE.stream().filter(name -> object.path(name).isString()).forEach(object::remove);
    }
    schema.forEach(SchemaFilesTest::structure);
    return schema;
  }

  private static String text(JsonNode schema) {
    return JSON.writeValueAsString(schema) + '\n';
  }
}
