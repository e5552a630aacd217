package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of the Open Inference Protocol asks, answered as its specification has it. */
class OpenInferenceTest extends ServerTest {
  private static final String INFER = "/v2/models/iris/infer";

  OpenInferenceTest() {
    super(ServerOptions.local());
  }

  private HttpResponse<String> infer(String body) {
    return http.post(INFER, BodyPublishers.ofString(body));
  }

  private static String error(HttpResponse<String> response) {
    return Http.json(response).get("error").asString();
  }

  @Test
  void server_tellsItsNameAndHealth() {
    assertThat(Http.json(http.get("/v2")).get("name").asString()).isEqualTo("jetty-onnx-server");
    assertThat(Http.json(http.get("/v2")).get("extensions").isArray()).isTrue();
    assertThat(http.get("/v2/health/live").body()).isEqualTo("{\"live\":true}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v2/health/ready", "/v2/models/iris/ready", "/v2/models/iris/versions/1/ready"})
  void ready_followsTheLifecycle(String path) throws Exception {
    assertThat(http.get(path).statusCode()).isEqualTo(503);
    assertThat(http.get(path).body()).isEqualTo("{\"ready\":false}");

    server.load(OnnxModel::loadBundled);

    assertThat(http.get(path).statusCode()).isEqualTo(200);
    assertThat(http.get(path).body()).isEqualTo("{\"ready\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/models/iris", "/v2/models/iris/versions/1"})
  void metadata_isOfTheModel(String path) throws Exception {
    server.load(OnnxModel::loadBundled);

    assertThat(http.get(path).body())
        .isEqualTo(
            "{\"name\":\"iris\",\"versions\":[\"1\"],\"platform\":\"onnx_onnxv1\","
                + "\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[-1,4]}],"
                + "\"outputs\":[{\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[-1]}]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/models/rose", "/v2/models/iris/versions/2", "/v2/models/rose/ready"})
  void otherModel_isNotFound(String path) {
    HttpResponse<String> response = http.get(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(error(response)).contains("iris");
  }

  @Test
  void otherPath_isNotFoundInTheFormOfTheProtocol() {
    assertThat(http.get("/v2/nope").statusCode()).isEqualTo(404);
    assertThat(error(http.get("/v2/nope"))).isEqualTo("Not Found");
    assertThat(http.get(INFER).statusCode()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[5.1, 3.5, 1.4, 0.2, 6.0, 2.9, 4.5, 1.5]",
        "[[5.1, 3.5, 1.4, 0.2], [6.0, 2.9, 4.5, 1.5]]"
      })
  void infer_flatOrNested_answersATensor(String data) throws Exception {
    server.load(OnnxModel::loadBundled);

    HttpResponse<String> response =
        infer(
            "{\"id\": \"17\", \"inputs\": [{\"data\": "
                + data
                + ", \"name\": \"features\", \"shape\": [2, 4], \"datatype\": \"FP32\"}],"
                + " \"outputs\": [{\"name\": \"label\"}]}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .isEqualTo(
            "{\"model_name\":\"iris\",\"model_version\":\"1\",\"id\":\"17\",\"outputs\":"
                + "[{\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[2],\"data\":[0,1]}]}");
    assertThat(http.successes()).isEqualTo(1);
    assertThat(http.metric("predicted_items_total")).isEqualTo(2);
    assertThat(http.requests("/v2/models/{model_name}/infer", "POST", "2xx")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"Y\" | [1, 4] | \"FP32\" | [1, 2, 3, 4] | There is no input \"Y\": the model takes \"features\"",
        "\"features\" | [1, 4] | \"INT64\" | [1, 2, 3, 4] | The input \"features\" has the datatype \"INT64\"",
        "\"features\" | [1, 4] | \"BYTES\" | [\"a\"] | The input \"features\" has the datatype \"BYTES\"",
        "\"features\" | [1, 4] | \"FP32\" | [1, \"2\", 3, 4] | Value 1 of the input \"features\" is not a number",
        "\"features\" | [1, 4] | \"FP32\" | [1, NaN, 3, 4] | Value 1 of row 0 is NaN",
        "\"features\" | [4] | \"FP32\" | [1, 2, 3, 4] | The input \"features\" has the shape [4], but",
        "\"features\" | [] | \"FP32\" | [1, 2, 3, 4] | The input \"features\" has the shape [], but",
        "\"features\" | [2, 2] | \"FP32\" | [1, 2, 3, 4] | The input \"features\" has the shape [2, 2], but",
        "\"features\" | [-1, 4] | \"FP32\" | [1, 2, 3, 4] | The input \"features\" has the shape [-1, 4], but",
        "\"features\" | [2, 4] | \"FP32\" | [1, 2, 3, 4] | The input \"features\" has 4 values, which the shape",
        "\"features\" | [4611686018427387905, 4] | \"FP32\" | [1, 2, 3, 4] | The input \"features\" has 4 values",
        "\"features\" | [0, 4] | \"FP32\" | [] | The input \"features\" has the shape [0, 4], but",
      })
  void infer_whatTheModelCannotTake_isAnError(
      String name, String shape, String datatype, String data, String error) throws Exception {
    server.load(OnnxModel::loadBundled);

    HttpResponse<String> response =
        infer(
            "{\"inputs\": [{\"name\": %s, \"shape\": %s, \"datatype\": %s, \"data\": %s}]}"
                .formatted(name, shape, datatype, data));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(error(response)).startsWith(error);
    assertThat(http.metric("prediction_errors_total{reason=\"invalid_input\"}")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | The field \"inputs\" is missing or empty",
        "{\"inputs\": []} | The field \"inputs\" is missing or empty",
        "{\"inputs\": {}} | The field \"inputs\" must be an array",
        "{\"inputs\": [1]} | Element 0 of \"inputs\" is no object",
        "{\"inputs\": [{\"name\": 1}]} | The field \"name\" must be a string",
        "{\"inputs\": [{\"shape\": [1.5]}]} | The field \"shape\" must be an array of a few whole",
        "{\"inputs\": [{\"data\": 1}]} | The field \"data\" must be an array",
        "{\"inputs\": [{\"data\": [{}]}]} | The field \"data\" must be an array of values",
        "{\"id\": 3} | The field \"id\" must be a string",
        "[] | The body must be a JSON object",
        "{\"inputs\": | The body is not JSON, at line 1",
      })
  void infer_bodyThatDoesNotFit_isNoPrediction(String body, String error) throws Exception {
    server.load(OnnxModel::loadBundled);

    HttpResponse<String> response = infer(body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(error(response)).startsWith(error);
    assertThat(http.errors()).isZero();
  }

  @Test
  void infer_twoInputsOrAnotherOutput_isAnError() throws Exception {
    server.load(OnnxModel::loadBundled);

    assertThat(error(infer("{\"inputs\": [{}, {}]}"))).contains("one input, \"features\"", "has 2");
    assertThat(error(infer("{\"inputs\": [{}], \"outputs\": [{\"name\": \"p\"}]}")))
        .isEqualTo("There is no output \"p\": the model gives \"label\"");
  }

  @Test
  void infer_tooManyValues_isRefusedBeforeItFillsTheMemory() {
    HttpResponse<String> response =
        infer("{\"inputs\": [{\"data\": [" + "1,".repeat(JsonBody.MAX_VALUES) + "1]}]}");

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(error(response)).startsWith("data has more than 1,000,000 values");
  }

  @Test
  void infer_beforeTheModelIsLoaded_isUnavailable() {
    HttpResponse<String> response = infer("{\"inputs\": [{}]}");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(error(response)).startsWith("The model is not loaded yet");
  }
}
