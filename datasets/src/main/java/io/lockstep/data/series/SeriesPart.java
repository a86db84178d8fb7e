package io.lockstep.data.series;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a split holds of a series.
 *
 * @param name of the series
 * @param rows of it
 * @param usable rows of it before the end that the plan sets
 * @param errors sums of absolute errors of the naive one-step forecast, {@code [targets]}
 * @param pairs of rows that were compared for them
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record SeriesPart(String name, long rows, long usable, double[] errors, long pairs) {
  void writeTo(DataOutput out) throws IOException {
    out.writeUTF(name);
    out.writeLong(rows);
    out.writeLong(usable);
    out.writeInt(errors.length);
    for (double error : errors) {
      out.writeDouble(error);
    }
    out.writeLong(pairs);
  }

  static SeriesPart readFrom(DataInput in) throws IOException {
    String name = in.readUTF();
    long rows = in.readLong();
    long usable = in.readLong();
    double[] errors = new double[in.readInt()];
    for (int i = 0; i < errors.length; i++) {
      errors[i] = in.readDouble();
    }
    return new SeriesPart(name, rows, usable, errors, in.readLong());
  }
}
