package io.kubeserve.metrics;

import io.kubeserve.metrics.internal.ModelLifecycle;
import io.kubeserve.metrics.internal.ModelSource;
import io.kubeserve.metrics.internal.ModelVisitor;
import io.kubeserve.metrics.internal.PredictionSeries;
import io.kubeserve.metrics.internal.Recordings;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The models of a server: which have series, and which are ready.
 *
 * <p>Everything that looks and then acts does so under the lock of this; recording takes it only
 * for a recorder whose series have gone. Safe for use by many threads.
 */
final class ServedModels implements ModelSource {
  private final Ticker ticker;
  private final Function<Labels, BoundRecorder> newRecorder;
  // All guarded by this.

  private final ModelPlaces places;

  private final UnshownModels unshown;

  private final ModelReadiness readiness;

  private final LabelSetPlaces labelSets;

  private long failedLoads = -1;
  private long firstLoadMillis;
  private boolean closed;

  /**
   * Makes the models of a server that has none.
   *
   * @param maxModels how many named ones may be in service
   * @param ticker the clock
   * @param otherLabels the labels of what is beyond them
   * @param ownLabels the labels that a user declared
   * @param newRecorder makes the recorder of a model
   */
  ServedModels(
      int maxModels,
      Ticker ticker,
      Labels otherLabels,
      OwnLabels ownLabels,
      BiFunction<Labels, ServedModels, BoundRecorder> newRecorder) {
    this.ticker = ticker;
    this.newRecorder = labels -> newRecorder.apply(labels, this);
    this.unshown = new UnshownModels(maxModels);
    this.places = new ModelPlaces(maxModels, ticker, otherLabels, this.newRecorder);
    this.readiness = new ModelReadiness(places, unshown);
    this.labelSets = new LabelSetPlaces(ownLabels, places);
  }

  synchronized BoundRecorder recorder(Labels labels) {
    if (closed) {
      throw new IllegalStateException(
          "These PredictionMetrics were unregistered: build new ones before asking for a recorder.");
    }
    BoundRecorder known = places.get(labels);
    if (known == null) {
      known = unshown.get(labels);
    }
    BoundRecorder recorder = known != null ? known : newRecorder.apply(labels);
    if (enter(recorder)) {
      return recorder;
    }
    // One that was retired, or whose load failed, may be used by others: it stays what it is.
    BoundRecorder sharing =
        known == null || known.destination().isSharing() ? recorder : newRecorder.apply(labels);
    places.fold(sharing);
    return sharing;
  }

  private boolean enter(BoundRecorder recorder) {
    boolean entered = places.enter(recorder);
    if (entered) {
      unshown.remove(recorder);
    }
    return entered;
  }

  /** Removes the series of a model: what is recorded from now on is in none. */
  synchronized void remove(BoundRecorder recorder) {
    if (!places.isOther(recorder)) {
      places.forget(recorder);
      unshown.remove(recorder);
      recorder.lifecycle().retire(ticker.nanos());
      recorder.destination().close();
    }
  }

  synchronized void retire(BoundRecorder recorder) {
    if (!places.isOther(recorder)) {
      unshown.remove(recorder);
      places.retire(recorder);
    }
  }

  /**
   * Brings a recorder back that is used though its series have gone: they come back, with their
   * counts. Where there is no room, or others have their labels by now, it shares.
   */
  synchronized void rejoin(BoundRecorder recorder) {
    Destination destination = recorder.destination();
    if (!destination.isWithdrawn()) {
      return;
    }
    if (closed) {
      destination.own();
      return;
    }
    BoundRecorder successor = places.get(recorder.labels());
    if (successor == null) {
      BoundRecorder next = destination.isGiven() ? newRecorder.apply(recorder.labels()) : recorder;
      if (recorder.lifecycle().isRetired() ? places.enterRetired(next) : enter(next)) {
        successor = next;
      }
    }
    if (successor == null) {
      places.fold(recorder);
    } else if (successor != recorder) {
      destination.follow(successor.destination());
    }
  }

  /** Returns whether a count is shown that came too late for those who withdrew the recordings. */
  synchronized boolean keep(Destination destination, Recordings late, Destination whose) {
    rejoin(destination.recorder());
    return destination.keeps(late, whose);
  }

