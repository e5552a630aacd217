package io.kubeserve.interleavings;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.kubeserve.metrics.PredictionRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Executors that are shut down while a scrape asks how much waits in them. */
@SuppressWarnings("this-escape") // jcstress wants classes that are not final; nothing extends them
public final class Queues {
  private Queues() {}

  /** An executor in which two predictions wait is shut down, and a scrape. */
  @JCStressTest
  @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "The scrape comes before.")
  @Outcome(
      id = "1, 0",
      expect = ACCEPTABLE,
      desc = "The scrape comes between the first one that is cancelled and the second one.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The scrape comes after.")
  @Outcome(id = "-.*, .*", expect = FORBIDDEN, desc = "Fewer than none wait.")
  @Outcome(id = ".*, [1-9].*", expect = FORBIDDEN, desc = "What was cancelled waits for ever.")
  @Outcome(
      id = ".*, forgotten",
      expect = FORBIDDEN,
      desc = "Who waits for a prediction waits for ever.")
  @State
  public static class ShutDownAndScrape extends Server {
    private final ExecutorService queue = metrics.monitorQueue(new Backlog());
    private final PredictionRecorder recorder = recorder();
    private final List<CompletableFuture<String>> futures = new ArrayList<>();

    public ShutDownAndScrape() {
      futures.add(recorder.timeQueued(queue, prediction -> "one"));
      futures.add(recorder.timeQueued(queue, prediction -> "two"));
    }

    @Actor
    public void shutDown() {
      queue.shutdownNow();
    }

    @Actor
    public void scrape(LL_Result result) {
      result.r1 = seen(() -> Long.toString(shown().queueDepth()));
    }

    @Arbiter
    public void last(LL_Result result) {
      boolean cancelled = futures.stream().allMatch(CompletableFuture::isCancelled);
      result.r2 = cancelled ? Long.toString(shown().queueDepth()) : "forgotten";
    }
  }

  /** An executor is shut down, and another one is counted from now on. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "What waits in the other one is counted.")
  @Outcome(id = "0", expect = FORBIDDEN, desc = "The other one is not counted.")
  @State
  public static class ShutDownAndAnother extends Server {
    private final ExecutorService queue = metrics.monitorQueue(new Backlog());

    /** Held here as its threads would hold it: an executor that is garbage has nothing waiting. */
    private final Backlog another = new Backlog();

    @Actor
    public void shutDown() {
      queue.shutdownNow();
    }

    @Actor
    public void another() {
      metrics.monitorQueue(another).execute(() -> {});
    }

    @Arbiter
    public void last(L_Result result) {
      result.r1 = Long.toString(shown().queueDepth());
    }
  }
}
