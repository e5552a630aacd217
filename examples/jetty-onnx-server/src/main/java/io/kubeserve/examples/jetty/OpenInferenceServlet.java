package io.kubeserve.examples.jetty;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Open Inference Protocol, version 2, which Triton, KServe and MLServer speak too.
 *
 * @see <a href="https://github.com/kserve/open-inference-protocol">the specification</a>
 */
final class OpenInferenceServlet extends PredictionServlet {
  private static final long serialVersionUID = 1;

  private static final String LIVE = "/health/live";
  private static final String READY = "/health/ready";

  /** Groups: the model, its version, and what is asked of it. */
  private static final Pattern MODEL =
      Pattern.compile("/models/([^/]+)(?:/versions/([^/]+))?(/ready|/infer)?");

  private final transient Predictor predictor;
  private final String model;
  private final String version;
  private final transient BooleanSupplier readiness;

  OpenInferenceServlet(
      Predictor predictor, String model, String version, BooleanSupplier readiness) {
    super("GET");
    this.predictor = predictor;
    this.model = model;
    this.version = version;
    this.readiness = readiness;
  }

  private static String path(HttpServletRequest request) {
    return request.getPathInfo() == null ? "" : request.getPathInfo();
  }

  @Override
  String method(HttpServletRequest request) {
    return path(request).endsWith("/infer") ? "POST" : "GET";
  }

  @Override
  boolean isFound(HttpServletRequest request) {
    String path = path(request);
    return path.isEmpty()
        || path.equals(LIVE)
        || path.equals(READY)
        || MODEL.matcher(path).matches();
  }

  @Override
  String template(HttpServletRequest request) {
    Matcher asked = MODEL.matcher(path(request));
    if (!asked.matches()) {
      return "/v2" + path(request);
    }
    return "/v2/models/{model_name}"
        + (asked.group(2) == null ? "" : "/versions/{version}")
        + (asked.group(3) == null ? "" : asked.group(3));
  }

  @Override
  void writeError(HttpServletResponse response, int status, String message) throws IOException {
    Json.write(response, status, Map.of("error", message));
  }

  @Override
  int invalidRowsStatus() {
    return HttpServletResponse.SC_BAD_REQUEST;
  }

  @Override
  void predict(HttpServletRequest request, HttpServletResponse response) throws Exception {
    String path = path(request);
    Matcher asked = MODEL.matcher(path);
    if (!asked.matches()) {
      answerOfServer(path, response);
    } else if (!asked.group(1).equals(model)
        || (asked.group(2) != null && !asked.group(2).equals(version))) {
      writeError(
          response,
          HttpServletResponse.SC_NOT_FOUND,
          "There is no such model: this server has \"%s\", version \"%s\""
              .formatted(model, version));
    } else if (asked.group(3) == null) {
      Json.write(response, HttpServletResponse.SC_OK, metadata());
    } else if (asked.group(3).equals("/ready")) {
      writeReadiness(response);
    } else {
      infer(request, response);
    }
  }

  private void answerOfServer(String path, HttpServletResponse response) throws IOException {
    if (path.equals(READY)) {
      writeReadiness(response);
    } else if (path.equals(LIVE)) {
      Json.write(response, HttpServletResponse.SC_OK, Map.of("live", true));
    } else {
      Map<String, Object> server = new LinkedHashMap<>();
      server.put("name", "jetty-onnx-server");
      server.put("version", version());
      server.put("extensions", List.of("binary_tensor_data"));
      Json.write(response, HttpServletResponse.SC_OK, server);
    }
  }

  private static String version() {
    String version = OpenInferenceServlet.class.getPackage().getImplementationVersion();
    return version == null ? "0" : version;
  }

  private void writeReadiness(HttpServletResponse response) throws IOException {
    boolean ready = readiness.getAsBoolean();
    Json.write(
        response,
        ready ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE,
        Map.of("ready", ready));
  }

  private Map<String, Object> metadata() throws ModelNotLoadedException {
    Model.Signature signature = predictor.model().signature();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", model);
    body.put("versions", List.of(version));
    body.put("platform", "onnx_onnxv1");
    body.put(
        "inputs",
        List.of(tensor(signature.input(), Datatypes.FLOAT, List.of(-1L, signature.columns()))));
    body.put(
        "outputs",
        List.of(tensor(signature.output(), signature.outputType(), signature.outputShape())));
    return body;
  }

  private static Map<String, Object> tensor(String name, String datatype, List<Long> shape) {
    Map<String, Object> tensor = new LinkedHashMap<>();
    tensor.put("name", name);
    tensor.put("datatype", datatype);
    tensor.put("shape", shape);
    return tensor;
  }

  private void infer(HttpServletRequest request, HttpServletResponse response) throws Exception {
    InferRequest infer = InferBody.read(request);
    predictor
        .predict(
            infer.items(),
            infer::matrix,
            (signature, output) -> InferResponse.of(model, version, infer, signature, output))
        .write(response);
  }
}
