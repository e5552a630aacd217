package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.ChildProcess;
import io.kubeserve.testing.Http;
import io.kubeserve.testing.RawConnection;
import io.kubeserve.testing.RawConnection.Answer;
import io.kubeserve.testing.RequiresProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar is told to stop while it loads a model that does not come: a pipe. */
@RequiresProgram("mkfifo")
class LoadingStopIT {
  private static final Pattern LISTENING = Pattern.compile("Listening on (http://\\S+)");
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int SIGTERM_EXIT_STATUS = 128 + 15;

  private ChildProcess process;
  private Http http;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    Path pipe = folder.resolve("slow.onnx");
    assertThat(ChildProcess.run(LIMIT, List.of("mkfifo", pipe.toString())).status()).isZero();
    process =
        ChildProcess.start(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("server.jar"),
                "--drain=0",
                "--port=0",
                "--model=" + pipe));
    http = new Http(process.awaitLine(LISTENING, LIMIT).group(1));
  }

  @AfterEach
  void stop() {
    if (process != null) {
      process.close();
    }
  }

  @Test
  void sigterm_whileTheModelLoads_answersWhoAsksAndEnds() throws Exception {
    try (RawConnection connection = new RawConnection(http)) {
      connection.send(
          "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n"
              .formatted(Http.ONE_ROW.length()));
      assertThat(connection.read().status()).as("the server reads the body").isEqualTo(100);

      process.terminate();
      connection.send(Http.ONE_ROW);

      Answer answer = connection.read();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.headers()).containsEntry("retry-after", "1");
    }
    assertThat(process.awaitEnd(LIMIT).status()).isEqualTo(SIGTERM_EXIT_STATUS);
  }
}
