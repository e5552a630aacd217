package io.kubeserve.metrics;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.kubeserve.metrics.internal.contract.MetricFamily;
import io.kubeserve.metrics.internal.contract.PredictionFamilies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@AnalyzeClasses(
    packages = "io.kubeserve.metrics",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String INTERNAL = "io.kubeserve.metrics.internal..";
  private static final String CONTRACT = "io.kubeserve.metrics.contract..";

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.kubeserve.(metrics..)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule internal_knowsOnlyTheContract =
      noClasses()
          .that()
          .resideInAPackage(INTERNAL)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.kubeserve.metrics");

  @ArchTest
  static final ArchRule contract_knowsNobody =
      noClasses()
          .that()
          .resideInAPackage(CONTRACT)
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(CONTRACT, "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule publicSignatures_mentionNothingInternal =
      methods()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .resideInAPackage("io.kubeserve.metrics")
          .and()
          .areDeclaredInClassesThat()
          .arePublic()
          .should()
          .notHaveRawReturnType(internal())
          .andShould()
          .notHaveRawParameterTypes(
              DescribedPredicate.anyElementThat(internal())
                  .as("any type of %s", INTERNAL)
                  .forSubtype());

  private static DescribedPredicate<JavaClass> internal() {
    return JavaClass.Predicates.resideInAPackage(INTERNAL);
  }

  @Test
  void metricNames_areSpelledInTheContractOnly() throws IOException {
    Path sources = Path.of("src/main/java/io/kubeserve/metrics");
    try (Stream<Path> files = Files.walk(sources)) {
      List<String> spelled =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.startsWith(sources.resolve("internal/contract")))
              .flatMap(file -> literals(file).map(line -> file.getFileName() + ": " + line))
              .toList();

      assertThat(spelled).isEmpty();
    }
  }

  /** What a name has in common in PromQL and in client_java's registry. */
  private static String stem(MetricFamily family) {
    return family.metricName().replaceFirst("_total$", "");
  }

  private static Stream<String> literals(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(
              line ->
                  PredictionFamilies.ALL.stream()
                      .anyMatch(family -> line.contains('"' + stem(family))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
