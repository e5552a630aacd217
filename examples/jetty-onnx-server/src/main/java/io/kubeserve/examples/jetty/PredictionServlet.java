package io.kubeserve.examples.jetty;

import ai.onnxruntime.OrtException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

/** An endpoint that predicts, and how it says what went wrong. */
abstract class PredictionServlet extends JsonServlet {
  private static final long serialVersionUID = 1;
  private static final System.Logger LOGGER = System.getLogger(PredictionServlet.class.getName());

  /** A full queue of short predictions is empty again soon. */
  static final String RETRY_AFTER_SECONDS = "1";

  PredictionServlet(String method) {
    super(method);
  }

  /** Reads the request, predicts and answers. */
  abstract void predict(HttpServletRequest request, HttpServletResponse response) throws Exception;

  /** Returns the status of a request whose rows the model cannot take. */
  int invalidRowsStatus() {
    return 422;
  }

  @Override
  final void answer(HttpServletRequest request, HttpServletResponse response) throws Exception {
    try {
      predict(request, response);
    } catch (RefusedRequestException e) {
      if (e.httpStatus() == HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE) {
        response.setHeader("Accept-Encoding", JsonBody.IDENTITY);
      }
      writeError(response, e.httpStatus(), message(e));
    } catch (InvalidRowsException e) {
      writeError(response, invalidRowsStatus(), message(e));
    } catch (ModelNotLoadedException | RejectedExecutionException e) {
      refuse(response, message(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse(response, "The server is stopping: ask another");
    } catch (OrtException | RuntimeException e) {
      LOGGER.log(System.Logger.Level.ERROR, "The prediction failed", e);
      writeError(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "The prediction failed");
    }
  }

  private void refuse(HttpServletResponse response, String message) throws IOException {
    response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
    writeError(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, message);
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
