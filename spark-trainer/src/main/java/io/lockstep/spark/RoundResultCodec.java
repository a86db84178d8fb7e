package io.lockstep.spark;

import io.lockstep.ps.Contribution;
import io.lockstep.ps.StateCodec;
import io.lockstep.train.RoundResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A merged slice as bytes, little-endian: {@code int32 shares}, per share {@code int32 replica |
 * int64 examples | int32 steps | int64 trained}, {@code float64 loss}, then the vectors as a
 * contribution.
 */
final class RoundResultCodec {
  private static final int SHARE_BYTES = 24;

  private RoundResultCodec() {}

  static byte[] encode(RoundResult result) {
    byte[] vectors =
        StateCodec.encode(
            new Contribution(
                0, result.examples(), result.steps(), 0, 0, result.values(), result.updater()));
    byte[] bytes = new byte[12 + SHARE_BYTES * result.shares().size() + vectors.length];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(result.shares().size());
    for (RoundResult.Share share : result.shares()) {
      out.putInt(share.replica())
          .putLong(share.examples())
          .putInt(share.steps())
          .putLong(share.trained());
    }
    out.putDouble(result.loss()).put(vectors);
    return bytes;
  }

  static RoundResult decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<RoundResult.Share> shares = new ArrayList<>();
    for (int count = in.getInt(); count > 0; count--) {
      shares.add(new RoundResult.Share(in.getInt(), in.getLong(), in.getInt(), in.getLong()));
    }
    double loss = in.getDouble();
    Contribution vectors =
        StateCodec.decodeContribution(Arrays.copyOfRange(bytes, in.position(), bytes.length));
    return new RoundResult(
        vectors.values(),
        vectors.updater(),
        vectors.weight(),
        vectors.steps(),
        loss,
        List.copyOf(shares));
  }
}
