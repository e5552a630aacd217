package io.kubeserve.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a model keeps, on a machine of any size. The limits are what the number of stripes allows
 * whatever threads do, so no load of the machine can exceed them.
 */
class FootprintTest {
  private static final int MODELS = 4;
  private static final int PREDICTIONS = 200_000;

  private static final Map<String, Long> LIMITS_BYTES =
      Map.of(
          "ours, idle", 1_000L,
          "ours, one thread", 4_000L,
          "ours, 64 threads", 36_000L,
          "ours, 64 threads, four stages and two reasons", 85_000L,
          "ours, 100,000 virtual threads", 36_000L);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16})
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void measure_oursOnSoManyProcessors_isWithinTheLimits(int processors) throws Exception {
    Map<String, Long> bytes = Footprint.measure(processors, MODELS, PREDICTIONS);

    assertThat(bytes)
        .containsKeys(
            "ours, idle",
            "ours, one thread",
            "ours, 64 threads",
            "ours, 64 threads, four stages and two reasons");
    bytes.keySet().retainAll(LIMITS_BYTES.keySet());
    assertThat(bytes)
        .allSatisfy((name, size) -> assertThat(size).as(name).isLessThan(LIMITS_BYTES.get(name)));
    assertThat(bytes.get("ours, idle")).isLessThan(bytes.get("ours, one thread"));
  }
}
