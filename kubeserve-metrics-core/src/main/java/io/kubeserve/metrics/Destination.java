package io.kubeserve.metrics;

import io.kubeserve.metrics.internal.Outcome;
import io.kubeserve.metrics.internal.PredictionSeries;
import io.kubeserve.metrics.internal.Recordings;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a recorder writes: to series of its own, to those that it shares, or, on the thread that
 * warms its model up, to none. A recorder with labels of the user's own writes to a label set of
 * wherever its model's recorder writes. Safe for use by many threads; only {@link ServedModels}
 * moves it.
 *
 * <p>Moving and writing are one class, because each is right only by the order in which the other
 * reads and writes the same fields.
 */
@SuppressWarnings("ReferenceEquality") // recordings are a place, and equal to no other one
final class Destination {
  private final BoundRecorder recorder;
  private final PredictionSeries series;
  private final ServedModels models;

  /** That of the model's recorder without labels of the user's own; this, if it is that one. */
  private final Destination base;

  private final Labels ownLabels;

  /** Those of the label sets of this; only of a base. Guarded by the models. */
  private List<Destination> labelled = List.of();

  /** The load under way; {@code null} mostly. Of a base. */
  private volatile @Nullable WarmUp warmUp;

  /**
   * Whose series predictions are shown in: these, or those that they share. Written by the models.
   * Of a base.
   */
  private volatile Destination owner;

  /** Those that share the series of this; {@code null} mostly. Guarded by the models. */
  private @Nullable Set<Destination> sharers;

  /** Others have what the cells contain, so they are never shown again. Guarded by the models. */
  private boolean given;

  /** Whether the series were removed, so that recording has no effect. Guarded by the models. */
  private boolean closed;

  /** Where predictions are written; {@code null} while no series show them. */
  private volatile @Nullable Recordings target;

  /** What the thread that loads the model records meanwhile, and no series shows. */
  record WarmUp(Thread thread, Recordings recordings) {}

  Destination(BoundRecorder recorder, PredictionSeries series, ServedModels models) {
    this.recorder = recorder;
    this.series = series;
    this.models = models;
    this.base = this;
    this.ownLabels = Labels.EMPTY;
    this.owner = this;
    this.target = series.recordings();
  }

  /** Makes the destination of a label set. Called under the lock of the models. */
  Destination(Destination base, Labels ownLabels) {
    this.recorder = base.recorder;
    this.series = base.series;
    this.models = base.models;
    this.base = base;
    this.ownLabels = ownLabels;
    this.owner = base;
    if (base.labelled.isEmpty()) {
      base.labelled = new ArrayList<>();
    }
    base.labelled.add(this);
    this.target = base.isWithdrawn() ? null : models.recordings(base.series(), ownLabels);
  }

  /** Returns the recorder of the model. */
  BoundRecorder recorder() {
    return recorder;
  }

  /** Returns the series that show what is written. */
  PredictionSeries series() {
    return base.owner.series;
  }

  /**
   * Begins or ends a warm-up.
   *
   * @return the one before
   */
  @Nullable WarmUp warmUp(@Nullable WarmUp next) {
    WarmUp last = warmUp;
    warmUp = next;
    return last;
  }

  /** Returns whether this writes to the series of another recorder. */
  boolean isSharing() {
    return owner != this;
  }

  /** Returns whether the series of this have gone, and nothing was recorded since. */
  boolean isWithdrawn() {
    return target == null;
  }

  /** Returns whether others have the counts of this, so that its series never come back. */
  boolean isGiven() {
    return given;
  }

  boolean isClosed() {
    return closed;
  }

  /** Writes to the series of its own. */
  void own() {
    move(this);
  }

  /**
   * Writes to the series of a recorder that has the same labels. If those that were written before
   * have gone, they stay so: next to the successor's they would look like a counter that is reset.
   */
  void follow(Destination successor) {
    if (isWithdrawn()) {
      owner.given = true;
    }
    share(successor);
  }

  /** Writes to the series of another recorder. */
  void share(Destination other) {
    move(other);
    if (other.sharers == null) {
      other.sharers = Collections.newSetFromMap(new WeakHashMap<>());
    }
    other.sharers.add(this);
  }

  private void move(Destination to) {
    if (owner.sharers != null) {
      owner.sharers.remove(this);
    }
    // Before the owner: who reads both the other way round finds no older target of a new owner.
    write(to.series);
    owner = to;
  }

