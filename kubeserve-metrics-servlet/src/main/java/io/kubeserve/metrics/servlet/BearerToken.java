package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.Ticker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The token that a reader must show, and where it comes from. It is in no message and no log. */
final class BearerToken {
  private static final System.Logger LOGGER = System.getLogger(MetricsServlet.class.getName());
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  /** How long a token that was read from a file is believed: Kubernetes replaces the file. */
  private static final long BELIEVED_NANOS = Duration.ofSeconds(10).toNanos();

  private final Supplier<String> source;
  private final Ticker ticker;

  // Guarded by this.
  private byte[] expected;
  private long readAtNanos;

  private BearerToken(Supplier<String> source, Ticker ticker) {
    this.source = source;
    this.ticker = ticker;
    this.expected = bytes(source.get());
    this.readAtNanos = ticker.nanos();
  }

  /** Reads a token from a file, now and from time to time. */
  static BearerToken ofFile(Path file, Ticker ticker) {
    return new BearerToken(() -> read(file), ticker);
  }

  /** Takes a token from a variable of the environment. */
  static BearerToken ofVariable(String name, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(
          "The variable %s of the bearer token is not set: set it, or leave the option out to let everybody scrape."
              .formatted(name));
    }
    return new BearerToken(value::strip, () -> 0);
  }

  /** Returns this token, which must be the only one that a configuration has. */
  BearerToken unlessThereIs(@Nullable BearerToken earlier) {
    if (earlier != null) {
      throw new IllegalArgumentException(
          "There is a bearer token already: take it from a file or from a variable, not from both.");
    }
    return this;
  }

  private static String read(Path file) {
    String token;
    try {
      token = Files.readString(file).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "The file %s of the bearer token cannot be read: mount it, or leave the option out to let everybody scrape."
              .formatted(file),
          e);
    }
    if (token.isEmpty()) {
      throw new IllegalArgumentException(
          "The file %s of the bearer token is empty: write the token to it.".formatted(file));
    }
    return token;
  }

  /** Says whether a header {@code Authorization} has the token, in a time that tells nothing. */
  boolean isIn(@Nullable String authorization) {
    return MessageDigest.isEqual(expected(), bytes(credentials(authorization, BEARER)));
  }

  /** Says the same of one of a browser, which sends it as the password of any user. */
  boolean isPasswordIn(@Nullable String authorization) {
    String userAndPassword;
    try {
      byte[] decoded = Base64.getDecoder().decode(credentials(authorization, BASIC));
      userAndPassword = new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
    String password = userAndPassword.substring(userAndPassword.indexOf(':') + 1);
    return MessageDigest.isEqual(expected(), bytes(password));
  }

  private static String credentials(@Nullable String authorization, String scheme) {
    return authorization != null && authorization.regionMatches(true, 0, scheme, 0, scheme.length())
        ? authorization.substring(scheme.length()).strip()
        : "";
  }

  private synchronized byte[] expected() {
    if (ticker.nanos() - readAtNanos >= BELIEVED_NANOS) {
      readAtNanos = ticker.nanos();
      try {
        expected = bytes(source.get());
      } catch (IllegalArgumentException e) {
        LOGGER.log(
            System.Logger.Level.WARNING, "The bearer token stays as it was: {0}", e.getMessage());
      }
    }
    return expected;
  }

  private static byte[] bytes(String token) {
    return token.getBytes(StandardCharsets.UTF_8);
  }
}
