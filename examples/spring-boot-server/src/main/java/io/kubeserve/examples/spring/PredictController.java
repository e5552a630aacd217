package io.kubeserve.examples.spring;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.annotation.JsonDeserialize;

/** {@code POST /predict}, also by the path that the platform's ingress has for it. */
@RestController
class PredictController {
  private static final HttpStatusCode UNPROCESSABLE = HttpStatusCode.valueOf(422);

  private final IrisModel model;

  PredictController(IrisModel model) {
    this.model = model;
  }

  /** The body of a request: a row for each item to predict, or one row flat. */
  record Request(@JsonDeserialize(using = RowsDeserializer.class) @Nullable List<float[]> data) {}

  /** The body of an answer. */
  record Answer(List<Long> predictions, @JsonProperty("model_loaded") boolean modelLoaded) {}

  @PostMapping({"/predict", "/api/v1/predict/{deployment}/predict"})
  ResponseEntity<?> predict(@RequestBody Request request)
      throws OrtException, InterruptedException {
    List<float[]> rows = request.data();
    return rows == null ? unreadable() : ResponseEntity.ok(new Answer(model.predict(rows), true));
  }

  @ExceptionHandler(InvalidRowsException.class)
  ResponseEntity<Map<String, String>> invalidRows(InvalidRowsException e) {
    return refused(String.valueOf(e.getMessage()));
  }

  /** What cannot be read is no prediction, and is counted as a request alone. */
  @ExceptionHandler(HttpMessageNotReadableException.class)
  ResponseEntity<Map<String, String>> unreadable() {
    return refused("The body must be JSON such as {\"data\": [[1.0, 2.0, 3.0, 4.0]]}");
  }

  private static ResponseEntity<Map<String, String>> refused(String detail) {
    return ResponseEntity.status(UNPROCESSABLE).body(Map.of("detail", detail));
  }
}
