package io.kubeserve.examples.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The measured blocks of {@code docs/reliability.md}; written with {@code -Ddocs.write=true}. */
final class ReliabilityDocument {
  private static final Path FILE = Path.of("../../docs/reliability.md");

  private ReliabilityDocument() {}

  /** Puts a block in the place of the last one of its name, dated; prints it too. */
  static void put(String name, String markdown) throws IOException {
    String block =
        "%s\nMeasured on %s, on Java %s with %d cores, which the load generator shared.\n"
            .formatted(
                markdown,
                LocalDate.now(ZoneOffset.UTC),
                Runtime.version().feature(),
                Runtime.getRuntime().availableProcessors());
    System.out.println(block);
    if (Boolean.getBoolean("docs.write")) {
      String text = Files.readString(FILE);
      Matcher old =
          Pattern.compile("(<!-- %s -->\n).*?(<!-- end -->)".formatted(name), Pattern.DOTALL)
              .matcher(text);
      if (!old.find()) {
        throw new AssertionError(FILE + " has no block " + name);
      }
      Files.writeString(FILE, old.replaceFirst("$1\n" + Matcher.quoteReplacement(block) + "\n$2"));
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // Its annotation would be a dependency for one check.
  static String row(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + '\n';
  }
}
