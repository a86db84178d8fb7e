package io.lockstep.spark;

import io.lockstep.data.IndexRange;
import io.lockstep.data.Shards;
import io.lockstep.ps.Contribution;
import io.lockstep.train.Merge;
import io.lockstep.train.RoundResult;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts the vectors of contributions, so that each slice can be merged somewhere else than on the
 * driver.
 *
 * <p>A value of the merged vector depends on the same value of each replica and nothing else; the
 * bits are the same however the vectors are cut.
 *
 * @param count number of slices
 */
record Slices(int count) implements Serializable {
  /** The slices of one outcome; one that says why there is no contribution stays whole. */
  List<Outcome> cut(Outcome outcome) {
    if (outcome.diverged()) {
      return List.of(outcome);
    }
    Contribution whole = outcome.contribution();
    List<Outcome> slices = new ArrayList<>(count);
    for (int slice = 0; slice < count; slice++) {
      Contribution part =
          new Contribution(
              whole.replica(),
              whole.weight(),
              whole.steps(),
              whole.lossSum(),
              whole.trained(),
              slice(whole.values(), slice),
              slice(whole.updater(), slice));
      slices.add(Outcome.of(part));
    }
    return slices;
  }

  /** One slice of all replicas, merged in replica order, whatever order they come in. */
  static Outcome merged(Iterable<Outcome> outcomes) {
    return Outcome.ofSlice(() -> merge(outcomes));
  }

  private static RoundResult merge(Iterable<Outcome> outcomes) {
    List<Contribution> contributions = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      contributions.add(outcome.contribution());
    }
    contributions.sort(Comparator.comparingInt(Contribution::replica));
    Merge merge = new Merge();
    contributions.forEach(merge::add);
    return merge.result();
  }

  /** Puts merged slices, in their order, together again. */
  static RoundResult join(List<Outcome> outcomes) {
    List<RoundResult> slices = outcomes.stream().map(Outcome::slice).toList();
    RoundResult first = slices.get(0);
    return new RoundResult(
        concat(slices.stream().map(RoundResult::values).toList()),
        concat(slices.stream().map(RoundResult::updater).toList()),
        first.examples(),
        first.steps(),
        first.loss(),
        first.shares());
  }

  private float[] slice(float[] vector, int slice) {
    IndexRange range = Shards.range(vector.length, count, slice);
    return Arrays.copyOfRange(vector, range.from(), range.to());
  }

  private static float[] concat(List<float[]> parts) {
    float[] whole = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }
}
