package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueTest {
  private static final int CAPACITY = 10;
  private static final String QUEUE_TIME = "prediction_stage_latency_ms_sum{stage=\"queue\"}";

  private static final StagedCall<String, Exception> RETURNS = prediction -> "score";
  private static final StagedCall<String, Exception> THROWS =
      prediction -> {
        throw new IOException("no model");
      };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(registry).ticker(ticker).build();
  private final PredictionRecorder recorder = metrics.recorder();
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(CAPACITY));
  private final ExecutorService queue = metrics.monitorQueue(pool);
  private final Queue<CompletableFuture<?>> futures = new ConcurrentLinkedQueue<>();
  private final CountDownLatch gate = new CountDownLatch(1);

  @Test
  void queue_thatIsNoLongerUsed_isForgotten() {
    List<WeakReference<ExecutorService>> unused = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ExecutorService executor =
          new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1));
      metrics.monitorQueue(executor).shutdown();
      unused.add(new WeakReference<>(executor));
    }

    await()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(unused).allMatch(executor -> executor.get() == null);
            });
    assertThat(Scrape.of(registry).value("prediction_queue_depth")).isZero();
  }

  @Test
  void queue_thatIsTakenOut_isNotInTheSum() {
    Runnable takeOut = metrics.monitorQueue(() -> 7);
    metrics.monitorQueue(() -> 3);
    takeOut.run();
    takeOut.run();

    assertThat(Scrape.of(registry).value("prediction_queue_depth")).isEqualTo(3);
  }

  @AfterEach
  void stop() throws InterruptedException {
    gate.countDown();
    queue.shutdownNow();
    assertThat(queue.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  /** Occupies the only thread until the gate opens. */
  private CompletableFuture<String> occupy() throws InterruptedException {
    CountDownLatch began = new CountDownLatch(1);
    CompletableFuture<String> first =
        recorder.timeQueued(
            queue,
            prediction -> {
              began.countDown();
              gate.await();
              return "first";
            });
    assertThat(began.await(60, TimeUnit.SECONDS)).isTrue();
    return first;
  }

  @Test
  void queueDepth_noQueue_isThereAtZeroOnce() {
    PrometheusRegistry own = new PrometheusRegistry();
    PredictionMetrics several = PredictionMetrics.builder().registry(own).build();
    several.recorder("a", "1");
    several.recorder("b", "1");

    assertThat(Scrape.of(own).value("prediction_queue_depth")).isZero();
  }

  @Test
  void timeQueued_waits_isInTheDepthAndInFlightAndItsStageIsQueue() throws Exception {
    CompletableFuture<String> first = occupy();
    CompletableFuture<String> second = recorder.timeQueued(queue, prediction -> "second");
    assertThat(depth()).isEqualTo(1);
    assertThat(Scrape.of(registry).inFlight()).isEqualTo(2);

    ticker.advanceMillis(30);
    gate.countDown();

    assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo("first");
    assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo("second");
    assertThat(depth()).isZero();
    assertThat(Scrape.of(registry).inFlight()).isZero();
    assertThat(Scrape.of(registry).successes()).isEqualTo(2);
    assertThat(Scrape.of(registry).value(QUEUE_TIME)).isEqualTo(30);
  }

  @Test
  void timeQueued_full_throwsAndCountsRejected() throws Exception {
    futures.add(occupy());
    for (int i = 0; i < CAPACITY; i++) {
      futures.add(recorder.timeQueued(queue, prediction -> ""));
    }
    assertThatThrownBy(() -> futures.add(recorder.timeQueued(queue, prediction -> "")))
        .isInstanceOf(RejectedExecutionException.class);

    assertThat(Scrape.of(registry).value("prediction_errors_total{reason=\"rejected\"}"))
        .isEqualTo(1);
    assertThat(depth()).isEqualTo(CAPACITY);
  }

  @Test
  void timeQueued_callThrows_futureHasTheVeryThrowable() {
    IOException failure = new IOException();

    CompletableFuture<Object> future =
        recorder.timeQueued(
            queue,
            prediction -> {
              throw failure;
            });

    assertThat(future)
        .failsWithin(60, TimeUnit.SECONDS)
        .withThrowableThat()
        .havingCause()
        .isSameAs(failure);
    assertThat(Scrape.of(registry).errors()).isEqualTo(1);
  }

  /** Who waits for the future finds the prediction counted. */
  @Test
  void timeQueued_ends_isCountedBeforeItsFutureCompletes() {
    List<Runnable> tasks = new ArrayList<>();
    List<Double> counted = new ArrayList<>();
    for (StagedCall<String, Exception> call : List.of(RETURNS, THROWS)) {
      futures.add(
          recorder
              .timeQueued(tasks::add, call)
              .whenComplete((result, thrown) -> counted.add(Scrape.of(registry).count())));
    }

    tasks.forEach(Runnable::run);

    assertThat(counted).containsExactly(1.0, 2.0);
  }

  @Test
  void queue_isInTheStateOfTheExecutor() throws Exception {
    CompletableFuture<String> first = occupy();
    assertThat(queue.isShutdown()).isFalse();
    queue.shutdown();
    assertThat(pool.isShutdown()).isTrue();
    assertThat(queue.isShutdown()).isTrue();
    assertThat(queue.isTerminated()).isFalse();
    assertThat(queue.awaitTermination(0, TimeUnit.SECONDS)).isFalse();

    gate.countDown();
    first.get(60, TimeUnit.SECONDS);
    assertThat(queue.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(queue.isTerminated()).isTrue();
  }

  @Test
  void timeQueued_cancelledWhileItWaits_isNotMadeAndCountedOnce() throws Exception {
    CompletableFuture<String> first = occupy();
    AtomicInteger made = new AtomicInteger();
    CompletableFuture<Integer> second =
        recorder.timeQueued(queue, prediction -> made.incrementAndGet());
    second.cancel(true);
    assertThat(Scrape.of(registry).value("prediction_errors_total{reason=\"cancelled\"}"))
        .isEqualTo(1);

    gate.countDown();
    first.get(60, TimeUnit.SECONDS);
    recorder.timeQueued(queue, prediction -> "last").get(60, TimeUnit.SECONDS);

    assertThat(made).hasValue(0);
    assertThat(depth()).isZero();
    assertThat(Scrape.of(registry).errors()).isEqualTo(1);
    assertThat(Scrape.of(registry).successes()).isEqualTo(2);
  }

  @Test
  void timeQueued_timesOutWhileItRuns_isTimeoutAndCountedOnce() throws Exception {
    CompletableFuture<String> first = occupy();
    first.completeExceptionally(new TimeoutException());
    gate.countDown();
    recorder.timeQueued(queue, prediction -> "last").get(60, TimeUnit.SECONDS);

    assertThat(Scrape.of(registry).value("prediction_errors_total{reason=\"timeout\"}"))
        .isEqualTo(1);
    assertThat(Scrape.of(registry).count()).isEqualTo(2);
  }

  @Test
  void shutdownNow_cancelsWhatWaits() throws Exception {
    futures.add(occupy());
    CompletableFuture<String> second = recorder.timeQueued(queue, prediction -> "second");

    assertThat(queue.shutdownNow()).hasSize(1);

    assertThat(second).isCancelled();
    assertThat(depth()).isZero();
    assertThat(Scrape.of(registry).value("prediction_errors_total{reason=\"cancelled\"}"))
        .isGreaterThanOrEqualTo(1);
  }

  @Test
  void queue_ownTask_countsWhileItWaits() throws Exception {
    futures.add(occupy());
    queue.execute(() -> {});

    assertThat(depth()).isEqualTo(1);
  }

  @Test
  void queue_suppliers_areAddedUp() {
    metrics.monitorQueue(() -> 4);
    metrics.monitorQueue(() -> 3);
    metrics.monitorQueue(() -> -1);
    metrics.monitorQueue(
        () -> {
          throw new IllegalStateException("broken");
        });

    assertThat(depth()).isEqualTo(7);
  }

  /** 10,000 predictions from four threads through a queue that is mostly full. */
  @Test
  void tenThousand_throughAFullQueue_noneIsLost() throws Exception {
    int threads = 4;
    int each = 2_500;
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger rejected = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      clients.add(new Thread(() -> send(each, answered, rejected)));
    }
    clients.forEach(Thread::start);
    for (Thread client : clients) {
      client.join();
    }
    queue.shutdown();
    assertThat(queue.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

    Scrape scrape = Scrape.of(registry);
    assertThat(answered.get() + rejected.get()).isEqualTo(threads * each);
    assertThat(rejected).as("the queue was full").hasPositiveValue();
    assertThat(scrape.successes()).isEqualTo(answered.get());
    assertThat(scrape.value("prediction_errors_total{reason=\"rejected\"}"))
        .isEqualTo(rejected.get());
    assertThat(scrape.count()).isEqualTo(threads * each);
    assertThat(scrape.inFlight()).isZero();
    assertThat(depth()).isZero();
  }

  private void send(int count, AtomicInteger answered, AtomicInteger rejected) {
    for (int i = 0; i < count; i++) {
      try {
        futures.add(recorder.timeQueued(queue, prediction -> answered.incrementAndGet()));
      } catch (RejectedExecutionException full) {
        rejected.incrementAndGet();
      }
    }
  }

  private double depth() {
    return Scrape.of(registry).value("prediction_queue_depth");
  }

  /** These do not say which tasks they will not run, or say it in wrappers of their own. */
  @Test
  void shutdownNow_ofOtherExecutors_cancelsWhatWaits() throws Exception {
    for (ExecutorService executor :
        List.of(new ForkJoinPool(1), Executors.newScheduledThreadPool(1))) {
      ExecutorService counted = metrics.monitorQueue(executor);
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      CompletableFuture<String> runs =
          recorder.timeQueued(
              counted,
              prediction -> {
                begun.countDown();
                awaitWhateverInterrupts(end);
                return "score";
              });
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<String> waits = recorder.timeQueued(counted, RETURNS);
      assertThat(depth()).isEqualTo(1);

      counted.shutdownNow();

      assertThat(waits).isCancelled();
      assertThat(depth()).isZero();
      end.countDown();
      assertThat(counted.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      assertThat(runs).isDone();
      assertThat(Scrape.of(registry).value("predictions_in_flight")).isZero();
    }
  }

  /** So that the thread has no turn for another one. */
  private static void awaitWhateverInterrupts(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      LockSupport.parkNanos(1_000_000);
      boolean unused = Thread.interrupted();
    }
  }
}
