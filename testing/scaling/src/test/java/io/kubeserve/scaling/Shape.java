package io.kubeserve.scaling;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a pod serves and shows.
 *
 * @param models how many, each with its labels; with none there is one without labels
 * @param features what it tells of them
 * @param routes how many, each of which is asked by POST and answers 2xx
 * @param withJvm whether it shows client_java's metrics of the JVM and the process
 * @param nativeHistogram whether the latency is a native histogram too
 */
record Shape(
    int models, Set<Feature> features, int routes, boolean withJvm, boolean nativeHistogram) {

  /** One model that tells nothing of its inside, and no HTTP. */
  static final Shape BARE = new Shape(1, EnumSet.noneOf(Feature.class), 0, false, false);

  /** What the example of Jetty shows: errors, stages, batches and loads, three routes, the JVM. */
  static final Shape EXAMPLE =
      new Shape(
          1,
          EnumSet.of(Feature.ERRORS, Feature.STAGES, Feature.BATCHES, Feature.LOADS),
          3,
          true,
          false);

  Shape withModels(int number) {
    return new Shape(number, features, routes, withJvm, nativeHistogram);
  }

  Shape with(Feature feature) {
    EnumSet<Feature> more = EnumSet.of(feature);
    more.addAll(features);
    return new Shape(models, more, routes, withJvm, nativeHistogram);
  }

  Shape withRoutes(int number) {
    return new Shape(models, features, number, withJvm, nativeHistogram);
  }

  Shape withNativeHistogram() {
    return new Shape(models, features, routes, withJvm, true);
  }
}
