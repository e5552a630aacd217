package io.kubeserve.metrics.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** How the sizes of bodies are found: something to look at is put before the application. */
interface BodySizes {
  /** Returns the response to hand on. */
  HttpServletResponse watch(HttpServletResponse response);

  /** Returns the request to hand on, beside the response that {@link #watch} returned. */
  HttpServletRequest watch(HttpServletRequest request, HttpServletResponse watchedResponse);

  /** Returns the size of the body of a request that was handed on; 0 if it is not known. */
  long bytesOf(HttpServletRequest watched);

  /** Returns the size of the body of a response that was handed on; 0 if it is not known. */
  long bytesOf(HttpServletResponse watched);
}
