package io.kubeserve.metrics.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** A request that counts what is read of its body. */
final class CountingRequest extends HttpServletRequestWrapper {
  private final ServletResponse response;
  private final ByteCount bytes = new ByteCount();
  private @Nullable ServletInputStream stream;
  private @Nullable BufferedReader reader;

  CountingRequest(HttpServletRequest request, ServletResponse response) {
    super(request);
    this.response = response;
  }

  long bytes() {
    return bytes.get();
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    if (stream == null) {
      stream = new CountingInputStream(super.getInputStream(), bytes);
    }
    return stream;
  }

  @Override
  public BufferedReader getReader() throws IOException {
    if (reader == null) {
      BufferedReader original = super.getReader();
      Charset charset = ByteCount.charset(getCharacterEncoding());
      // Undertow's reader reads the stream of this request, which counts already.
      reader =
          stream != null
              ? original
              : new BufferedReader(new CountingReader(original, bytes, charset));
    }
    return reader;
  }

  @Override
  public AsyncContext startAsync() {
    // Without arguments, the application would get the response that does not count.
    return super.startAsync(this, response);
  }

  private static final class CountingReader extends FilterReader {
    private final ByteCount bytes;
    private final Charset charset;

    CountingReader(Reader in, ByteCount bytes, Charset charset) {
      super(in);
      this.bytes = bytes;
      this.charset = charset;
    }

    @Override
    public int read() throws IOException {
      char[] one = new char[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      if (read > 0) {
        bytes.add(buffer, offset, read, charset);
      }
      return read;
    }
  }

  private static final class CountingInputStream extends ServletInputStream {
    private final ServletInputStream in;
    private final ByteCount bytes;

    CountingInputStream(ServletInputStream in, ByteCount bytes) {
      this.in = in;
      this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      bytes.add(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = in.read(buffer, offset, length);
      bytes.add(read);
      return read;
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }

    @Override
    public boolean isFinished() {
      return in.isFinished();
    }

    @Override
    public boolean isReady() {
      return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      in.setReadListener(listener);
    }
  }
}
