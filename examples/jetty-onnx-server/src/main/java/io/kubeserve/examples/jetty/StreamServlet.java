package io.kubeserve.examples.jetty;

import io.kubeserve.metrics.PredictionStream;
import io.kubeserve.metrics.servlet.StreamedOutput;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code POST /predict/stream}: a line of JSON for each row, as soon as it is predicted. */
final class StreamServlet extends PredictionServlet {
  private static final long serialVersionUID = 1;
  private static final byte[] NEWLINE = {'\n'};

  private final transient Predictor predictor;

  StreamServlet(Predictor predictor) {
    super("POST");
    this.predictor = predictor;
  }

  @Override
  void predict(HttpServletRequest request, HttpServletResponse response) throws Exception {
    List<float[]> rows = PredictRequest.readRows(request);
    try (PredictionStream stream = predictor.startStream()) {
      try {
        predictor.checkAccepting();
        Model model = predictor.model();
        List<Matrix> inputs = eachAlone(rows, model.signature().columns());
        response.setContentType("application/x-ndjson");
        ServletOutputStream out = StreamedOutput.of(response.getOutputStream(), stream);
        for (Matrix input : inputs) {
          Object predictions = model.infer(input);
          out.write(Json.MAPPER.writeValueAsBytes(Map.of("predictions", predictions)));
          out.write(NEWLINE);
          out.flush(); // an item of the stream
        }
        out.close();
      } catch (Exception e) {
        stream.error(e);
        throw e;
      }
    }
  }

  /** All of them first: once a line is sent, nothing can be refused. */
  private static List<Matrix> eachAlone(List<float[]> rows, long columns)
      throws InvalidRowsException {
    Matrix.of(rows, columns);
    List<Matrix> inputs = new ArrayList<>();
    for (float[] row : rows) {
      inputs.add(Matrix.of(List.of(row), columns));
    }
    return inputs;
  }
}
