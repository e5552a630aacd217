package io.kubeserve.interleavings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * Every scenario of this module, each in a JVM of its own. Which outcomes were met how often is in
 * target/jcstress/results/index.html.
 */
class InterleavingsTest {
  private static final int ACTORS = 2;
  private static final int FIRST_WITHOUT_BIASED_LOCKING = 18;

  /** One JVM for each scenario, as a server has it, not one for each mode of the compiler. */
  private static final String OPTIONS =
      "-t io.kubeserve.interleavings -c 2 -f 1 -sc false -jvmArgs -XX:+UseParallelGC -hs 128 -pth false"
          + " -strideSize 8 -strideCount 4 -iters 1 -time ";

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void scenarios_eachRunThousandsOfTimes_haveOnlyAllowedOutcomes() throws Exception {
    assumeTrue(
        Runtime.getRuntime().availableProcessors() >= ACTORS,
        "jcstress needs a processor for each of two threads");
    Options options = new Options((OPTIONS + millis()).split(" "));
    assertThat(options.parse()).as("jcstress takes the options").isTrue();
    JCStress jcstress = new JCStress(options);

    jcstress.run();

    assertThat(scenariosIn(options.getResultFile())).isEqualTo(jcstress.getTests()).isNotEmpty();
  }

  /**
   * jcstress runs each scenario twice where there is biased locking: each time for half as long.
   */
  private static int millis() {
    int millis = Integer.getInteger("interleavings.millis");
    return Runtime.version().feature() < FIRST_WITHOUT_BIASED_LOCKING ? millis / 2 : millis;
  }

  /** A scenario that jcstress leaves out is none of its failures. */
  private static Set<String> scenariosIn(String resultFile) throws Exception {
    InProcessCollector results = new InProcessCollector();
    DiskReadCollector file = new DiskReadCollector(resultFile, results);
    file.dump();
    file.close();
    Set<String> scenarios = new TreeSet<>();
    for (TestResult result : results.getTestResults()) {
      assertThat(result.getTotalCount()).as(result.getName()).isPositive();
      scenarios.add(result.getName());
    }
    return scenarios;
  }
}
