package io.kubeserve.metrics.servlet;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The init parameters of a {@code web.xml}, each of which must be known and make sense. */
final class InitParameters {
  private final Set<String> unread;
  private final Set<String> known = new TreeSet<>();
  private final Function<String, @Nullable String> values;

  private InitParameters(Enumeration<String> names, Function<String, @Nullable String> values) {
    this.unread = new TreeSet<>(Collections.list(names));
    this.values = values;
  }

  static InitParameters of(FilterConfig config) {
    return new InitParameters(config.getInitParameterNames(), config::getInitParameter);
  }

  static InitParameters of(ServletConfig config) {
    return new InitParameters(config.getInitParameterNames(), config::getInitParameter);
  }

  /** Hands on a parameter, if it is there, to an option that may refuse it. */
  void text(String name, Consumer<String> option) throws ServletException {
    known.add(name);
    unread.remove(name);
    String value = values.apply(name);
    if (value == null) {
      return;
    }
    try {
      option.accept(value.strip());
    } catch (IllegalArgumentException e) {
      throw new ServletException("Init parameter %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  void number(String name, IntConsumer option) throws ServletException {
    text(name, value -> option.accept(toInt(value)));
  }

  void flag(String name, Consumer<Boolean> option) throws ServletException {
    text(name, value -> option.accept(toBoolean(value)));
  }

  private static int toInt(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"%s\" is no whole number.".formatted(value), e);
    }
  }

  private static boolean toBoolean(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException("\"%s\" is neither true nor false.".formatted(value));
    };
  }

  /** Refuses parameters that nobody asked for: they are misspelt. */
  void refuseOthers() throws ServletException {
    if (!unread.isEmpty()) {
      throw new ServletException(
          "There is no init parameter %s: those there are are %s."
              .formatted(String.join(", ", unread), String.join(", ", known)));
    }
  }
}
