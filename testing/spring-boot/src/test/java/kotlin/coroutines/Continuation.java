package kotlin.coroutines;

/**
 * What the last parameter of a suspend function is once Kotlin has compiled it. By name alone,
 * since no test needs the rest.
 *
 * @param <T> the type of the result
 */
public interface Continuation<T> {
  /** Takes the result. */
  void resumeWith(Object result);
}
