package io.kubeserve.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pages point at is there: files, headings, modules, scripts and their options, tests. An
 * address outside the project is read, and not asked for: a build needs no web site.
 */
class PagesTest {
  private static final Pattern TEST_CLASS = Pattern.compile("(?<!\\*)\\b[A-Z]\\w+(?:Test|IT)\\b");
  private static final Pattern REGION =
      Pattern.compile("// @start region=\"[^\"]+\"\n(.*?)\n *// @end", Pattern.DOTALL);
  private static final Pattern MODULES = Pattern.compile("-pl (\\S+)");
  private static final Pattern CHART_VALUE =
      Pattern.compile(
          "(?:monitoring|autoscaling|keda|networkPolicy|podDisruptionBudget|image|ports|ingress)"
              + "(?:\\.[a-zA-Z]+)+");
  private static final Pattern METHOD =
      Pattern.compile("(?<![.\\w])(recorder|metrics|stream|builder\\(\\))\\.([a-z]\\w*)\\((\\)?)");

  /** What pages call a type, and its simple name. */
  private static final Map<String, String> RECEIVERS =
      Map.of(
          "recorder", "PredictionRecorder",
          "metrics", "(Prediction|Http)Metrics",
          "stream", "Prediction(Stream)?",
          "builder()", "\\w+Builder");

  /** A type with its members, in the API's text. */
  private static final Pattern TYPE =
      Pattern.compile("^\\S.*? (?:\\w+\\.)+(\\w+)(?::.*)?\n((?:  .*\n)*)", Pattern.MULTILINE);

