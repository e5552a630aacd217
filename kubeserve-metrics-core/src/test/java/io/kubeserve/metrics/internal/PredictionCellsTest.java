package io.kubeserve.metrics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.Status;
import org.junit.jupiter.api.Test;

class PredictionCellsTest {
  private final LatencyLayout layout = new LatencyLayout(new double[] {10, 50});
  private final PredictionCells cells = new PredictionCells(layout);

  private CellReading read() {
    return new CellReading(layout).read(cells);
  }

  @Test
  void read_ofNothing_isZero() {
    CellReading reading = read();

    assertThat(reading.successes + reading.errors + reading.inFlight + reading.sumNanos).isZero();
    assertThat(reading.slots).containsOnly(0);
  }

  @Test
  void read_tellsStatusesApartAndAddsTheirLatencies() {
    cells.start();
    cells.finish(Status.SUCCESS, 20_000_000);
    cells.start();
    cells.finish(Status.ERROR, 30_000_000);
    cells.record(Status.ERROR, 1);
    cells.start();

    CellReading reading = read();
    assertThat(reading.successes).isEqualTo(1);
    assertThat(reading.errors).isEqualTo(2);
    assertThat(reading.inFlight).isEqualTo(1);
    assertThat(reading.sumNanos).isEqualTo(50_000_001);
    assertThat(reading.classicCounts()).containsExactly(1, 2, 0);
  }

  @Test
  void read_startedAndFinishedByManyThreads_addsUp() throws InterruptedException {
    int threads = 3 * Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < threads; i++) {
      cells.start();
      Thread thread = new Thread(() -> cells.finish(Status.SUCCESS, 5));
      thread.start();
      thread.join();
    }

    assertThat(read().successes).isEqualTo(threads);
    assertThat(read().inFlight).isZero();
  }

  @Test
  void read_again_forgetsWhatWasRead() {
    cells.record(Status.SUCCESS, 7);
    CellReading reading = read();

    assertThat(reading.read(cells).successes).isEqualTo(1);
    assertThat(reading.slots).contains(1).doesNotContain(2);
    assertThat(reading.sumNanos).isEqualTo(7);
  }
}
