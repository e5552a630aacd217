package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.RawConnection;
import io.kubeserve.testing.RawConnection.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The requests of clients that exist: tritonclient 2.73.0 and the InferenceRESTClient of kserve
 * 0.21.0, both from PyPI, as they were seen on the wire. Their ids are shortened.
 */
class OpenInferenceClientsTest {
  private static final String INFER = "/v2/models/iris/infer";
  private static final byte[] ROW = floats(5.1f, 3.5f, 1.4f, 0.2f);

  /** {@code client.infer("iris", [input])}, with all that is the default. */
  private static final String TRITON =
      "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"parameters\":"
          + "{\"binary_data_size\":16}}],\"parameters\":{\"binary_data_output\":true}}";

  /** With {@code outputs=[InferRequestedOutput("label")], request_id="17"}. */
  private static final String TRITON_WITH_OUTPUT =
      "{\"id\":\"17\",\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\","
          + "\"parameters\":{\"binary_data_size\":16}}],\"outputs\":[{\"name\":\"label\","
          + "\"parameters\":{\"binary_data\":true}}]}";

  /** With {@code binary_data=False} for both. */
  private static final String TRITON_JSON =
      "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":"
          + "[5.099999904632568,3.5,1.399999976158142,0.20000000298023224]}],\"outputs\":[{\"name\":"
          + "\"label\",\"parameters\":{\"binary_data\":false}}]}";

