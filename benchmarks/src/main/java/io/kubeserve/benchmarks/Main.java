package io.kubeserve.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs every benchmark, one after the other on the same machine, and writes {@code results.json}
 * and {@code footprint-2.csv} and {@code -16.csv}, for so many processors, into a folder; {@code
 * benchmarks/report.py} makes the table of them.
 *
 * <p>Usage: {@code java -jar benchmarks.jar [FOLDER]}; by default the working directory. Single
 * benchmarks run with JMH's own {@code org.openjdk.jmh.Main}.
 */
public final class Main {
  private static final int FORKS = 2;
  private static final int WARM_UPS = 3;
  private static final int ITERATIONS = 4;
  private static final int FIRST_WITH_VIRTUAL_THREADS = 21;
  private static final int MODELS = 50;
  private static final int PREDICTIONS = 1_000_000;

  private Main() {}

  /**
   * Runs the benchmarks.
   *
   * @param args the folder for the results, or nothing
   * @throws RunnerException if a benchmark fails
   * @throws IOException if the results cannot be written
   * @throws InterruptedException if interrupted
   */
  public static void main(String[] args) throws RunnerException, IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of(args.length > 0 ? args[0] : "."));
    List<RunResult> results = new ArrayList<>();
    for (int threads : new int[] {1, 2, 8}) {
      results.addAll(run(RecordBenchmark.class, threads));
    }
    for (int threads : new int[] {1, 2}) {
      results.addAll(run(FilterBenchmark.class, threads));
    }
    results.addAll(run(TimeBenchmark.class, 1));
    results.addAll(run(FeatureBenchmark.class, 1));
    results.addAll(run(UnderScrapeBenchmark.class, 2));
    results.addAll(run(ViewersBenchmark.class, 1));
    results.addAll(run(ScrapeBenchmark.class, 1));
    results.addAll(run(ScrapeFeatureBenchmark.class, 1));
    if (Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS) {
      results.addAll(run(ThreadKindsBenchmark.class, 1));
    }
    ResultFormatFactory.getInstance(
            ResultFormatType.JSON, folder.resolve("results.json").toString())
        .writeOut(results);
    for (int processors : new int[] {2, 16}) {
      Files.writeString(
          folder.resolve("footprint-%d.csv".formatted(processors)),
          Footprint.measure(processors, MODELS, PREDICTIONS).entrySet().stream()
              .map(entry -> "\"%s\",%d%n".formatted(entry.getKey(), entry.getValue()))
              .collect(Collectors.joining()));
    }
  }

  private static Collection<RunResult> run(Class<?> benchmark, int threads) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + benchmark.getName() + "\\.")
            .forks(FORKS)
            .warmupIterations(WARM_UPS)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(ITERATIONS)
            .measurementTime(TimeValue.seconds(1))
            .threads(threads)
            .addProfiler(GCProfiler.class);
    return new Runner(options.build()).run();
  }
}
