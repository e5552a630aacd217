package io.kubeserve.testing;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Stops what a class of tests has started and not stopped, and fails the class. It is registered
 * for every class of a module that has these tools.
 */
public final class LeftProcesses implements BeforeAllCallback, AfterAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LeftProcesses.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    context.getStore(NAMESPACE).put(context.getUniqueId(), ChildProcess.running());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Set<ChildProcess> left = new HashSet<>(ChildProcess.running());
    Set<?> before = context.getStore(NAMESPACE).remove(context.getUniqueId(), Set.class);
    if (before != null) {
      left.removeAll(before);
    }
    left.removeIf(child -> !child.process().isAlive());
    left.forEach(ChildProcess::close);
    if (!left.isEmpty()) {
      throw new AssertionError(
          "%s left %s running: close what a test starts, also when its set-up fails"
              .formatted(context.getDisplayName(), left));
    }
  }
}
