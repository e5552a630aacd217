package io.kubeserve.testing;

import static java.lang.StackWalker.Option.RETAIN_CLASS_REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file of the project that code writes, wholly or in part. The tests that know what it must hold
 * are classes whose names end in {@code FileTest}: {@code ./mvnw -Pwrite verify} runs those alone
 * and writes the files, {@code ./mvnw -Pstale verify} lists those that are not what they should be.
 */
public final class GeneratedFile {
  private static final String FOLDER = "stale-files";

  /** Of the lists below the project: a module may be in a folder of modules. */
  private static final int DEPTH = 6;

  private GeneratedFile() {}

  /**
   * Checks that a file is what code says, or writes it.
   *
   * @param file from {@link ProjectFiles}
   * @param text what it must hold
   */
  public static void check(Path file, String text) throws IOException {
    if (Boolean.getBoolean("docs.write")) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    }
    String name = ProjectFiles.root().relativize(file).toString();
    Class<?> test = StackWalker.getInstance(RETAIN_CLASS_REFERENCE).getCallerClass();
    Path mark = Path.of("target", FOLDER, test.getName() + '+' + name.replace('/', '+'));
    String now = Files.exists(file) ? Files.readString(file) : "";
    if (now.equals(text)) {
      Files.deleteIfExists(mark);
    } else {
      Files.createDirectories(mark.getParent());
      Files.writeString(mark, name);
    }
    assertThat(now).as("%s is stale: ./mvnw -Pwrite verify writes it", name).isEqualTo(text);
  }

  /** Prints the stale files of the modules below a folder; ends with 1 if there are any. */
  public static void main(String[] arguments) throws IOException {
    List<String> stale = stale(Path.of(arguments[0]));
    if (!stale.isEmpty()) {
      System.out.println("Stale, and written by ./mvnw -Pwrite verify:");
      stale.forEach(file -> System.out.println("  " + file));
      System.exit(1);
    }
    System.out.println("No generated file is stale.");
  }

  static List<String> stale(Path project) throws IOException {
    try (Stream<Path> files = Files.walk(project, DEPTH)) {
      return files
          .filter(GeneratedFile::isMark)
          .map(GeneratedFile::text)
          .distinct()
          .sorted()
          .toList();
    }
  }

  private static boolean isMark(Path file) {
    Path folder = file.getParent();
    return folder != null
        && folder.endsWith(Path.of("target", FOLDER))
        && Files.isRegularFile(file);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