  private static final Pattern SCRIPT =
      Pattern.compile("(?:^|[\\s`])((?:[\\w.-]+/)+[\\w.-]+\\.sh)");
  private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z][a-z-]+");
  private static final Pattern JAR =
      Pattern.compile("-jar (\\S+)/target/([a-z][a-z-]*[a-z])(?:-\\d\\S*)?\\.jar");

  private static final List<Page> PAGES = Page.all();
  private static final Set<String> SOURCES = sources();
  private static final Set<String> REGIONS = regions();
  private static final String API =
      Stream.of("core", "servlet", "live", "spring", "kotlin")
          .map(
              module -> text(Page.PROJECT.resolve("docs/api/kubeserve-metrics-" + module + ".txt")))
          .collect(Collectors.joining());

  private static Set<String> sources() {
    return ProjectFiles.endingWith(".java")
        .map(file -> file.getFileName().toString())
        .map(file -> file.substring(0, file.length() - ".java".length()))
        .collect(Collectors.toSet());
  }

  /** Those that say how things are; the other one says how they were, too. */
  static Stream<Page> pagesOfToday() {
    return PAGES.stream().filter(page -> !page.name().equals("CHANGELOG.md"));
  }

  /** The regions of code that tests and examples run; a page need not nest its classes. */
  private static Set<String> regions() {
    return Stream.of(".java", ".kt")
        .flatMap(ProjectFiles::endingWith)
        .map(PagesTest::text)
        .flatMap(source -> matches(REGION, source).stream())
        .map(region -> region.group(1).stripTrailing().stripIndent())
        .flatMap(code -> Stream.of(code, code.replaceAll("\\bstatic ((final )?class)", "$1")))
        .collect(Collectors.toSet());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  @Test
  void pages_areFound() {
    assertThat(PAGES).extracting(Page::name).contains("README.md", "docs/servlet.md");
  }

  @ParameterizedTest
  @FieldSource("PAGES")
  void links_leadSomewhere(Page page) {
    for (String link : page.links()) {
      URI uri = URI.create(link);
      if (uri.getScheme() != null) {
        assertThat(uri.getScheme()).as(link).isIn("https", "http");
        assertThat(uri.getHost()).as(link).isNotBlank();
        continue;
      }
      Path target = uri.getPath().isEmpty() ? page.file() : page.resolve(uri.getPath());
      assertThat(target).as("%s: %s", page, link).exists().startsWith(Page.PROJECT);
      if (uri.getFragment() != null) {
        assertThat(Page.read(target).anchors()).as(link).contains(uri.getFragment());
      }
    }
  }

  @ParameterizedTest
  @FieldSource("PAGES")
  void pathsSetAsCode_exist(Page page) {
    for (String code : page.codes()) {
      // A path is one that begins with a folder of the project, and what a build makes is not
      // there.
      String first = code.contains("/") ? code.substring(0, code.indexOf('/')) : "";
      if (code.matches("[\\w./-]+")
          && !first.isEmpty()
          && !first.startsWith(".")
          && Files.isDirectory(Page.PROJECT.resolve(first))
          && !code.contains("target")) {
        assertThat(Page.PROJECT.resolve(code)).as("%s: %s", page, code).exists();
      }
    }
  }

  /** A region is what stands between {@code @start} and {@code @end} in code that runs. */
  @ParameterizedTest
  @FieldSource("PAGES")
  void sources_areRegionsOfCodeThatRuns(Page page) {
    assertThat(REGIONS)
        .as("%s", page)
        .containsAll(page.sources().stream().map(String::strip).toList());
  }

  @ParameterizedTest
  @FieldSource("PAGES")
  void testsNamed_exist(Page page) {
    Stream.concat(page.codes().stream(), page.commands().stream())
        .flatMap(code -> found(TEST_CLASS, code).stream())
        .forEach(test -> assertThat(SOURCES).as("%s: %s", page, test).contains(test));
  }

  @ParameterizedTest
  @FieldSource("PAGES")
  void commands_nameModulesJarsAndScriptsThatExist(Page page) throws IOException {
    for (String command : Stream.concat(page.codes().stream(), page.commands().stream()).toList()) {
      for (MatchResult modules : matches(MODULES, command)) {
        for (String module : modules.group(1).split(",", -1)) {
          assertThat(Page.PROJECT.resolve(module).resolve("pom.xml"))
              .as("%s: %s", page, command)
              .exists();
        }
      }
      for (MatchResult jar : matches(JAR, command)) {
        assertThat(Files.readString(Page.PROJECT.resolve(jar.group(1)).resolve("pom.xml")))
            .as("%s: %s", page, command)
            .contains(">" + jar.group(2) + "<");
      }
      for (MatchResult script : matches(SCRIPT, command)) {
        assertThat(script(page, script.group(1))).as("%s: %s", page, command).isExecutable();
      }
    }
  }

  @ParameterizedTest
  @FieldSource("PAGES")
  void optionsOfScripts_areOnesThatTheyHave(Page page) throws IOException {
    for (String line :
        Stream.concat(page.codes().stream(), page.commands().stream())
            .flatMap(command -> command.replace("\\\n", " ").lines())
            .toList()) {
      for (MatchResult script : matches(SCRIPT, line)) {
        String source = Files.readString(script(page, script.group(1)));
        for (String option : found(OPTION, line)) {
          assertThat(source).as("%s: %s", page, line).contains(option);
        }
      }
    }
  }

  /** Those of a group; the chart's README has a row for each. */
  @ParameterizedTest
  @FieldSource("PAGES")
  void valuesOfTheChart_areOnesThatItHas(Page page) {
    String values = text(Page.PROJECT.resolve("charts/model-serving/README.md"));
    for (String code : page.codes()) {
      if (CHART_VALUE.matcher(code).matches()) {
        assertThat(values).as("%s: %s", page, code).containsPattern("\\| `\\Q" + code + "\\E[.`]");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pagesOfToday")
  void methods_areOnesOfTheApi(Page page) {
    for (String code : page.codes()) {
      for (MatchResult method : matches(METHOD, code)) {
        String arguments = method.group(3).isEmpty() ? "[^)]" : "\\)";
        assertThat(members(Objects.requireNonNull(RECEIVERS.get(method.group(1)))))
            .as("%s: %s", page, code)
            .containsPattern(" %s\\(%s".formatted(method.group(2), arguments));
      }
    }
  }

  private static String members(String simpleName) {
    return matches(TYPE, API).stream()
        .filter(type -> type.group(1).matches(simpleName))
        .map(type -> type.group(2))
        .collect(Collectors.joining());
  }

  private static Path script(Page page, String path) {
    Path fromProject = Page.PROJECT.resolve(path).normalize();
    return Files.exists(fromProject) ? fromProject : page.resolve(path);
  }
}
