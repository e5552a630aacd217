package io.kubeserve.metrics.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModuleVersionTest {
  private static final String MODULE = "kubeserve-metrics-servlet";

  @Test
  void requireSame_anotherVersion_failsWithASentence() {
    assertThatIllegalStateException()
        .isThrownBy(() -> ModuleVersion.requireSame(MODULE, "0.2.0", "0.1.0"))
        .withMessage(
            "kubeserve-metrics-servlet 0.2.0 does not work with kubeserve-metrics-core 0.1.0: give both one version, as kubeserve-metrics-bom does.");
  }

  @Test
  void requireSame_theSameOrUnknown_passes() {
    assertThatCode(
            () -> {
              ModuleVersion.requireSame(MODULE, "0.1.0", "0.1.0");
              ModuleVersion.requireSame(MODULE, null, "0.1.0");
              ModuleVersion.requireSame(MODULE, "0.1.0", null);
              ModuleVersion.requireThatOfCore(ModuleVersionTest.class, MODULE);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void of_jarOfMaven_isItsVersion(@TempDir Path folder) throws Exception {
    assertThat(versionIn(folder, "version=1.2.3\n")).isEqualTo("1.2.3");
    assertThat(versionIn(folder, "artifactId=x\n")).isNull();
    // A malformed escape.
    assertThat(versionIn(folder, "version=\\u12\n")).isNull();
  }

  /** As of a class that comes from the same jar. */
  private static @Nullable String versionIn(Path folder, String properties) throws Exception {
    Path file = folder.resolve("META-INF/maven/io.kubeserve/" + MODULE + "/pom.properties");
    Files.createDirectories(file.getParent());
    Files.writeString(file, properties);
    URL classes = ModuleVersionTest.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL(), classes}, null)) {
      return ModuleVersion.of(loader.loadClass(InJar.class.getName()), MODULE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Knows nobody, so that a loader without parent can load it. */
  static final class InJar {}
}
