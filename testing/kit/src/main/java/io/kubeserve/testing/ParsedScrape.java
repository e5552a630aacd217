package io.kubeserve.testing;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A scrape in the text format, family by family, in no order.
 *
 * @param families by name
 */
public record ParsedScrape(Map<String, Family> families) {
  private static final Pattern SAMPLE = Pattern.compile("([\\w:]+)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  /** A family; the HELP text with every space. */
  public record Family(String type, String help, Map<Sample, Double> samples) {}

  /** A series. */
  public record Sample(String name, Map<String, String> labels) {}

  /** Parses a scrape. */
  public static ParsedScrape parse(String text) {
    Map<String, String> helps = new HashMap<>();
    Map<String, Family> families = new TreeMap<>();
    Family current = null;
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP ")) {
        helps.put(words[2], words[3]);
      } else if (line.startsWith("# TYPE ")) {
        current = new Family(words[3], helps.getOrDefault(words[2], ""), new HashMap<>());
        families.put(words[2], current);
      } else if (current != null) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
          throw new AssertionError("no sample: " + line);
        }
        current
            .samples()
            .put(
                new Sample(sample.group(1), labels(sample.group(2))),
                Double.valueOf(sample.group(3)));
      }
    }
    return new ParsedScrape(families);
  }

  private static Map<String, String> labels(@Nullable String text) {
    Map<String, String> labels = new TreeMap<>();
    if (text != null) {
      LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
    }
    return labels;
  }

  /** Returns the families whose names begin with something. */
  public ParsedScrape only(String prefix) {
    return new ParsedScrape(
        families.entrySet().stream()
            .filter(family -> family.getKey().startsWith(prefix))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** Sets the value of some samples to 0, where it is not comparable. */
  public void blank(Predicate<Sample> samples) {
    families
        .values()
        .forEach(
            family ->
                family.samples().replaceAll((sample, value) -> samples.test(sample) ? 0.0 : value));
  }
}
