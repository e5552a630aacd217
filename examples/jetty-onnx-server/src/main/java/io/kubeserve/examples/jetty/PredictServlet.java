package io.kubeserve.examples.jetty;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code POST /predict}, also by the path that the platform's ingress has for it. */
final class PredictServlet extends PredictionServlet {
  private static final long serialVersionUID = 1;

  /** What follows {@code /api/v1/predict}. */
  private static final Pattern INGRESS_PATH = Pattern.compile("/[^/]+/predict");

  private static final String INGRESS_TEMPLATE = "/api/v1/predict/{deployment}/predict";

  private final transient Predictor predictor;

  PredictServlet(Predictor predictor) {
    super("POST");
    this.predictor = predictor;
  }

  @Override
  boolean isFound(HttpServletRequest request) {
    String rest = request.getPathInfo();
    return rest == null
        ? request.getServletPath().equals("/predict")
        : INGRESS_PATH.matcher(rest).matches();
  }

  @Override
  @Nullable String template(HttpServletRequest request) {
    return request.getPathInfo() == null ? null : INGRESS_TEMPLATE;
  }

  @Override
  void predict(HttpServletRequest request, HttpServletResponse response) throws Exception {
    List<float[]> rows = PredictRequest.readRows(request);
    byte[] body =
        predictor.predict(
            rows.size(),
            signature -> Matrix.of(rows, signature.columns()),
            (signature, output) -> body(output));
    Json.write(response, HttpServletResponse.SC_OK, body);
  }

  private static byte[] body(Object predictions) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("predictions", predictions);
    body.put("model_loaded", true);
    return Json.MAPPER.writeValueAsBytes(body);
  }
}
