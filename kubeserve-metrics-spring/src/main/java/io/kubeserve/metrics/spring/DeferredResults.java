package io.kubeserve.metrics.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpEntity;
import org.springframework.util.ClassUtils;

/**
 * Types of results that are not there yet when a method returns them, and which of those can be
 * timed.
 */
final class DeferredResults {
  private static final ClassLoader LOADER = DeferredResults.class.getClassLoader();
  private static final String ASYNC = "org.springframework.web.context.request.async.";
  private static final String MVC = "org.springframework.web.servlet.mvc.method.annotation.";
  private static final String CONTINUATION = "kotlin.coroutines.Continuation";

  private static final boolean REACTOR =
      ClassUtils.isPresent("reactor.core.publisher.Flux", LOADER);

  private static final boolean HTTP =
      ClassUtils.isPresent("org.springframework.http.HttpEntity", LOADER);

  /** With it, Spring makes a Mono of a suspend function before an interceptor sees it. */
  private static final boolean COROUTINES =
      REACTOR && ClassUtils.isPresent("kotlinx.coroutines.reactor.MonoKt", LOADER);

  /** What begins with a subscription, and is timed by adapters of Spring's that need Reactor. */
  private static final List<String> ADAPTED =
      List.of(
          "org.reactivestreams.Publisher",
          "io.reactivex.rxjava3.core.Single",
          "io.reactivex.rxjava3.core.Maybe",
          "io.reactivex.rxjava3.core.Completable",
          "io.reactivex.rxjava3.core.Observable",
          "io.smallrye.mutiny.Uni");

  /** Made when somebody asks for it, on whatever thread, or written by somebody else. */
  private static final List<Class<?>> NEVER_TIMED =
      Stream.of(
              Stream.of(Callable.class, Supplier.class, BaseStream.class, Iterator.class),
              present(
                  ASYNC + "DeferredResult",
                  ASYNC + "WebAsyncTask",
                  MVC + "ResponseBodyEmitter",
                  MVC + "StreamingResponseBody",
                  "kotlin.sequences.Sequence",
                  "kotlinx.coroutines.Job"),
              REACTOR ? Stream.<Class<?>>of() : present(ADAPTED.toArray(String[]::new)),
              COROUTINES ? Stream.<Class<?>>of() : present("kotlinx.coroutines.flow.Flow"))
          .<Class<?>>flatMap(types -> types)
          .toList();

  private DeferredResults() {}

  private static Stream<Class<?>> present(String... names) {
    return Stream.of(names)
        .filter(name -> ClassUtils.isPresent(name, LOADER))
        .map(name -> ClassUtils.resolveClassName(name, LOADER));
  }

  static boolean hasReactor() {
    return REACTOR;
  }

  /** Says whether results of a type cannot be timed, a {@link Future} left out. */
  static boolean isNeverTimed(Class<?> type) {
    return NEVER_TIMED.stream().anyMatch(never -> never.isAssignableFrom(type));
  }

  /** Says whether a method that returns {@code null} for this type has not made its prediction. */
  static boolean isDeferred(Class<?> type) {
    return Future.class.isAssignableFrom(type)
        || CompletionStage.class.isAssignableFrom(type)
        || isPublisher(type)
        || isNeverTimed(type);
  }

  /** Says whether a result holds one that is not there yet. */
  static boolean hasDeferredInside(Object result) {
    Object inside = null;
    if (result instanceof Optional<?> optional) {
      inside = optional.orElse(null);
    } else if (HTTP) {
      inside = HttpBody.of(result);
    }
    return inside != null && isDeferred(inside.getClass());
  }

  /** Loaded only with Spring Web. */
  private static final class HttpBody {
    static @Nullable Object of(Object result) {
      return result instanceof HttpEntity<?> entity ? entity.getBody() : null;
    }
  }

  private static boolean isPublisher(Class<?> type) {
    return Flow.Publisher.class.isAssignableFrom(type)
        || (REACTOR && ReactiveTiming.isPublisher(type));
  }

  static boolean isSuspending(Method method) {
    Class<?>[] parameters = method.getParameterTypes();
    return parameters.length > 0
        && parameters[parameters.length - 1].getName().equals(CONTINUATION);
  }

  /**
   * Says why a method cannot be timed, and what to change.
   *
   * @return the end of a sentence; {@code null} if it can
   */
  static @Nullable String refusal(Method method, Class<?> targetClass) {
    if (isSuspending(method)) {
      return COROUTINES && KotlinDetector.isSuspendingFunction(method)
          ? null
          : "is a suspend function: add kotlinx-coroutines-reactor, with which Spring calls them.";
    }
    ResolvableType returned = ResolvableType.forMethodReturnType(method, targetClass);
    Class<?> type = returned.resolve(Object.class);
    if (Future.class.isAssignableFrom(type)
        && !CompletionStage.class.isAssignableFrom(type)
        && !type.isAssignableFrom(CompletableFuture.class)) {
      return "returns %s, a Future that does not say when it completes: return a CompletableFuture."
          .formatted(type.getName());
    }
    if (isNeverTimed(type) || (isPublisher(type) && !canBeHandedOut(type))) {
      return "returns %s, whose end is not known: return the result, a CompletableFuture, or with Reactor a Mono or a Flux, or inject a PredictionRecorder."
          .formatted(type.getName());
    }
    ResolvableType inner = inner(returned, new HashSet<>());
    return inner == null
        ? null
        : "returns %s, which has %s inside, whose end is not known: return that, or inject a PredictionRecorder."
            .formatted(returned, inner);
  }

  private static boolean canBeHandedOut(Class<?> type) {
    return type.isAssignableFrom(Flow.Publisher.class)
        || (REACTOR && ReactiveTiming.canBeHandedOut(type));
  }

  /** A result that comes later than the one it is in, such as the body of a ResponseEntity. */
  private static @Nullable ResolvableType inner(ResolvableType type, Set<Type> seen) {
    if (!seen.add(type.getType())) {
      return null; // as in T extends Comparable<T>
    }
    for (ResolvableType generic : type.getGenerics()) {
      if (isDeferred(generic.resolve(Object.class))) {
        return generic;
      }
      ResolvableType deeper = inner(generic, seen);
      if (deeper != null) {
        return deeper;
      }
    }
    return null;
  }
}
