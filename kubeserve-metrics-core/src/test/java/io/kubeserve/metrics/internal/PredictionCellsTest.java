package io.kubeserve.metrics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PredictionCellsTest {
  private static final int OUTCOMES = new Outcomes(List.of()).count();

  private final LatencyLayout layout = new LatencyLayout(new double[] {10, 50});
  private final PredictionCells cells = new PredictionCells(layout, OUTCOMES);

  private CellReading read() {
    return new CellReading(layout, OUTCOMES).read(cells);
  }

  @Test
  void read_ofNothing_isZero() {
    CellReading reading = read();

    assertThat(reading.successes() + reading.errors() + reading.inFlight + reading.sumNanos)
        .isZero();
    assertThat(reading.slots).containsOnly(0);
  }

  @Test
  void read_tellsStatusesApartAndAddsTheirLatencies() {
    cells.start();
    cells.finish(Outcome.SUCCESS, 20_000_000);
    cells.start();
    cells.finish(Outcome.OTHER, 30_000_000);
    cells.record(Outcome.OTHER, 1);
    cells.start();

    CellReading reading = read();
    assertThat(reading.successes()).isEqualTo(1);
    assertThat(reading.errors()).isEqualTo(2);
    assertThat(reading.inFlight).isEqualTo(1);
    assertThat(reading.sumNanos).isEqualTo(50_000_001);
    assertThat(reading.classicCounts()).containsExactly(1, 2, 0);
  }

  @Test
  void read_startedAndFinishedByManyThreads_addsUp() throws InterruptedException {
    int threads = 3 * Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < threads; i++) {
      cells.start();
      Thread thread = new Thread(() -> cells.finish(Outcome.SUCCESS, 5));
      thread.start();
      thread.join();
    }

    assertThat(read().successes()).isEqualTo(threads);
    assertThat(read().inFlight).isZero();
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void record_firstByManyThreadsAtOnce_losesNothing() throws Exception {
    int threads = 4;
    int rounds = 20_000;
    AtomicReferenceArray<PredictionCells> fresh = new AtomicReferenceArray<>(rounds);
    for (int round = 0; round < rounds; round++) {
      fresh.set(round, new PredictionCells(layout, OUTCOMES));
    }
    // In every round the threads meet at cells that nobody has written to.
    Phaser phaser = new Phaser(threads);
    Callable<Integer> writer =
        () -> {
          for (int round = 0; round < rounds; round++) {
            phaser.arriveAndAwaitAdvance();
            fresh.get(round).record(Outcome.SUCCESS, 1);
          }
          return rounds;
        };
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Integer> written : executor.invokeAll(Collections.nCopies(threads, writer))) {
        assertThat(written.get()).isEqualTo(rounds);
      }
    } finally {
      executor.shutdownNow();
    }
    CellReading reading = read();
    for (int round = 0; round < rounds; round++) {
      assertThat(reading.read(fresh.get(round)).successes()).isEqualTo(threads);
    }
  }

  @Test
  void read_again_forgetsWhatWasRead() {
    cells.record(Outcome.SUCCESS, 7);
    CellReading reading = read();

    assertThat(reading.read(cells).successes()).isEqualTo(1);
    assertThat(reading.slots).contains(1).doesNotContain(2);
    assertThat(reading.sumNanos).isEqualTo(7);
  }
}
