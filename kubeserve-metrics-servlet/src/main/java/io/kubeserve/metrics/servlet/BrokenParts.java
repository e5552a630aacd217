package io.kubeserve.metrics.servlet;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;

/**
 * The exceptions of containers for a form whose parts broke off or are malformed. Containers write
 * parts to disk, so another exception may mean that the disk is full.
 */
final class BrokenParts {
  /** What containers throw in addition to the JDK's exceptions. */
  private static final Set<String> CLASSES =
      Set.of(
          "org.eclipse.jetty.io.EofException",
          "org.eclipse.jetty.http.BadMessageException",
          "org.apache.catalina.connector.ClientAbortException",
          "org.apache.tomcat.util.http.fileupload.MultipartStream$MalformedStreamException");

  private static final String UNDERTOW_MESSAGE = "UT000036";

  private BrokenParts() {}

  /** Returns whether the client is at fault. */
  static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException
          || cause instanceof ClosedChannelException
          || cause instanceof SocketException
          || cause instanceof SocketTimeoutException
          || CLASSES.contains(cause.getClass().getName())
          || String.valueOf(cause.getMessage()).startsWith(UNDERTOW_MESSAGE)) {
        return true;
      }
    }
    return false;
  }
}
