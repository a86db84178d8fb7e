package io.lockstep.spark;

import io.lockstep.ps.Contribution;
import io.lockstep.ps.StateCodec;
import io.lockstep.train.RoundResult;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A merged slice: {@code int32 shares}, each laid out as a contribution without values, then one
 * contribution that has the merged vectors, with the mean loss as the sum of its losses.
 */
final class MergedCodec {
  private static final float[] NONE = {};

  private MergedCodec() {}

  static long bytes(RoundResult result) {
    long bytes = Integer.BYTES + StateCodec.bytes(vectors(result));
    for (RoundResult.Share share : result.shares()) {
      bytes += StateCodec.bytes(contribution(share));
    }
    return bytes;
  }

  static void write(RoundResult result, DataOutput to) throws IOException {
    to.writeInt(result.shares().size());
    for (RoundResult.Share share : result.shares()) {
      StateCodec.write(contribution(share), to);
    }
    StateCodec.write(vectors(result), to);
  }

  static RoundResult read(DataInput from) throws IOException {
    List<RoundResult.Share> shares = new ArrayList<>();
    for (int count = from.readInt(); count > 0; count--) {
      Contribution share = StateCodec.readContribution(from);
      shares.add(
          new RoundResult.Share(
              share.replica(),
              share.examples(),
              share.steps(),
              share.padding(),
              share.trained(),
              share.carry()));
    }
    Contribution merged = StateCodec.readContribution(from);
    return new RoundResult(
        merged.values(), merged.updater(), merged.steps(), merged.lossSum(), shares);
  }

  private static Contribution contribution(RoundResult.Share share) {
    return new Contribution(
        share.replica(),
        share.examples(),
        0,
        share.steps(),
        0,
        share.padding(),
        share.trained(),
        share.carry(),
        NONE,
        NONE);
  }

  private static Contribution vectors(RoundResult result) {
    return new Contribution(
        0, 0, 1, result.steps(), result.loss(), 0, NONE, result.values(), result.updater());
  }
}
