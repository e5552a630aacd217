package io.kubeserve.examples.jetty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kubeserve.testing.Http;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Any bytes as the body of a prediction, a stream and an inference of the example, over HTTP. */
class BodyFuzzTest {
  private static final List<String> PATHS =
      List.of("/predict", "/predict/stream", "/v2/models/iris/infer");

  /** Every one tells the client what to do; 500 and 503 are not among them. */
  private static final Set<Integer> STATUSES = Set.of(200, 400, 413, 422);

  private final ModelServer server = new ModelServer(ServerOptions.local());
  private Http http = new Http("");
  private int succeeded;

  @BeforeEach
  void start() throws Exception {
    server.start();
    server.load(OnnxModel::loadBundled);
    http = new Http(server.url());
    // What appears with the first use of each.
    post("/predict", Http.ONE_ROW.getBytes(UTF_8));
    post("/predict", Http.NARROW_ROW.getBytes(UTF_8));
  }

  @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
  @DictionaryEntries({
    "{\"data\": [[1, 2, 3, 4]]}",
    "\"data\"",
    "\"inputs\"",
    "\"shape\"",
    "\"datatype\"",
    "\"FP32\"",
    "\"name\"",
    "\"features\"",
    "[[",
    "1e999",
    "NaN",
    "null"
  })
  void body_whateverItIs_isAnsweredAndTheServerGoesOn(byte[] body) {
    post(PATHS.get(body.length % PATHS.size()), body);
  }

  private void post(String path, byte[] body) {
    HttpResponse<String> answer = http.post(path, BodyPublishers.ofByteArray(body));
    assertThat(answer.statusCode()).as(answer.body()).isIn(STATUSES);
    if (answer.statusCode() == 200) {
      succeeded++;
    }
  }

  @AfterEach
  void stop() throws Exception {
    try {
      assertThat(http.successes()).isEqualTo(succeeded);
      assertThat(http.metric("predictions_in_flight")).isZero();
    } finally {
      server.stop();
    }
  }
}
