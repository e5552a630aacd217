package io.kubeserve.grafana;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A selector of series in PromQL: the metric, and what its labels are held against.
 *
 * @param metric the name
 * @param matchers label, then operator and value as written, without quotes
 */
record Selector(String metric, Map<String, String> matchers) {
  private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
  private static final Pattern LABEL_LIST =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern SERIES =
      Pattern.compile("(?<![\\w:$\"])([a-zA-Z_:][\\w:]*)\\s*(\\{([^{}]*)\\}|\\(|(?![\\w:]))");
  private static final Pattern MATCHER =
      Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern LABEL = Pattern.compile("\\w+");
  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool", "inf");

  /** Finds the selectors of an expression. */
  static List<Selector> in(String expression) {
    List<Selector> selectors = new ArrayList<>();
    String text = RANGE.matcher(expression).replaceAll("");
    text = LABEL_LIST.matcher(text).replaceAll(" ");
    Matcher series = SERIES.matcher(text);
    while (series.find()) {
      boolean isFunction = series.group(2).equals("(");
      if (!isFunction && !WORDS.contains(series.group(1)) && !isQuoted(text, series.start())) {
        selectors.add(new Selector(series.group(1), matchers(series.group(3))));
      }
    }
    return selectors;
  }

  private static boolean isQuoted(String text, int position) {
    Matcher string = STRING.matcher(text);
    while (string.find()) {
      if (string.start() < position && position < string.end()) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, String> matchers(@Nullable String text) {
    Map<String, String> matchers = new LinkedHashMap<>();
    if (text != null) {
      Matcher matcher = MATCHER.matcher(text);
      while (matcher.find()) {
        matchers.put(matcher.group(1), matcher.group(2) + matcher.group(3));
      }
    }
    return matchers;
  }

  /** Finds the labels that an expression groups or joins by. */
  static Set<String> groupingIn(String expression) {
    Set<String> labels = new TreeSet<>();
    Matcher list = LABEL_LIST.matcher(expression);
    while (list.find()) {
      Matcher label = LABEL.matcher(list.group(2));
      while (label.find()) {
        labels.add(label.group());
      }
    }
    return labels;
  }

  /** As it stands in PromQL. */
  String promql() {
    List<String> parts = new ArrayList<>();
    matchers.forEach((label, value) -> parts.add(label + quoted(value)));
    return metric + "{" + String.join(",", parts) + "}";
  }

  private static String quoted(String value) {
    int operator = value.startsWith("=~") || value.startsWith("!") ? 2 : 1;
    return value.substring(0, operator) + '"' + value.substring(operator) + '"';
  }
}
