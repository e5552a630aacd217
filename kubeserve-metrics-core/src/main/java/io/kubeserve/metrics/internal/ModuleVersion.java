package io.kubeserve.metrics.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The versions of this library's modules. They share what is internal, which may change any day; so
 * two of different versions must not meet.
 */
public final class ModuleVersion {
  private static final String CORE = "kubeserve-metrics-core";

  private ModuleVersion() {}

  /**
   * Fails if a module has another version than the core that was found. A class path without the
   * files by which Maven names versions, such as that of an IDE, passes.
   *
   * @param user a class of the module
   * @param module its artifact id
   * @throws IllegalStateException if the versions differ
   */
  public static void requireThatOfCore(Class<?> user, String module) {
    requireSame(module, of(user, module), of(ModuleVersion.class, CORE));
  }

  static void requireSame(String module, @Nullable String version, @Nullable String coreVersion) {
    if (version != null && coreVersion != null && !version.equals(coreVersion)) {
      throw new IllegalStateException(
          "%s %s does not work with %s %s: give both one version, as kubeserve-metrics-bom does."
              .formatted(module, version, CORE, coreVersion));
    }
  }

  static @Nullable String of(Class<?> inModule, String module) {
    String file = "/META-INF/maven/io.kubeserve/%s/pom.properties".formatted(module);
    try (InputStream in = inModule.getResourceAsStream(file)) {
      if (in == null) {
        return null;
      }
      Properties pom = new Properties();
      pom.load(in);
      return pom.getProperty("version");
    } catch (IOException | IllegalArgumentException unreadable) {
      return null;
    }
  }
}