  OwnLabels ownLabels() {
    return labelSets.labels();
  }

  /**
   * Returns the recorder of a label set of a model, or the one that further label sets share.
   *
   * @param unlabelled the recorder of the model
   * @param values of the user's own labels
   * @param known those of the model that there are; one that is made is added
   */
  synchronized BoundRecorder labelled(
      BoundRecorder unlabelled, List<String> values, Map<List<String>, BoundRecorder> known) {
    return labelSets.recorder(unlabelled, values, known);
  }

  /** Returns the recordings of a label set, made if there is room. Only under the lock of this. */
  Recordings recordings(PredictionSeries series, Labels own) {
    return labelSets.recordings(series, own);
  }

  synchronized void beginLoad(BoundRecorder recorder) {
    if (failedLoads < 0) {
      failedLoads = 0;
      firstLoadMillis = System.currentTimeMillis();
    }
    if (isPlaced(recorder) && !places.reenter(recorder) && !enter(recorder)) {
      recorder.lifecycle().revive();
      Destination destination = recorder.destination();
      BoundRecorder successor = places.get(recorder.labels());
      if (successor != null) {
        destination.follow(successor.destination());
      } else if (!destination.isSharing() || destination.isWithdrawn()) {
        places.fold(recorder);
      }
      unshown.add(recorder);
    }
    recorder.lifecycle().begin();
  }

  /** Returns whether a recorder can have a place; a closed one never gets one again. */
  private boolean isPlaced(BoundRecorder recorder) {
    return !closed && !recorder.destination().isClosed() && !places.isOther(recorder);
  }

  synchronized void endLoad(BoundRecorder recorder, long nanos) {
    rejoin(recorder);
    recorder.lifecycle().loaded(nanos);
    // A version that failed is of no interest once another one serves.
    unshown.removeUnready(recorder.name());
    if (isPlaced(recorder)
        && recorder.destination().isSharing()
        && !recorder.lifecycle().isRetired()) {
      unshown.add(recorder);
    }
  }

  /**
   * Gives back what a model has whose load failed: its series if it never served, and its place.
   * Its name is known not to be ready, unless another version is.
   *
   * @param isOver false for a load within a load, of which the outer one decides
   */
  synchronized void failLoad(BoundRecorder recorder, boolean isOver) {
    failedLoads++;
    ModelLifecycle lifecycle = recorder.lifecycle();
    if (!isOver || !isPlaced(recorder) || lifecycle.isReady() || lifecycle.isRetired()) {
      return;
    }
    if (places.weight(recorder) > 0 && places.has(recorder)) {
      if (recorder.destination().withdraw(0)) {
        places.forget(recorder);
      } else {
        retire(recorder);
      }
      unshown.add(recorder);
    }
    if (readiness.isReady(recorder.name())) {
      unshown.remove(recorder);
    }
  }

  /** Returns whether every model that is told of, by its name, has a version that is ready. */
  synchronized boolean isReady() {
    return readiness.areAllReady();
  }

  @Override
  public synchronized void showTo(ModelVisitor visitor) {
    readiness.mirrorOther();
    places.showTo(visitor);
    readiness.failed().forEach(recorder -> visitor.showNotReady(recorder.series()));
  }

  /** Returns every model that a person may want to see. */
  synchronized List<PredictionSeries> all() {
    readiness.mirrorOther();
    List<PredictionSeries> all = new ArrayList<>();
    places.all().forEach(recorder -> all.add(recorder.series()));
    readiness.failed().forEach(recorder -> all.add(recorder.series()));
    return all;
  }

  @Override
  public synchronized long foldedModels() {
    return places.folded();
  }

  @Override
  public synchronized long foldedLabelSets() {
    return labelSets.folded();
  }

  @Override
  public synchronized long failedLoads() {
    return failedLoads;
  }

  @Override
  public synchronized long firstLoadMillis() {
    return firstLoadMillis;
  }

  synchronized void close() {
    closed = true;
  }

  /** Returns the name of a model; the empty one is that of a server's one model. */
  static String nameOf(Labels labels) {
    return Objects.requireNonNullElse(labels.get(LabelName.MODEL), "");
  }
}
