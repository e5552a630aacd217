package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.ManualTicker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("container")
class BearerTokenTest {
  @TempDir private Path folder = Path.of("");
  private final ManualTicker ticker = new ManualTicker();
  private Path file = Path.of("");

  @BeforeEach
  void writeToken() throws IOException {
    file = Files.writeString(folder.resolve("token"), "old");
  }

  @Test
  void file_thatIsReplaced_isBelievedTenSecondsLater() throws IOException {
    BearerToken token = BearerToken.ofFile(file, ticker);
    Files.writeString(file, "new");

    ticker.advance(Duration.ofMillis(9_999));
    assertThat(token.isIn("Bearer old")).isTrue();
    ticker.advance(Duration.ofMillis(1));
    assertThat(token.isIn("Bearer old")).isFalse();
    assertThat(token.isIn("Bearer new")).isTrue();
  }

  @Test
  void file_thatIsGone_leavesTheTokenAsItWas() throws IOException {
    BearerToken token = BearerToken.ofFile(file, ticker);
    Files.delete(file);
    ticker.advance(Duration.ofMinutes(1));

    assertThat(token.isIn("Bearer old")).isTrue();
    assertThat(token.isIn("Bearer ")).isFalse();
  }

  @Test
  void variable_isTakenWithoutTheSpaceAroundIt() {
    BearerToken token = BearerToken.ofVariable("TOKEN", " t0ken\n");

    assertThat(token.isIn("Bearer t0ken")).isTrue();
    assertThat(token.isIn("Bearer t0ke")).isFalse();
    assertThat(token.isIn(null)).isFalse();
  }
}
