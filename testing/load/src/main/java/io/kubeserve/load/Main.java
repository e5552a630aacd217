package io.kubeserve.load;

import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line: puts a server under load, and says by the exit code whether it held. */
@Command(
    name = "load",
    description = "Sends requests at a fixed rate to a server that you may put under load.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:the objective was met",
      "1:the objective was missed",
      "2:an option is wrong, or nothing was sent"
    })
final class Main implements Callable<Integer> {
  private static final int MISSED = 1;
  private static final double MAX_PER_SECOND = 1e6;
  private static final Duration MAX_DURATION = Duration.ofHours(24);

  // No default: what is put under load is named.
  @Parameters(paramLabel = "URL", description = "The server, such as http://127.0.0.1:8080.")
  private URI server = URI.create("");

  @Option(names = "--task", defaultValue = "single", description = "${COMPLETION-CANDIDATES}.")
  private Task task = Task.SINGLE;

  @Option(names = "--rate", defaultValue = "100", description = "Requests per second.")
  private double rate;

  @Option(names = "--duration", defaultValue = "PT30S", description = "As PT30S or PT10M.")
  private Duration duration = Duration.ZERO;

  @Option(names = "--max-requests", defaultValue = "10000000", description = "The most in all.")
  private long maxRequests;

  @Option(
      names = "--max-outstanding",
      defaultValue = "512",
      description = "The most without an answer; further ones wait, and that counts.")
  private int maxOutstanding;

  @Option(names = "--timeout", defaultValue = "PT10S", description = "How long an answer may take.")
  private Duration timeout = Duration.ZERO;

  @Option(
      names = "--max-failed",
      defaultValue = "0",
      description = "The objective: percentage of requests that may fail.")
  private double maxFailedPercent;

  @Option(
      names = "--max-p99",
      defaultValue = "PT0S",
      description = "The objective: longest 99th percentile; PT0S is any.")
  private Duration maxP99 = Duration.ZERO;

  @Option(names = "--hlog", description = "File for HdrHistogram's log, an interval a second.")
  private @Nullable Path hlog;

  @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one here

  private Main() {}

  /**
   * Puts a server under load.
   *
   * @param args the options and the server
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public Integer call() throws InterruptedException {
    checkOptions();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Plan plan = Plan.of(rate, duration, maxRequests);
    Results results = new Results();
    OpenLoop loop =
        new OpenLoop(
            plan, new HttpTarget(task, server, timeout), results, maxOutstanding, Clock.SYSTEM);
    try (Progress progress = new Progress(results, new Report(err, out), hlog)) {
      progress.start();
      loop.run(timeout.toNanos());
    } catch (FileNotFoundException e) {
      throw refused("--hlog cannot be written: " + e.getMessage());
    }
    List<String> missed = new Objective(maxFailedPercent, maxP99).missed(results);
    missed.forEach(out::println);
    out.flush();
    return missed.isEmpty() ? ExitCode.OK : MISSED;
  }

  private void checkOptions() {
    String scheme = server.getScheme();
    if (scheme == null || !scheme.matches("https?") || server.getHost() == null) {
      throw refused("URL must be that of a server, such as http://127.0.0.1:8080, not " + server);
    }
    if (!(rate > 0 && rate <= MAX_PER_SECOND)) {
      throw refused("--rate must be more than 0 and at most 1000000, not " + rate);
    }
    if (duration.isNegative() || duration.isZero() || duration.compareTo(MAX_DURATION) > 0) {
      throw refused("--duration must be more than nothing and at most a day, not " + duration);
    }
    if (maxRequests < 1 || maxOutstanding < 1) {
      throw refused("--max-requests and --max-outstanding must be at least 1");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw refused("--timeout must be more than nothing, not " + timeout);
    }
    if (!(maxFailedPercent >= 0 && maxFailedPercent <= 100) || maxP99.isNegative()) {
      throw refused("--max-failed is from 0 to 100, and --max-p99 not negative");
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
