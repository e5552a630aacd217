package io.kubeserve.testing;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A run of JUnit within a test, and what came of it. */
final class Trial implements TestExecutionListener {
  final List<String> skipped = new ArrayList<>();
  final List<String> succeeded = new ArrayList<>();
  final List<String> failures = new ArrayList<>();

  private Trial() {}

  static Trial of(Class<?> test, Map<String, String> parameters) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(test))
            .configurationParameters(parameters)
            .build();
    Trial trial = new Trial();
    LauncherFactory.create().execute(request, trial);
    return trial;
  }

  /** Of a machine whose PATH is this folder. */
  static Trial of(Class<?> test, Path path, boolean required, Path kept) {
    return of(
        test,
        Map.of(
            RequiresProgram.Condition.PATH,
            path.toString(),
            SkippedTests.REQUIRED,
            Boolean.toString(required),
            SkippedTests.KEPT_IN,
            kept.toString()));
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    skipped.add(test.getDisplayName() + ": " + reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    result.getThrowable().ifPresent(failure -> failures.add(failure.toString()));
    if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
      succeeded.add(test.getDisplayName());
    }
  }
}
