package io.kubeserve.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a machine that has {@code here}, and neither {@code absent} nor {@code missing}. */
class RequiresProgramTest {
  @TempDir private Path project = Path.of("");

  private Path bin = Path.of("");
  private Path kept = Path.of("");

  @RequiresProgram({"here", "absent", "missing"})
  abstract static class Base {
    @Test
    void inherited() {}
  }

  static class OfASubclass extends Base {}

  @RequiresProgram("here")
  static class OfASubclassWithItsOwn extends Base {}

  @RequiresProgram("absent")
  interface Needs {
    @Test
    default void ofAnInterface() {}
  }

  static class OfAnInterface implements Needs {}

  @RequiresProgram("absent")
  static class OfAnEnclosingClass {
    @Nested
    class Inner {
      @Test
      void nested() {}
    }
  }

  static class OfANestedSubclass {
    @Test
    void outer() {}

    @Nested
    class Inner extends Base {}
  }

  static class OfAMethod {
    @Test
    @RequiresProgram("absent")
    void wanting() {}

    @Test
    @RequiresProgram("here")
    void having() {}
  }

  @BeforeEach
  void programs() throws Exception {
    bin = Files.createDirectory(project.resolve("bin"));
    kept = project.resolve("module/target/skipped-tests");
    Files.createFile(
        bin.resolve("here"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
  }

  @ParameterizedTest
  @ValueSource(classes = {OfASubclass.class, OfASubclassWithItsOwn.class})
  void onASuperclass_skipsItsSubclasses_namingEveryProgram(Class<?> test) throws Exception {
    Trial trial = Trial.of(test, bin, false, kept);

    assertThat(trial.skipped)
        .singleElement()
        .asString()
        .endsWith(": absent, missing are not on the PATH");
    assertThat(trial.succeeded).isEmpty();
    assertThat(SkippedTests.list(project))
        .contains("  absent: RequiresProgramTest$" + test.getSimpleName() + "\n")
        .contains("  missing: RequiresProgramTest$" + test.getSimpleName() + "\n");
  }

  @ParameterizedTest
  @ValueSource(classes = {OfAnInterface.class, OfAnEnclosingClass.class})
  void onAnInterfaceOrAnEnclosingClass_skipsAll(Class<?> test) {
    Trial trial = Trial.of(test, bin, false, kept);

    assertThat(trial.skipped).singleElement().asString().endsWith(": absent is not on the PATH");
    assertThat(trial.succeeded).isEmpty();
  }

  @Test
  void onTheSuperclassOfANestedClass_skipsThatAlone() {
    Trial trial = Trial.of(OfANestedSubclass.class, bin, false, kept);

    assertThat(trial.succeeded).containsExactly("outer()");
    assertThat(trial.skipped).singleElement().asString().startsWith("Inner: ");
  }

  @Test
  void onAMethod_skipsThatAlone() throws Exception {
    Trial trial = Trial.of(OfAMethod.class, bin, false, kept);

    assertThat(trial.succeeded).containsExactly("having()");
    assertThat(trial.skipped).containsExactly("wanting(): absent is not on the PATH");
    assertThat(SkippedTests.list(project))
        .contains("  absent: RequiresProgramTest$OfAMethod.wanting\n");
  }

  @Test
  void required_isAFailureThatNamesThem() {
    Trial trial = Trial.of(OfASubclass.class, bin, true, kept);

    assertThat(trial.failures)
        .singleElement()
        .asString()
        .contains("absent, missing are not on the PATH, and KUBESERVE_REQUIRE_REAL asks for it");
  }

  @Test
  void installedSince_isNoLongerListed() throws Exception {
    Trial.of(OfASubclass.class, bin, false, kept);
    Files.copy(bin.resolve("here"), bin.resolve("absent"));
    Files.copy(bin.resolve("here"), bin.resolve("missing"));

    assertThat(Trial.of(OfASubclass.class, bin, false, kept).succeeded).hasSize(1);
    assertThat(SkippedTests.list(project))
        .isEqualTo("No test was skipped for want of a program.\n");
  }
}
