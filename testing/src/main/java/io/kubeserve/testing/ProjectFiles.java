package io.kubeserve.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files of a checkout that somebody wrote, without those that a build makes. */
public final class ProjectFiles {
  /** What the other modules make and delete while a test of this one looks. */
  private static final Set<String> MADE = Set.of("target", ".git");

  private ProjectFiles() {}

  /**
   * Returns the files whose names end in some way, in the order of their paths.
   *
   * @param ending how a name ends, such as {@code .java}
   * @param project the folder of the project
   */
  public static Stream<Path> endingWith(String ending, Path project) {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          project,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return MADE.contains(folder.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.getFileName().toString().endsWith(ending)) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files.stream().sorted();
  }
}