  /** Writes to the series of the owner. */
  private void resume() {
    write(owner.series);
  }

  /** Writes to some series, with every label set. */
  private void write(PredictionSeries to) {
    target = to.recordings();
    for (Destination one : labelled) {
      one.target = models.recordings(to, one.ownLabels);
    }
  }

  private void pause() {
    target = null;
    labelled.forEach(one -> one.target = null);
  }

  /** Adds the counts of this, which was withdrawn, to others, and shares those from now on. */
  void give(Destination other) {
    series.recordings().addAllTo(other.series.recordings());
    for (Labels own : series.labelSets()) {
      Recordings part = Objects.requireNonNull(series.recordings(own));
      part.addAllTo(models.recordings(other.series, own));
    }
    given = true;
    share(other);
  }

  /** Lets whoever shares look for another place, and writes in vain. */
  void close() {
    closed = true;
    if (isWithdrawn()) {
      own();
    }
    pauseAll();
    resume();
  }

  /** For this and for all that share its series. */
  private void pauseAll() {
    pause();
    if (sharers != null) {
      sharers.forEach(Destination::pause);
    }
  }

  /**
   * Stops to write, if nothing is in flight and nothing was recorded that readers have not seen.
   *
   * @param seenEnded how many ended predictions they have seen
   */
  boolean withdraw(long seenEnded) {
    // First, and then looked at: see begin(), which does the same the other way round.
    pauseAll();
    if (series.endedIfQuiet() == seenEnded) {
      return true;
    }
    resumeAll();
    return false;
  }

  /**
   * Stops to write as {@link #withdraw} does, but not if a prediction may have been recorded that
   * was never started: it is never in flight, so it may come after the counts were given, and be
   * given with them nevertheless.
   */
  boolean withdrawToGive(long ended) {
    if (!withdraw(ended)) {
      return false;
    }
    if (series.expectsUnstarted()) {
      resumeAll();
      return false;
    }
    return true;
  }

  private void resumeAll() {
    resume();
    if (sharers != null) {
      sharers.forEach(Destination::resume);
    }
  }

  /** Returns where the calling thread warms the model up; {@code null} if it does not. */
  private @Nullable Recordings warmingUp() {
    WarmUp current = base.warmUp;
    return current != null && current.thread == Thread.currentThread() ? current.recordings : null;
  }

  private Recordings shownRecordings() {
    Recordings to = target;
    while (to == null) {
      models.rejoin(recorder);
      to = target;
    }
    return to;
  }

  /**
   * Counts a start. Whoever withdraws the series looks for one once they are gone, and this looks
   * whether they are gone once it has started: one of both sees the other.
   */
  Recordings begin() {
    Recordings to = target;
    if (to != null && base.warmUp == null) {
      to.cells().start();
      if (target == to) {
        return to;
      }
      to.cells().discard();
    }
    return beginElsewhere();
  }

  private Recordings beginElsewhere() {
    Recordings warmingUp = warmingUp();
    if (warmingUp != null) {
      warmingUp.cells().start();
      return warmingUp;
    }
    while (true) {
      Recordings to = shownRecordings();
      to.cells().start();
      if (target == to) {
        return to;
      }
      to.cells().discard();
    }
  }

  /** Counts a prediction that was timed elsewhere. */
  void count(Outcome outcome, long nanos) {
    Recordings warmingUp = base.warmUp == null ? null : warmingUp();
    if (warmingUp != null) {
      warmingUp.cells().record(outcome, nanos);
      return;
    }
    while (true) {
      Destination whose = base.owner;
      Recordings to = shownRecordings();
      if (to.cells().expectUnstarted()) {
        // Whoever gives the counts away clears the target, and then looks whether that was said.
        continue;
      }
      to.cells().record(outcome, nanos);
      // What this reads, it reads after it has claimed cells: who clears the target and then finds
      // no claim either finds the count, or this finds no target.
      if (to.isWithin(whose.target) || models.keep(this, to, whose)) {
        return;
      }
    }
  }

  /**
   * Returns whether this writes to some recordings, in which a count came too late for those who
   * withdrew them. If not, they are not shown again, since others get the count. Called under the
   * lock of the models, as all that moves this.
   */
  boolean keeps(Recordings late, Destination whose) {
    if (target == late) {
      return true;
    }
    whose.given = true;
    return false;
  }
}
