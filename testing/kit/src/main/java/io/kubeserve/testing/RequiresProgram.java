package io.kubeserve.testing;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A test of programs that may not be installed: it is skipped where one is absent, and {@link
 * SkippedTests} says so at the end of the build, unless {@code KUBESERVE_REQUIRE_REAL=true} makes
 * the absence a failure. What stands on a class holds for its subclasses and its nested classes.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RequiresProgram.Condition.class)
public @interface RequiresProgram {
  /** The names of the programs, as on the PATH. */
  String[] value();

  /** Looks for the programs. */
  final class Condition implements ExecutionCondition {
    /** A configuration parameter of JUnit that replaces the PATH. */
    static final String PATH = "kubeserve.path";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String path = context.getConfigurationParameter(PATH).orElseGet(() -> System.getenv("PATH"));
      List<String> missing =
          context.getElement().stream()
              .flatMap(Condition::programs)
              .distinct()
              .filter(program -> !isOn(path, program))
              .toList();
      return SkippedTests.judge(context, missing);
    }

    /** Those of a method, or of a class and all that it extends and implements. */
    private static Stream<String> programs(AnnotatedElement element) {
      List<AnnotatedElement> elements = new ArrayList<>(List.of(element));
      if (element instanceof Class<?> type) {
        addSupertypes(type, elements);
      }
      return elements.stream()
          .flatMap(each -> AnnotationSupport.findAnnotation(each, RequiresProgram.class).stream())
          .flatMap(required -> Stream.of(required.value()));
    }

    private static void addSupertypes(@Nullable Class<?> type, List<AnnotatedElement> elements) {
      if (type != null) {
        elements.add(type);
        addSupertypes(type.getSuperclass(), elements);
        for (Class<?> implemented : type.getInterfaces()) {
          addSupertypes(implemented, elements);
        }
      }
    }

    private static boolean isOn(String path, String program) {
      return Stream.of(path.split(File.pathSeparator))
          .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
  }
}
