package io.kubeserve.metrics.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The fields that several threads write. */
final class Fields {
  private Fields() {}

  /**
   * Finds a field of the class that looks it up.
   *
   * @param lookup that of the class
   * @param name the field's name
   * @param type the field's type
   * @return how to write it
   */
  static VarHandle find(MethodHandles.Lookup lookup, String name, Class<?> type) {
    try {
      return lookup.findVarHandle(lookup.lookupClass(), name, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
