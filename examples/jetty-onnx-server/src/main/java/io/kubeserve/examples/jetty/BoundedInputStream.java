package io.kubeserve.examples.jetty;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails once more bytes were read than there may be. */
final class BoundedInputStream extends FilterInputStream {
  private long remaining;
  private boolean broken;

  BoundedInputStream(InputStream in, long limit) {
    super(in);
    this.remaining = limit;
  }

  boolean isExceeded() {
    return remaining < 0;
  }

  /** Tells whether the client went away, and not the reader found something wrong. */
  boolean isBroken() {
    return broken;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = readOrBreak(buffer, offset, length);
    count(Math.max(0, read));
    return read;
  }

  private int readOrBreak(byte[] buffer, int offset, int length) throws IOException {
    try {
      return super.read(buffer, offset, length);
    } catch (IOException e) {
      broken = true;
      throw e;
    }
  }

  private void count(int read) throws IOException {
    remaining -= read;
    if (isExceeded()) {
      throw new IOException("more bytes than there may be");
    }
  }
}
