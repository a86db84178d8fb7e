package io.lockstep.data.series;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.Values;
import java.io.Serializable;
import java.util.List;

/**
 * The parts of a source of series by time: windows are numbered in the order of the splits, first
 * those that may be trained, then those that are held out. A reader numbers the first from 0 and
 * the others from -1 downwards.
 *
 * @param heldBefore windows held out in the splits before each, and in all at the end
 * @param scales per split, by the series' number in it, the scale of each target
 * @param notes what the user should know, a sentence each
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record SeriesParts(long[] heldBefore, List<double[][]> scales, List<String> notes)
    implements Serializable {
  public SeriesParts {
    scales = List.copyOf(scales);
    notes = List.copyOf(notes);
  }

  public long held() {
    return heldBefore[heldBefore.length - 1];
  }

  /** The id of an example that is held out. */
  public long id(long trained, int split, long raw) {
    return trained + heldBefore[split] - raw - 1;
  }

  /** Puts scales where the reader, who does not know them yet, has put numbers of series. */
  public Block scaled(int split, Block block) {
    int column = block.schema().firstReference() + 1;
    int width = block.schema().fields().get(column).width();
    double[] scale = new double[block.size() * width];
    for (int row = 0; row < block.size(); row++) {
      double[] known = scales.get(split)[(int) block.values(column).at(row * width)];
      for (int i = 0; i < width; i++) {
        scale[row * width + i] = known[i % known.length];
      }
    }
    Values[] columns = new Values[block.schema().fields().size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = i == column ? new Values.Doubles(scale) : block.values(i);
    }
    return block.withColumns(block.schema(), columns);
  }
}
