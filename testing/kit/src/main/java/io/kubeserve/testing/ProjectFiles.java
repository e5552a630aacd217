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
  /** What only the root of the project has. */
  private static final String MARK = ".mvn";

  /** What the other modules make and delete while a test of this one looks. */
  private static final Set<String> MADE = Set.of("target", ".git");

  private ProjectFiles() {}

  /** Returns the root of the project that the working directory is in, as an absolute path. */
  public static Path root() {
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(MARK))) {
        return folder;
      }
    }
    throw new IllegalStateException(start + " is in no checkout: no folder above it has " + MARK);
  }

  /**
   * Returns a file or folder of the project, which need not exist.
   *
   * @param path from the root, with slashes
   */
  public static Path of(String path) {
    return root().resolve(path);
  }

  /**
   * Returns the files of the project whose names end in some way, in the order of their paths.
   *
   * @param ending how a name ends, such as {@code .java}
   */
  public static Stream<Path> endingWith(String ending) {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          root(),
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
