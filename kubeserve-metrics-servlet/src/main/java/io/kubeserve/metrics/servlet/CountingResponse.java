package io.kubeserve.metrics.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** A response that counts what is written of its body, and hands everything on at once. */
final class CountingResponse extends HttpServletResponseWrapper {
  private final ByteCount bytes = new ByteCount();
  private @Nullable ServletOutputStream stream;
  private @Nullable PrintWriter writer;

  CountingResponse(HttpServletResponse response) {
    super(response);
  }

  long bytes() {
    return bytes.get();
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    if (stream == null) {
      stream = new CountingOutputStream(super.getOutputStream(), bytes);
    }
    return stream;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    if (writer == null) {
      PrintWriter original = super.getWriter();
      writer =
          new PrintWriter(
              new CountingWriter(original, bytes, ByteCount.charset(getCharacterEncoding())));
    }
    return writer;
  }

  @Override
  public void reset() {
    super.reset();
    bytes.clear();
    // A response that was reset may be written to in the other way.
    stream = null;
    writer = null;
  }

  @Override
  public void resetBuffer() {
    super.resetBuffer();
    bytes.clear();
  }

  private static final class CountingWriter extends Writer {
    private final PrintWriter out;
    private final ByteCount bytes;
    private final Charset charset;

    CountingWriter(PrintWriter out, ByteCount bytes, Charset charset) {
      this.out = out;
      this.bytes = bytes;
      this.charset = charset;
    }

    @Override
    public void write(char[] buffer, int offset, int length) {
      out.write(buffer, offset, length);
      bytes.add(buffer, offset, length, charset);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
      // So that the writer around this one tells of the error, too.
      if (out.checkError()) {
        throw new IOException("the client is gone");
      }
    }

    @Override
    public void close() {
      out.close();
    }
  }

  private static final class CountingOutputStream extends ServletOutputStream {
    private final ServletOutputStream out;
    private final ByteCount bytes;

    CountingOutputStream(ServletOutputStream out, ByteCount bytes) {
      this.out = out;
      this.bytes = bytes;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      bytes.add(1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      out.write(buffer, offset, length);
      bytes.add(length);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }

    @Override
    public boolean isReady() {
      return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      out.setWriteListener(listener);
    }
  }
}
