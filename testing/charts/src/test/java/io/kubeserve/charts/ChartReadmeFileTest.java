package io.kubeserve.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.GeneratedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The chart's README has a row for every value, made of the comment above it. */
class ChartReadmeFileTest {
  private static final Path README = Chart.FOLDER.resolve("README.md");
  private static final Path VALUES = Chart.FOLDER.resolve("values.yaml");
  private static final String MARK = "<!-- values -->\n";
  private static final Pattern KEY = Pattern.compile("( *)([A-Za-z]+):.*");
  private static final int INDENT = 2;

  /** A value of the chart: where it stands, and what it is. */
  private record Value(String path, String comment) {}

  @Test
  void readme_hasEveryValue() throws IOException {
    String readme = Files.readString(README);
    GeneratedFile.check(
        README, readme.substring(0, readme.indexOf(MARK) + MARK.length()) + table());
  }

  @Test
  void everyValue_isDescribed() throws IOException {
    assertThat(described()).allSatisfy(value -> assertThat(value.comment()).isNotBlank());
  }

  @Test
  void everyValue_isInTheSchema_andTheOtherWayRound() {
    assertThat(paths(Chart.yaml(Chart.FOLDER.resolve("values.schema.json")), ""))
        .containsExactlyInAnyOrderElementsOf(
            paths(Chart.yaml(VALUES), Chart.yaml(Chart.FOLDER.resolve("values.schema.json")), ""));
  }

  private static List<String> paths(JsonNode schema, String prefix) {
    List<String> paths = new ArrayList<>();
    for (String name : schema.path("properties").propertyNames()) {
      if (name.equals("global")) {
        continue; // Helm's own
      }
      JsonNode property = schema.path("properties").path(name);
      if (property.has("properties")) {
        paths.addAll(paths(property, prefix + name + '.'));
      } else {
        paths.add(prefix + name);
      }
    }
    return paths;
  }

  private static List<String> paths(JsonNode values, JsonNode schema, String prefix) {
    List<String> paths = new ArrayList<>();
    for (String name : values.propertyNames()) {
      JsonNode property = schema.path("properties").path(name);
      if (property.has("properties")) {
        paths.addAll(paths(values.path(name), property, prefix + name + '.'));
      } else {
        paths.add(prefix + name);
      }
    }
    return paths;
  }

  private static String table() throws IOException {
    JsonNode values = Chart.yaml(VALUES);
    return "| value | default | what it is |\n|---|---|---|\n"
        + described().stream()
            .map(value -> row(value, values.at("/" + value.path().replace('.', '/'))))
            .collect(Collectors.joining());
  }

  private static String row(Value value, JsonNode standard) {
    return "| `%s` | `%s` | %s |\n".formatted(value.path(), standard, value.comment());
  }

  /** The keys of the values file that have a comment, and those that have no keys below them. */
  private static List<Value> described() throws IOException {
    List<Value> described = new ArrayList<>();
    Deque<String> path = new ArrayDeque<>();
    StringBuilder comment = new StringBuilder();
    int hidden = Integer.MAX_VALUE;
    for (String line : Files.readAllLines(VALUES)) {
      Matcher key = KEY.matcher(line);
      if (line.isBlank()) {
        comment.setLength(0);
      } else if (line.strip().startsWith("#")) {
        comment.append(line.strip().substring(1));
      } else if (key.matches()) {
        int depth = key.group(1).length() / INDENT;
        if (depth > hidden) {
          continue;
        }
        hidden = Integer.MAX_VALUE;
        while (path.size() > depth) {
          path.removeLast();
        }
        path.addLast(key.group(2));
        boolean group = line.stripTrailing().endsWith(":") && comment.isEmpty();
        if (!group) {
          described.add(new Value(String.join(".", path), comment.toString().strip()));
          hidden = depth;
        }
        comment.setLength(0);
      }
    }
    return described;
  }
}
