package io.kubeserve.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A connection of HTTP/1.1 that is kept alive, and on which nothing is sent a second time. */
public final class RawConnection implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 120_000;
  private static final int FIRST_FINAL_STATUS = 200;
  private static final int CR = '\r';

  private final Socket socket;
  private final InputStream in;

  /** Connects to a server. */
  public RawConnection(Http server) throws IOException {
    this(server, TIMEOUT_MILLIS);
  }

  /** Connects to a server, and waits for so long for each read. */
  RawConnection(Http server, int timeoutMillis) throws IOException {
    URI url = URI.create(server.url());
    socket = new Socket(url.getHost(), url.getPort());
    socket.setSoTimeout(timeoutMillis);
    in = socket.getInputStream();
  }

  /** Returns whether a server does not listen; another one may get its port meanwhile. */
  public static boolean isRefused(Http server) throws IOException {
    try {
      new RawConnection(server).close();
      return false;
    } catch (ConnectException refused) {
      return true;
    }
  }

  /**
   * An answer.
   *
   * @param status its status
   * @param headers by name in lower case
   * @param body as text, one character for each byte
   */
  public record Answer(int status, Map<String, String> headers, String body) {
    /** Tells whether the server closes the connection. */
    public boolean closes() {
      return "close".equalsIgnoreCase(headers.get("connection"));
    }
  }

  /** Returns a whole request for a prediction. */
  public static String prediction(String body) {
    return post("/predict", body);
  }

  /** Returns a whole request that posts JSON. */
  public static String post(String path, String body) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, body.getBytes(StandardCharsets.UTF_8).length, body);
  }

  /** Sends text, of a request or of a part of one. */
  public void send(String bytes) throws IOException {
    send(bytes.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends bytes. */
  public void send(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Sends a request and reads its answer. */
  public Answer ask(String request) throws IOException {
    send(request);
    return read();
  }

  /** Waits for the server to close the connection. */
  public boolean awaitEnd() throws IOException {
    return in.read() < 0;
  }

  /**
   * Reads a whole answer.
   *
   * @throws EOFException if the connection ends before the answer does
   */
  public Answer read() throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] field = line.split(":", 2);
      headers.put(field[0].toLowerCase(Locale.ROOT), field[1].trim());
    }
    return new Answer(status, headers, body(status, headers));
  }

  private String body(int status, Map<String, String> headers) throws IOException {
    if (status < FIRST_FINAL_STATUS) {
      return "";
    }
    String length = headers.get("content-length");
    if (length != null) {
      return bytes(Integer.parseInt(length));
    }
    if (!"chunked".equals(headers.get("transfer-encoding"))) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
    StringBuilder body = new StringBuilder();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.append(bytes(size));
      line();
    }
    line();
    return body.toString();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String bytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("The connection ended in an answer");
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("The connection ended before an answer");
      }
      if (next != CR) {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
