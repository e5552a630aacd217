package io.kubeserve.examples.jetty;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * SIGTERM and Ctrl-C, taken before the JVM begins to shut down. ONNX Runtime frees its environment
 * in a shutdown hook of its own, and hooks run concurrently: a prediction or a load that is made
 * after that takes the process down.
 *
 * @see <a href="https://github.com/microsoft/onnxruntime/issues/31352">ONNX Runtime's issue</a>
 */
final class Termination implements AutoCloseable {
  private static final int EXIT_OF_SIGNALS = 128;
  private static final List<String> SIGNALS = List.of("TERM", "INT");

  private final BooleanSupplier stop;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final List<Previous> previous = new ArrayList<>();

  private Termination(BooleanSupplier stop) {
    this.stop = stop;
  }

  /** A signal, and what handled it before. */
  private record Previous(Object signal, Object handler) {}

  /**
   * Takes the signals.
   *
   * @param stop what ends all that is under way, on the first of them; false if something goes on
   * @return what gives them back
   */
  static Termination onSignal(BooleanSupplier stop) throws ReflectiveOperationException {
    Termination termination = new Termination(stop);
    for (String signal : SIGNALS) {
      termination.take(signal);
    }
    return termination;
  }

  /** By reflection, since the compiler warns of these classes, which every JDK has. */
  private void take(String name) throws ReflectiveOperationException {
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Object handler =
        Proxy.newProxyInstance(
            handlerType.getClassLoader(), new Class<?>[] {handlerType}, this::onCall);
    Object signal = Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
    previous.add(new Previous(signal, handle(signal, handler)));
  }

  private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
    Method handle =
        signal
            .getClass()
            .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"));
    return handle.invoke(null, signal, handler);
  }

  private Object onCall(Object proxy, Method method, Object... arguments)
      throws ReflectiveOperationException {
    if (!method.getName().equals("handle")) {
      return method.getName().equals("equals") ? proxy == arguments[0] : hashCode();
    }
    Object signal = arguments[0];
    int status = EXIT_OF_SIGNALS + (int) signal.getClass().getMethod("getNumber").invoke(signal);
    // No daemon: else the JVM ends by itself, with status 0, once the server's threads have.
    Thread thread = new Thread(() -> end(status), "shutdown");
    thread.setDaemon(false);
    thread.start();
    return proxy; // of a method that returns nothing
  }

  private void end(int status) {
    if (begun.getAndSet(true)) {
      return; // told twice
    }
    if (stop.getAsBoolean()) {
      System.exit(status);
    }
    // Without the hooks, ONNX Runtime's among them: something still uses it.
    Runtime.getRuntime().halt(status);
  }

  @Override
  public void close() throws ReflectiveOperationException {
    for (Previous each : previous) {
      handle(each.signal(), each.handler());
    }
  }
}
