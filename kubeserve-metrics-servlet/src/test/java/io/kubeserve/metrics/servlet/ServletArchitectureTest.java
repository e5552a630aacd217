package io.kubeserve.metrics.servlet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = {"io.kubeserve.metrics.http", "io.kubeserve.metrics.servlet"},
    importOptions = ImportOption.DoNotIncludeTests.class)
class ServletArchitectureTest {
  /** A reactive server has no servlets, and records all the same. */
  @ArchTest
  static final ArchRule http_knowsNoServlets =
      noClasses()
          .that()
          .resideInAPackage("io.kubeserve.metrics.http")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.servlet..", "io.kubeserve.metrics.servlet");
}
