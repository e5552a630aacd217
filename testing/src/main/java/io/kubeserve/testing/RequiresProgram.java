package io.kubeserve.testing;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A test of a program that may not be installed: it is skipped then, unless {@code
 * KUBESERVE_REQUIRE_REAL=true} makes the absence a failure.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresProgram.Condition.class)
public @interface RequiresProgram {
  /** The names of the programs, as on the PATH. */
  String[] value();

  /** Looks for the programs. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String[] programs =
          AnnotationSupport.findAnnotation(context.getElement(), RequiresProgram.class)
              .map(RequiresProgram::value)
              .orElse(new String[0]);
      for (String program : programs) {
        if (!isOnPath(program)) {
          return missing(program);
        }
      }
      return ConditionEvaluationResult.enabled("every program is installed");
    }

    private static ConditionEvaluationResult missing(String program) {
      if (Boolean.parseBoolean(System.getenv("KUBESERVE_REQUIRE_REAL"))) {
        throw new IllegalStateException(
            program + " is not on the PATH, and KUBESERVE_REQUIRE_REAL asks for it");
      }
      return ConditionEvaluationResult.disabled(program + " is not on the PATH");
    }

    private static boolean isOnPath(String program) {
      return Stream.of(System.getenv("PATH").split(File.pathSeparator))
          .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
  }
}
