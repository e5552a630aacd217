package io.kubeserve.metrics.servlet;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.jspecify.annotations.Nullable;

/** A number of bytes that one thread after the other adds to, and a last one reads. */
final class ByteCount {
  // The container hands a body from thread to thread, never to two at once.
  private volatile long bytes;

  long get() {
    return bytes;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
  void add(long more) {
    if (more > 0) {
      bytes += more;
    }
  }

  void clear() {
    bytes = 0;
  }

  /** Adds what some characters are encoded to. */
  void add(char[] buffer, int offset, int length, Charset charset) {
    if (charset.equals(StandardCharsets.UTF_8)) {
      add(utf8Bytes(buffer, offset, length));
    } else {
      add(new String(buffer, offset, length).getBytes(charset).length);
    }
  }

  private static long utf8Bytes(char[] buffer, int offset, int length) {
    long bytes = 0;
    for (int i = offset; i < offset + length; i++) {
      char c = buffer[i];
      // Two surrogates make one character of four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  /** Returns the charset of a body, the servlet specification's default where there is none. */
  static Charset charset(@Nullable String name) {
    try {
      return name == null ? StandardCharsets.ISO_8859_1 : Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return StandardCharsets.ISO_8859_1;
    }
  }
}
