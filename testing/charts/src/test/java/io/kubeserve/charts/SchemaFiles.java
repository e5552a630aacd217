package io.kubeserve.charts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schemas that {@code testing/charts/make-schemas.sh} makes of what others define. */
public final class SchemaFiles {
  private static final JsonMapper JSON = new JsonMapper();

  private SchemaFiles() {}

  /** Reads a schema by the name of its file. */
  public static JsonNode read(String file) {
    try (InputStream in = SchemaFiles.class.getResourceAsStream("schemas/" + file)) {
      if (in == null) {
        throw new AssertionError("There is no schema " + file);
      }
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
