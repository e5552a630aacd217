package io.kubeserve.charts;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The objects of one render. */
public record Render(List<JsonNode> objects) {
  /** The only object of a kind, hooks aside. */
  public JsonNode only(String kind) {
    return find(kind).orElseThrow(() -> new AssertionError("no " + kind + " is rendered"));
  }

  Optional<JsonNode> find(String kind) {
    List<JsonNode> found =
        objects.stream().filter(object -> object.path("kind").asString().equals(kind)).toList();
    if (found.size() > 1) {
      throw new AssertionError("there are " + found.size() + " of " + kind);
    }
    return found.stream().findFirst();
  }

  List<String> kinds() {
    return objects.stream().map(object -> object.path("kind").asString()).toList();
  }

  public static Stream<JsonNode> each(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
