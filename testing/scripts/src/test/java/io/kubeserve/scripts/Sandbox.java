package io.kubeserve.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.ChildProcess;
import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A script with nothing on its PATH but what it is given; stand-ins write down how they are called.
 */
final class Sandbox {
  static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path script;
  private final Path bin;
  private final Path tmp;
  private final Path calls;
  private final Path errors;
  private final Map<String, String> environment = new TreeMap<>();

  /** What a script said and how it ended. */
  record Outcome(int status, String out, String err) {}

  Sandbox(String script, Path folder) throws IOException {
    this.script = ProjectFiles.of("scripts/" + script);
    bin = Files.createDirectory(folder.resolve("bin"));
    tmp = Files.createDirectory(folder.resolve("tmp"));
    calls = folder.resolve("calls");
    errors = folder.resolve("errors");
    environment.put("PATH", bin.toString());
    environment.put("TMPDIR", tmp.toString());
  }

  void put(String name, String value) {
    environment.put(name, value);
  }

  /** Gives the script real programs. */
  void programs(String... names) throws IOException {
    for (String name : names) {
      Files.createSymbolicLink(bin.resolve(name), which(name));
    }
  }

  static Path which(String program) {
    return Stream.of("/usr/bin/", "/bin/")
        .map(place -> Path.of(place + program))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new AssertionError(program + " is not installed"));
  }

  /** Gives the script something that stands for a program: it writes its arguments down first. */
  void standIn(String program, String then) throws IOException {
    Path file =
        Files.writeString(
            bin.resolve(program),
            """
            #!/usr/bin/env bash
            echo "%s $*" >> "%s"
            %s
            """
                .formatted(program, calls, then));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  void remove(String program) throws IOException {
    Files.delete(bin.resolve(program));
  }

  ChildProcess start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(which("bash").toString());
    command.add(script.toString());
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return ChildProcess.start(builder);
  }

  Outcome run(String... options) throws Exception {
    try (ChildProcess process = start(options)) {
      ChildProcess.Ended ended = process.awaitEnd(LIMIT);
      return new Outcome(ended.status(), ended.output(), Files.readString(errors));
    }
  }

  /** How the stand-ins were called since the last {@link #forgetCalls}, a line each. */
  String calls() throws IOException {
    return Files.exists(calls) ? Files.readString(calls) : "";
  }

  void forgetCalls() throws IOException {
    Files.deleteIfExists(calls);
  }

  void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(tmp)) {
      assertThat(left).isEmpty();
    }
  }
}
