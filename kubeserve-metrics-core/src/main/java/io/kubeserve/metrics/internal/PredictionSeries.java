package io.kubeserve.metrics.internal;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of one model, under the labels it is exposed with: what was recorded without
 * labels of the user's own, and beside it what was recorded with each set of them.
 *
 * <p>Safe for use by many threads; a label set is added by one thread at a time.
 */
public final class PredictionSeries {
  private final Supplier<Recordings> newRecordings;
  private final LabelSet unlabelled;

  /** Empty and immutable until there is one. */
  private volatile Map<Labels, LabelSet> labelled = Map.of();

  private final LatencyWindow window;
  private final ModelLifecycle lifecycle = new ModelLifecycle();
  private final @Nullable Labels infoLabels;

  /**
   * Puts a model under labels.
   *
   * @param newRecordings makes recordings without a prediction
   * @param labels the labels of every series of the model
   * @param infoLabels those that name the model and its version; {@code null} if it has no name
   * @param windowNanos how far back its latest latencies reach
   * @param nowNanos the time
   */
  public PredictionSeries(
      Supplier<Recordings> newRecordings,
      Labels labels,
      @Nullable Labels infoLabels,
      long windowNanos,
      long nowNanos) {
    this.newRecordings = newRecordings;
    this.unlabelled = new LabelSet(new SeriesLabels(labels), newRecordings.get());
    this.infoLabels = infoLabels;
    this.window =
        new LatencyWindow(
            this::latency,
            LatencyCounts.none(recordings().cells().layout()),
            windowNanos,
            nowNanos);
  }

  /**
   * Returns where predictions are written that have no labels of the user's own.
   *
   * @return always the same
   */
  public Recordings recordings() {
    return unlabelled.recordings();
  }

  /**
   * Returns where predictions are written that have some labels of the user's own.
   *
   * @param own the labels
   * @return for the same ones always the same; {@code null} if there is no such label set
   */
  public @Nullable Recordings recordings(Labels own) {
    LabelSet known = labelled.get(own);
    return known == null ? null : known.recordings();
  }

  /**
   * Adds a label set that there is not.
   *
   * @param own labels of the user's own
   * @return its recordings
   */
  public Recordings add(Labels own) {
    Recordings fresh = newRecordings.get().partOf(recordings());
    if (labelled.isEmpty()) {
      labelled = new ConcurrentHashMap<>();
    }
    labelled.put(own, new LabelSet(new SeriesLabels(labels().merge(own)), fresh));
    return fresh;
  }

  /**
   * Returns how many label sets there are.
   *
   * @param but the one that does not count
   * @return at least 0
   */
  public int labelSetsBut(Labels but) {
    return labelled.size() - (labelled.containsKey(but) ? 1 : 0);
  }

  /**
   * Returns the label sets that there are.
   *
   * @return the labels of the user's own of each
   */
  public List<Labels> labelSets() {
    return List.copyOf(labelled.keySet());
  }

  /** Returns all that is recorded, with the labels it is exposed with. */
  List<LabelSet> all() {
    List<LabelSet> all = new ArrayList<>(1 + labelled.size());
    all.add(unlabelled);
    all.addAll(labelled.values());
    return all;
  }

  /** Reads every cell once, and adds them up. */
  CellReading reading() {
    CellReading reading = recordings().cells().newReading();
    labelled.values().forEach(part -> part.recordings().cells().readInto(reading));
    return reading;
  }

  /**
   * Returns the latencies since the start, whatever their labels.
   *
   * @return what was recorded until now
   */
  public LatencyCounts latency() {
    return LatencyCounts.of(recordings().cells().layout(), reading());
  }

  /**
   * Returns the latest latencies, whatever their labels.
   *
   * @param clock the time
   * @return what was recorded within the window
   */
  public LatencyCounts recentLatency(LongSupplier clock) {
    return window.read(clock);
  }

  /**
   * Counts what has ended, whatever its labels.
   *
   * @return the number of predictions, or {@link PredictionCells#BUSY} while any is in flight or is
   *     being counted
   */
  public long endedIfQuiet() {
    // First: what a claim that is not seen any more has counted must be in the reading.
    boolean claimed = all().stream().anyMatch(part -> part.recordings().cells().isClaimed());
    return claimed ? PredictionCells.BUSY : reading().endedIfQuiet();
  }

  /**
   * Returns whether predictions may come that were never started, whatever their labels.
   *
   * @return what {@link PredictionCells#expectUnstarted} has said
   */
  public boolean expectsUnstarted() {
    return all().stream().anyMatch(part -> part.recordings().cells().expectsUnstarted());
  }

  /**
   * Returns whether the model is loaded.
   *
   * @return always the same
   */
  public ModelLifecycle lifecycle() {
    return lifecycle;
  }

  /**
   * Returns the labels of every series.
   *
   * @return the labels, without those that one family or one label set has
   */
  public Labels labels() {
    return unlabelled.labels().all;
  }

  /**
   * Returns the labels that name the model.
   *
   * @return those of {@code model_info}; {@code null} if the model has no name
   */
  public @Nullable Labels infoLabels() {
    return infoLabels;
  }
}
