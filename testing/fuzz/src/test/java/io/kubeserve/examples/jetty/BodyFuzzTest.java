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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Any bytes as the body of a prediction, a stream and an inference of the example, over HTTP. */
class BodyFuzzTest {
  private static final List<String> PATHS =
      List.of("/predict", "/predict/stream", "/v2/models/iris/infer");

  /** Every one tells the client what to do; 500 and 503 are not among them. */
  private static final Set<Integer> STATUSES = Set.of(200, 400, 413, 422);

  private static final ModelServer SERVER = new ModelServer(ServerOptions.local());
  private static Http http = new Http("");
  private static int succeeded;

  @BeforeAll
  static void start() throws Exception {
    SERVER.start();
    SERVER.load(OnnxModel::loadBundled);
    http = new Http(SERVER.url());
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

  private static void post(String path, byte[] body) {
    HttpResponse<String> answer = http.post(path, BodyPublishers.ofByteArray(body));
    assertThat(answer.statusCode()).as(answer.body()).isIn(STATUSES);
    if (answer.statusCode() == 200) {
      succeeded++;
    }
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      assertThat(http.successes()).isEqualTo(succeeded);
      assertThat(http.metric("predictions_in_flight")).isZero();
    } finally {
      SERVER.stop();
    }
  }
}
