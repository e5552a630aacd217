package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.RequiresProgram;
import io.kubeserve.testing.RunningServer;
import io.kubeserve.testing.SkippedTests;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The images, started as the chart has them started: without a capability, read-only but /tmp. */
@RequiresProgram({"podman", "runc"})
class ContainerImageIT {
  private static final int SIGTERM_EXIT_STATUS = 128 + 15;
  private static final Path TARGET = Path.of("target");
  private static final Path BY_JIB = TARGET.resolve("jib-image.tar");
  private static final String BASE = "localhost/kubeserve-test/libc";
  private static final String BY_CONTAINERFILE = "localhost/kubeserve-test/containerfile";

  /** No registry is asked: the base is the C library of this machine. */
  @BeforeAll
  static void buildWithContainerfile() throws Exception {
    SkippedTests.unless(Files.exists(BY_JIB), ContainerImageIT.class, "an image, made by -Pimage");
    Path base =
        Files.writeString(
            TARGET.resolve("Containerfile.base"), "FROM scratch\nCOPY image/libc/ /\n");
    Podman.run("build", "--quiet", "--tag=" + BASE, "--file=" + base, TARGET.toString());
    Podman.run("build", "--quiet", "--tag=" + BY_CONTAINERFILE, "--build-arg=BASE=" + BASE, ".");
  }

  @Test
  void imageOfJib_readOnlyAndNonRoot_predictsAndIsScraped() throws Exception {
    String loaded = Podman.run("load", "--quiet", "--input=" + BY_JIB);

    predictsAndIsScraped(loaded.substring(loaded.lastIndexOf(' ') + 1));
  }

  @Test
  void imageOfContainerfile_readOnlyAndNonRoot_predictsAndIsScraped() throws Exception {
    predictsAndIsScraped(BY_CONTAINERFILE);
  }

  private static void predictsAndIsScraped(String image) throws Exception {
    assertThat(Podman.run("image", "inspect", "--format={{.Config.User}}", image))
        .isEqualTo("65532:65532");
    try (RunningServer server = Podman.start(image)) {
      assertThat(server.http().predict(Http.ONE_ROW).statusCode()).isEqualTo(200);
      assertThat(server.http().successes()).isEqualTo(1);
      assertThat(server.terminate()).as(server::output).isEqualTo(SIGTERM_EXIT_STATUS);
    }
  }
}
