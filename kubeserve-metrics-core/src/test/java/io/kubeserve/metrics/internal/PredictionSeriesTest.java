package io.kubeserve.metrics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionSeriesTest {
  private final LatencyLayout layout = new LatencyLayout(new double[] {10, 50});
  private final PredictionSeries series =
      new PredictionSeries(this::newRecordings, Labels.EMPTY, null, 1, 0);
  private final PredictionCells cells = series.recordings().cells();

  private Recordings newRecordings() {
    return Recordings.of(
        layout,
        ExemplarSampler.never(layout),
        new ErrorClassifier(new Outcomes(List.of()), thrown -> ErrorReason.OTHER),
        new Declared<>(Stage.standard(), List.of(), "nothing"));
  }

  /** Else a count could be withdrawn with its series that its thread believes to be shown. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 6, 7, 11})
  void endedIfQuiet_whileACountOfAnyBankIsUnderWay_isBusy(int bank) {
    cells.start();
    cells.finish(Outcome.SUCCESS, 1);
    cells.record(Outcome.SUCCESS, 1);
    assertThat(series.endedIfQuiet()).isEqualTo(2);
    StripeGrowth.claim(cells.bank(bank));

    assertThat(series.endedIfQuiet()).isEqualTo(PredictionCells.BUSY);
  }

  @Test
  void endedIfQuiet_whileACountOfALabelSetIsUnderWay_isBusy() {
    PredictionCells ofTenant = series.add(Labels.of("tenant", "acme")).cells();
    StripeGrowth.claim(ofTenant.bank(0));

    assertThat(series.endedIfQuiet()).isEqualTo(PredictionCells.BUSY);
  }

  /** A recorder that finds its series gone discards its start there, while others take the rest. */
  @Test
  void addAllTo_ofDiscardedStarts_leavesNothingInFlight() {
    cells.start();
    cells.finish(Outcome.SUCCESS, 5);
    cells.start();
    cells.finish(Outcome.OTHER, 7);
    cells.record(Outcome.OTHER, 9);
    cells.start();
    cells.discard();
    cells.start(); // and is about to be discarded

    PredictionCells other = newRecordings().cells();
    cells.addAllTo(other);

    CellReading reading = other.newReading();
    assertThat(reading.inFlight).isZero();
    assertThat(reading.successes()).isEqualTo(1);
    assertThat(reading.errors()).isEqualTo(2);
    assertThat(reading.sumNanos).isEqualTo(21);
  }
}
