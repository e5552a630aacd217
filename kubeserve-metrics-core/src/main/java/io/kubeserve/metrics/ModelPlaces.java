package io.kubeserve.metrics;

import io.kubeserve.metrics.internal.ModelVisitor;
import io.kubeserve.metrics.internal.PredictionCells;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The recorders that have series, by their labels: at most so many named models in service, and
 * with those that were retired at most twice as many. Guarded by {@link ServedModels}.
 */
final class ModelPlaces {
  private static final System.Logger LOGGER = System.getLogger(ModelPlaces.class.getName());

  private final int maxModels;
  private final Ticker ticker;
  private final Labels otherLabels;
  private final Function<Labels, BoundRecorder> newRecorder;

  /** In the order of a scrape, which would sort them otherwise. */
  private final Map<Labels, BoundRecorder> shown = new TreeMap<>();

  private int inService;
  private int retired;
  private long folded;

  /**
   * Makes places that nothing has taken.
   *
   * @param maxModels how many named models may be in service
   * @param ticker the clock
   * @param otherLabels the labels of what is beyond them
   * @param newRecorder makes the recorder of a model
   */
  ModelPlaces(
      int maxModels,
      Ticker ticker,
      Labels otherLabels,
      Function<Labels, BoundRecorder> newRecorder) {
    this.maxModels = maxModels;
    this.ticker = ticker;
    this.otherLabels = otherLabels;
    this.newRecorder = newRecorder;
  }

  @Nullable BoundRecorder get(Labels labels) {
    return shown.get(labels);
  }

  Labels otherLabels() {
    return otherLabels;
  }

  boolean has(BoundRecorder recorder) {
    return shown.get(recorder.labels()) == recorder;
  }

  Collection<BoundRecorder> all() {
    return shown.values();
  }

  long folded() {
    return folded;
  }

  /**
   * Returns whether one more label set may be shown: with those of models in service, and with all.
   *
   * @param others the label set that further ones share, which does not count
   */
  boolean hasRoomForLabelSet(int maxLabelSets, Labels others) {
    int ofModelsInService = 0;
    int all = 0;
    for (BoundRecorder recorder : shown.values()) {
      int sets = recorder.series().labelSetsBut(others);
      all += sets;
      ofModelsInService += recorder.lifecycle().isRetired() ? 0 : sets;
    }
    return ofModelsInService < maxLabelSets && all < 2 * maxLabelSets;
  }

  /** Lets a recorder write to the series that models beyond the limit share. */
  void fold(BoundRecorder recorder) {
    folded++;
    recorder.destination().share(other().destination());
  }

  private BoundRecorder other() {
    BoundRecorder known = shown.get(otherLabels);
    if (known != null) {
      return known;
    }
    BoundRecorder other = newRecorder.apply(otherLabels);
    shown.put(otherLabels, other);
    return other;
  }

  /**
   * Puts a recorder into service, unless there is no room or another recorder has its labels.
   *
   * @return whether it is in service
   */
  boolean enter(BoundRecorder recorder) {
    BoundRecorder known = shown.get(recorder.labels());
    if ((known != null && known != recorder) || recorder.destination().isGiven()) {
      return false;
    }
    boolean back = recorder.lifecycle().isRetired();
    if (known == recorder && !back) {
      return true;
    }
    int weight = weight(recorder);
    if (weight > 0 && !hasRoom(recorder)) {
      return false;
    }
    retired -= known == recorder ? weight : 0;
    inService += weight;
    if (back) {
      recorder.lifecycle().revive();
    }
    shown.put(recorder.labels(), recorder);
    recorder.destination().own();
    return true;
  }

  private boolean hasRoom(BoundRecorder forWhom) {
    return inService < maxModels
        && (shown.containsKey(forWhom.labels())
            || inService + retired < 2 * maxModels
            || dropRetired());
  }

  /**
   * Makes room by the model that was retired first of those that can go without a count being lost
   * or counted twice: a scrape has shown its last counts, or no scrape has shown any of them, all
   * were started before they ended, and {@code other} gets them.
   */
  private boolean dropRetired() {
    long now = ticker.nanos();
    List<BoundRecorder> oldestFirst =
        shown.values().stream()
            .filter(recorder -> recorder.lifecycle().isRetired() && weight(recorder) > 0)
            .sorted(Comparator.comparingLong(r -> r.lifecycle().retiredAtNanos() - now))
            .toList();
    for (BoundRecorder recorder : oldestFirst) {
      if (withdrawSeen(recorder) || withdrawUnseen(recorder)) {
        forget(recorder);
        return true;
      }
    }
    return false;
  }

  private boolean withdrawUnseen(BoundRecorder recorder) {
    long ended = recorder.series().endedIfQuiet();
    if (recorder.lifecycle().wasShown()
        || ended < 0
        || !recorder.destination().withdrawToGive(ended)) {
      return false;
    }
    // First, so that its label sets do not take the room of those that they become.
    forget(recorder);
    recorder.destination().give(other().destination());
    if (folded++ == 0) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "Models are retired faster than they are scraped, so the counts of some go to model=\"other\": scrape more often, or raise maxModels.");
    }
    return true;
  }

  private static boolean withdrawSeen(BoundRecorder recorder) {
    long seen = recorder.lifecycle().shownEnded();
    return seen >= 0 && recorder.destination().withdraw(seen);
  }

  /** How much a model counts toward the limit. */
  int weight(BoundRecorder recorder) {
    return recorder.labels().contains(LabelName.MODEL) && !isOther(recorder) ? 1 : 0;
  }

  boolean isOther(BoundRecorder recorder) {
    return recorder.labels().equals(otherLabels);
  }

  void forget(BoundRecorder recorder) {
    if (shown.remove(recorder.labels(), recorder)) {
      if (recorder.lifecycle().isRetired()) {
        retired -= weight(recorder);
      } else {
        inService -= weight(recorder);
      }
    }
  }

  /** Takes a model out of service; its series stay. */
  void retire(BoundRecorder recorder) {
    if (recorder.lifecycle().retire(ticker.nanos()) && has(recorder)) {
      inService -= weight(recorder);
      retired += weight(recorder);
    }
  }

  /** Shows a retired model once more, until its new counts have been scraped. */
  boolean enterRetired(BoundRecorder recorder) {
    int weight = weight(recorder);
    if (shown.containsKey(recorder.labels())
        || (weight > 0 && inService + retired >= 2 * maxModels && !dropRetired())) {
      return false;
    }
    recorder.lifecycle().revive();
    recorder.lifecycle().retire(ticker.nanos());
    shown.put(recorder.labels(), recorder);
    retired += weight;
    recorder.destination().own();
    return true;
  }

  /** Puts a recorder back into service whose series are still there; that needs no room. */
  boolean reenter(BoundRecorder recorder) {
    if (shown.get(recorder.labels()) != recorder) {
      return false;
    }
    if (recorder.lifecycle().isRetired()) {
      recorder.lifecycle().revive();
      retired -= weight(recorder);
      inService += weight(recorder);
    }
    return true;
  }

  /** Shows every model, but drops those whose last counts have been shown long enough. */
  void showTo(ModelVisitor visitor) {
    long now = ticker.nanos();
    for (Iterator<BoundRecorder> all = shown.values().iterator(); all.hasNext(); ) {
      BoundRecorder recorder = all.next();
      if (recorder.lifecycle().isOver(now) && withdrawSeen(recorder)) {
        all.remove();
        retired -= weight(recorder);
      } else {
        long ended = visitor.show(recorder.series());
        recorder.lifecycle().shown(visitor.isWhole() ? ended : PredictionCells.BUSY);
      }
    }
  }
}
