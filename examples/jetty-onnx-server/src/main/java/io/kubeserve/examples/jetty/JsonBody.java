package io.kubeserve.examples.jetty;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.JacksonIOException;

/**
 * The JSON body of a request, read as a stream and refused at the first limit that it breaks, so
 * its memory is bounded.
 */
final class JsonBody {
  static final int MAX_BYTES = 10_000_000;
  static final int MAX_VALUES = 1_000_000;

  /** The coding of a body that is as it is. */
  static final String IDENTITY = "identity";

  private JsonBody() {}

  /** What understands the body. */
  @FunctionalInterface
  interface Reader<T> {
    T read(JsonParser parser) throws RefusedRequestException;
  }

  /**
   * Reads a body.
   *
   * @param request the request
   * @param unfitStatus the status of what is no JSON
   * @param reader what understands it
   * @throws RefusedRequestException if the body does not fit
   */
  static <T> T read(HttpServletRequest request, int unfitStatus, Reader<T> reader)
      throws RefusedRequestException, IOException {
    BoundedInputStream body = open(request);
    return parse(body, body, unfitStatus, reader);
  }

  /**
   * Begins to read a body.
   *
   * @throws RefusedRequestException if it is too large or compressed
   */
  static BoundedInputStream open(HttpServletRequest request)
      throws RefusedRequestException, IOException {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.isBlank() && !encoding.trim().equalsIgnoreCase(IDENTITY)) {
      throw new RefusedRequestException(
          HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE,
          "The body has the Content-Encoding \"%s\": send it without compression"
              .formatted(encoding));
    }
    if (request.getContentLengthLong() > MAX_BYTES) {
      throw tooLarge();
    }
    return new BoundedInputStream(request.getInputStream(), MAX_BYTES);
  }

  /**
   * Reads JSON to its end.
   *
   * @param body what the client sends
   * @param json what of it is JSON
   * @param unfitStatus the status of what is no JSON
   * @param reader what understands it
   * @throws RefusedRequestException if it does not fit
   */
  static <T> T parse(BoundedInputStream body, InputStream json, int unfitStatus, Reader<T> reader)
      throws RefusedRequestException, IOException {
    try (JsonParser parser = Json.MAPPER.createParser(json)) {
      T read = reader.read(parser);
      if (parser.nextToken() != null) {
        throw new RefusedRequestException(unfitStatus, "The body goes on after the JSON object");
      }
      return read;
    } catch (JacksonIOException e) {
      if (body.isExceeded()) {
        throw tooLarge();
      }
      if (body.isBroken()) {
        throw e.getCause();
      }
      throw new RefusedRequestException(unfitStatus, "The body is not JSON in UTF-8");
    } catch (JacksonException e) {
      throw new RefusedRequestException(
          unfitStatus,
          "The body is not JSON, at line %d, column %d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    }
  }

  static RefusedRequestException tooMany(String what, int limit) {
    return new RefusedRequestException(
        HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
        "data has more than %,d %s: send smaller batches".formatted(limit, what));
  }

  static RefusedRequestException tooLarge() {
    return new RefusedRequestException(
        HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
        "The body has more than %,d bytes: send smaller batches".formatted(MAX_BYTES));
  }
}