  /** {@code client.infer(url, InferRequest("iris", [input]))}, with all that is the default. */
  private static final String KSERVE =
      "{\"id\":\"ebc53bcb\",\"model_name\":\"iris\",\"inputs\":[{\"name\":\"features\",\"shape\":"
          + "[1,4],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":16}}]}";

  private static final String LABEL =
      "\"outputs\":[{\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[1],";

  private final ModelServer server = new ModelServer(ServerOptions.local());
  private Http http = new Http("");

  @BeforeEach
  void start() throws Exception {
    server.start();
    server.load(OnnxModel::loadBundled);
    http = new Http(server.url());
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private static byte[] floats(float... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return buffer.array();
  }

  private Answer send(String headers, byte[] body) throws IOException {
    try (RawConnection connection = new RawConnection(http)) {
      connection.send(
          "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n%s\r\n"
              .formatted(INFER, body.length, headers));
      connection.send(body);
      return connection.read();
    }
  }

  private Answer infer(String json, byte[] tensors) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(tensors);
    return send(
        "%s: %d\r\n".formatted("Inference-Header-Content-Length", json.length()),
        body.toByteArray());
  }

  @Test
  void tritonclient_default_isAnsweredWithBytes() throws IOException {
    Answer answer = infer(TRITON, ROW);

    String json =
        "{\"model_name\":\"iris\",\"model_version\":\"1\","
            + LABEL
            + "\"parameters\":{\"binary_data_size\":8}}]}";
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(json + "\0".repeat(Long.BYTES));
    assertThat(answer.headers())
        .containsEntry("inference-header-content-length", Integer.toString(json.length()))
        .containsEntry("content-type", "application/octet-stream");
  }

  @Test
  void tritonclient_withAnOutput_isAnsweredWithBytesAndItsId() throws IOException {
    Answer answer = infer(TRITON_WITH_OUTPUT, floats(7.7f, 3.0f, 6.1f, 2.3f));

    assertThat(answer.body())
        .contains("\"id\":\"17\"", "\"binary_data_size\":8")
        .endsWith("}\2\0\0\0\0\0\0\0");
  }

  @Test
  void tritonclient_withoutBinaryData_isAnsweredWithJson() throws IOException {
    Answer answer = send("", TRITON_JSON.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.body()).endsWith(LABEL + "\"data\":[0]}]}");
  }

  @Test
  void kserve_default_isAnsweredWithJson() throws IOException {
    Answer answer = infer(KSERVE, ROW);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("\"id\":\"ebc53bcb\"").endsWith("\"data\":[0]}]}");
    assertThat(answer.headers()).containsEntry("content-type", "application/json");
    assertThat(http.successes()).isEqualTo(1);
  }

  /** tritonclient with {@code request_compression_algorithm="gzip"}. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "gzip, identity"})
  void compressedBody_isRefusedWithASentence(String encoding) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
      gzip.write(TRITON_JSON.getBytes(StandardCharsets.UTF_8));
    }

    Answer answer = send("Content-Encoding: " + encoding + "\r\n", body.toByteArray());

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.headers()).containsEntry("accept-encoding", "identity");
    assertThat(answer.body())
        .isEqualTo(
            "{\"error\":\"The body has the Content-Encoding \\\"%s\\\": send it without compression\"}"
                .formatted(encoding));
  }

  @Test
  void identityEncoding_isNone() throws IOException {
    assertThat(
            send("Content-Encoding: identity\r\n", TRITON_JSON.getBytes(StandardCharsets.UTF_8))
                .status())
        .isEqualTo(200);
  }

  /** As pydantic writes models whose fields have no value. */
  @Test
  void nullFields_areAsIfTheyWereNotThere() throws IOException {
    String tensor =
        "{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"parameters\":null,"
            + "\"data\":[1,2,3,4]}";
    Answer answer =
        send(
            "",
            ("{\"id\":null,\"parameters\":null,\"inputs\":[" + tensor + "],\"outputs\":null}")
                .getBytes(StandardCharsets.UTF_8));
    Answer nested =
        send(
            "",
            ("{\"inputs\":["
                    + tensor
                    + "],\"outputs\":[{\"name\":\"label\",\"parameters\":{\"binary_data\":null}}]}")
                .getBytes(StandardCharsets.UTF_8));

    assertThat(answer.body())
        .isEqualTo("{\"model_name\":\"iris\",\"model_version\":\"1\"," + LABEL + "\"data\":[2]}]}");
    assertThat(nested.body()).isEqualTo(answer.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"inputs\":null} | 0 | The field \"inputs\" is missing or empty",
        "{\"inputs\":[{\"name\":\"features\",\"parameters\":{\"binary_data_size\":16}}]} | 12 | The body ends before the 16 bytes of the input \"features\"",
        "{\"inputs\":[{\"name\":\"features\",\"parameters\":{\"binary_data_size\":16}}]} | 17 | The body goes on after the bytes of its inputs",
        "{\"inputs\":[{\"parameters\":{\"binary_data_size\":-1}}]} | 0 | The parameter \"binary_data_size\" must be a whole number from 0 to",
        "{\"inputs\":[{\"parameters\":{\"binary_data_size\":99999999999}}]} | 0 | The parameter \"binary_data_size\" must be a whole number from 0 to",
        "{\"inputs\":[{\"parameters\":{\"binary_data_size\":\"4\"}}]} | 4 | The parameter \"binary_data_size\" must be a whole number",
        "{\"inputs\":[{\"parameters\":[]}]} | 0 | The field \"parameters\" must be an object",
        "{\"inputs\":[{}],\"parameters\":{\"binary_data_output\":1}} | 0 | The parameter \"binary_data_output\" must be true or false",
        "{\"inputs\":[{\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":3}}]} | 3 | The input \"\" must have either \"data\" or a binary_data_size",
        "{\"inputs\":[{\"datatype\":\"FP32\",\"data\":[1],\"parameters\":{\"binary_data_size\":4}}]} | 4 | The input \"\" must have either \"data\" or",
        "{\"inputs\":[{\"parameters\":{\"shared_memory_region\":\"a\"}}]} | 0 | The parameter \"shared_memory_region\" is not supported",
        "{\"inputs\":[{}],\"outputs\":[{\"name\":\"label\",\"parameters\":{\"classification\":3}}]} | 0 | The parameter \"classification\" is not supported",
      })
  void binaryBody_thatDoesNotFit_isNoPrediction(String json, int bytes, String error)
      throws IOException {
    Answer answer = infer(json, new byte[bytes]);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).startsWith("{\"error\":\"" + error.replace("\"", "\\\""));
    assertThat(http.errors()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1 | must be a whole number from 0 to 10,000,000",
        "x | must be a whole number from 0 to 10,000,000",
        "99999999999 | must be a whole number from 0 to 10,000,000",
        "9999 | The body ends before the 9,999 bytes of the JSON",
        "3 | The body is not JSON",
        "0 | The body must be a JSON object",
      })
  void jsonLength_thatDoesNotFit_isRefused(String length, String error) throws IOException {
    Answer answer =
        send(
            "Inference-Header-Content-Length: " + length + "\r\n",
            TRITON_JSON.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains(error);
  }

  @Test
  void binaryTensor_withoutTheHeader_saysWhatIsMissing() throws IOException {
    Answer answer = send("", TRITON.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .contains("has a binary_data_size, but the request has no header Inference-Header-Content");
  }

  @Test
  void binaryTensor_ofAnotherType_isAnErrorOfThePrediction() throws IOException {
    Answer answer = infer(TRITON.replace("FP32", "FP64"), new byte[16]);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("the datatype \\\"FP64\\\", but the model takes FP32");
    assertThat(http.errors()).isEqualTo(1);
  }
}
