package io.kubeserve.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation with blocks between {@code <!-- name -->} and {@code <!-- end -->}
 * that tests make; written with {@code -Ddocs.write=true}.
 *
 * @param file where it is
 */
public record MeasuredPage(Path file) {
  /**
   * Puts what was measured in the place of the block's last, dated; prints it too.
   *
   * @param name the block's
   * @param markdown a table
   * @param sharedWith what had the same cores, which the date is followed by
   */
  public void putMeasured(String name, String markdown, String sharedWith) throws IOException {
    String block =
        "%s\nMeasured on %s, on Java %s with %d cores, which %s shared.\n"
            .formatted(
                markdown,
                LocalDate.now(ZoneOffset.UTC),
                Runtime.version().feature(),
                Runtime.getRuntime().availableProcessors(),
                sharedWith);
    System.out.println(block);
    if (Boolean.getBoolean("docs.write")) {
      put(name, block);
    }
  }

  private void put(String name, String markdown) throws IOException {
    Files.writeString(file, with(name, markdown));
  }

  /** Returns the text of the page with Markdown in the place of a block's last. */
  public String with(String name, String markdown) throws IOException {
    return find(name).replaceFirst("$1\n" + Matcher.quoteReplacement(markdown) + "\n$3");
  }

  /** Reads the Markdown of a block. */
  public String block(String name) throws IOException {
    return find(name).group(2).strip() + '\n';
  }

  private Matcher find(String name) throws IOException {
    Matcher matcher =
        Pattern.compile("(<!-- %s -->\n)(.*?)(<!-- end -->)".formatted(name), Pattern.DOTALL)
            .matcher(Files.readString(file));
    if (!matcher.find()) {
      throw new AssertionError(file + " has no block " + name);
    }
    return matcher;
  }

  /** Writes a line of a table, with a point in numbers, wherever it runs. */
  @SuppressWarnings("AnnotateFormatMethod") // Its annotation would be a dependency for one check.
  public static String row(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + '\n';
  }
}
