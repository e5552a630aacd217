package io.kubeserve.load;

import io.kubeserve.testing.MeasuredPage;
import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;

/** The measured blocks of {@code docs/reliability.md}; written with {@code -Ddocs.write=true}. */
final class ReliabilityDocument {
  private static final MeasuredPage PAGE = new MeasuredPage(ProjectFiles.of("docs/reliability.md"));

  private ReliabilityDocument() {}

  /** Puts a block in the place of the last one of its name, dated; prints it too. */
  static void put(String name, String markdown) throws IOException {
    PAGE.putMeasured(name, markdown, "the load generator");
  }

  @SuppressWarnings("AnnotateFormatMethod") // Its annotation would be a dependency for one check.
  static String row(String format, Object... values) {
    return MeasuredPage.row(format, values);
  }
}
