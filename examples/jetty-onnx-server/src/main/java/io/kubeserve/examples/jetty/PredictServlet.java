package io.kubeserve.examples.jetty;

import ai.onnxruntime.OrtException;
import io.kubeserve.metrics.PredictionRecorder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code POST /predict}, also by the path that the platform's ingress has for it. */
final class PredictServlet extends JsonServlet {
  private static final long serialVersionUID = 1;
  private static final System.Logger LOGGER = System.getLogger(PredictServlet.class.getName());

  /** What follows {@code /api/v1/predict}. */
  private static final Pattern INGRESS_PATH = Pattern.compile("/[^/]+/predict");

  private static final String INGRESS_TEMPLATE = "/api/v1/predict/{deployment}/predict";

  private final transient ModelSlot model;
  private final transient PredictionRecorder recorder;

  PredictServlet(ModelSlot model, PredictionRecorder recorder) {
    super("POST");
    this.model = model;
    this.recorder = recorder;
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
  void answer(HttpServletRequest request, HttpServletResponse response) throws Exception {
    try {
      List<float[]> rows = PredictRequest.readRows(request);
      Object predictions = recorder.time(() -> model.get().predict(rows));
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("predictions", predictions);
      body.put("model_loaded", true);
      Json.write(response, HttpServletResponse.SC_OK, body);
    } catch (RefusedRequestException e) {
      Json.writeError(response, e.httpStatus(), message(e));
    } catch (InvalidRowsException e) {
      Json.writeError(response, 422, message(e));
    } catch (ModelNotLoadedException e) {
      Json.writeError(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, message(e));
    } catch (OrtException | RuntimeException e) {
      LOGGER.log(System.Logger.Level.ERROR, "The prediction failed", e);
      Json.writeError(
          response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "The prediction failed");
    }
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
