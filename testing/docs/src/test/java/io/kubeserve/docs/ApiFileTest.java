package io.kubeserve.docs;

import static com.tngtech.archunit.core.domain.JavaModifier.PROTECTED;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static java.util.stream.Collectors.joining;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.kubeserve.testing.GeneratedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The public API is what {@code docs/api} says, so that a change of it is seen where it is
 * reviewed. CHANGELOG.md says what such a change means.
 */
class ApiFileTest {
  private static final Set<JavaModifier> SHOWN =
      Set.of(JavaModifier.STATIC, JavaModifier.ABSTRACT, JavaModifier.FINAL, PROTECTED);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kubeserve-metrics-core",
        "kubeserve-metrics-servlet",
        "kubeserve-metrics-live",
        "kubeserve-metrics-spring",
        "kubeserve-metrics-kotlin"
      })
  void publicApi_isTheOneCommitted(String module) throws IOException {
    String api = api(Page.PROJECT.resolve(module).resolve("target/classes"));
    Path file = Page.PROJECT.resolve("docs/api").resolve(module + ".txt");
    GeneratedFile.check(file, api);
  }

  private static String api(Path classes) {
    return new ClassFileImporter()
        .importPath(classes).stream()
            .filter(type -> isSeen(type) && !type.getPackageName().contains(".internal"))
            .filter(type -> !isMadeByACompiler(type))
            .map(ApiFileTest::type)
            .sorted()
            .collect(joining("\n"));
  }

  /** Kotlin's compiler makes classes of the lambdas in inline functions public. */
  private static boolean isMadeByACompiler(JavaClass type) {
    return type.getName().matches(".*\\$\\d+");
  }

  private static boolean isSeen(JavaClass type) {
    boolean here = type.getModifiers().contains(PUBLIC) || type.getModifiers().contains(PROTECTED);
    return here && type.getEnclosingClass().map(ApiFileTest::isSeen).orElse(true);
  }

  private static String type(JavaClass type) {
    List<String> lines = new ArrayList<>();
    type.getFields().stream()
        .filter(ApiFileTest::isPublic)
        .map(ApiFileTest::field)
        .forEach(lines::add);
    Stream.concat(type.getConstructors().stream(), type.getMethods().stream())
        .filter(ApiFileTest::isPublic)
        .map(ApiFileTest::codeUnit)
        .forEach(lines::add);
    return lines.stream()
        .sorted()
        .distinct()
        .map(line -> "  " + line + '\n')
        .collect(joining("", header(type) + '\n', ""));
  }

  private static String header(JavaClass type) {
    String kind =
        type.isAnnotation()
            ? "@interface"
            : type.isInterface()
                ? "interface"
                : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    String supertypes =
        Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
            .map(JavaClass::getName)
            .filter(name -> !name.equals("java.lang.Object"))
            .sorted()
            .collect(joining(", "));
    return extent(type)
        + kind
        + ' '
        + type.getName()
        + (supertypes.isEmpty() ? "" : ": " + supertypes);
  }

  /** Who may make a type of it: nobody, or the library alone. */
  private static String extent(JavaClass type) {
    if (type.isInterface() && type.reflect().isSealed()) {
      return "sealed ";
    }
    boolean isFinal = type.getModifiers().contains(JavaModifier.FINAL);
    return isFinal && !type.isEnum() && !type.isRecord() ? "final " : "";
  }

  private static boolean isPublic(JavaMember member) {
    return (member.getModifiers().contains(PUBLIC) || member.getModifiers().contains(PROTECTED))
        && !member.getModifiers().contains(JavaModifier.SYNTHETIC)
        && !member.getModifiers().contains(JavaModifier.BRIDGE);
  }

  private static String modifiers(JavaMember member) {
    return member.getModifiers().stream()
        .filter(SHOWN::contains)
        .map(modifier -> modifier.name().toLowerCase(Locale.ROOT) + ' ')
        .sorted()
        .collect(joining());
  }

  private static String field(JavaField field) {
    return modifiers(field) + field.getType().getName() + ' ' + field.getName();
  }

  private static String codeUnit(JavaCodeUnit unit) {
    String thrown =
        unit.getThrowsClause().getTypes().stream()
            .map(JavaClass::getName)
            .sorted()
            .collect(joining(", "));
    return modifiers(unit)
        + unit.getReturnType().getName()
        + ' '
        + unit.getName()
        + names(unit.getParameterTypes())
        + (thrown.isEmpty() ? "" : " throws " + thrown);
  }

  private static String names(Collection<? extends JavaType> types) {
    return types.stream().map(JavaType::getName).collect(joining(", ", "(", ")"));
  }
}
