package io.lockstep.data.exchange;

import io.lockstep.data.InputException;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.Values;
import io.lockstep.data.normalize.Column;
import io.lockstep.data.normalize.ColumnStatistics;
import io.lockstep.data.normalize.Encoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * How the columns of an input become features. One bucket, whose parts are merged in the order of
 * the splits: the order decides the last bits of moments.
 *
 * @param input of the raw examples
 * @param columns of it
 * @param dictionary words of each column by their ids; empty for numbers
 */
public record EncodingFit(int input, List<Column> columns, List<List<String>> dictionary)
    implements Fit<Encoding> {
  public EncodingFit {
    columns = List.copyOf(columns);
    dictionary = dictionary.stream().map(List::copyOf).toList();
  }

  @Override
  public int buckets() {
    return 1;
  }

  private List<ColumnStatistics> nothing() {
    List<ColumnStatistics> statistics = new ArrayList<>();
    for (Column column : columns) {
      statistics.add(ColumnStatistics.of(column, dictionary.get(statistics.size())));
    }
    return statistics;
  }

  @Override
  public Iterator<Part> collect(int split, Iterator<Block> raw, LongPredicate training) {
    List<ColumnStatistics> statistics = nothing();
    while (raw.hasNext()) {
      Block block = raw.next();
      Values values = block.values(input);
      for (int row = 0; row < block.size(); row++) {
        if (training.test(block.id(row))) {
          int from = block.from(input, row);
          for (int i = 0; i < statistics.size(); i++) {
            statistics.get(i).add(values.at(from + i));
          }
        }
      }
    }
    return List.of(new Part(split, 0, 0, encode(statistics))).iterator();
  }

  @Override
  public byte[] merge(Iterator<Part> parts) {
    List<Part> all = new ArrayList<>();
    parts.forEachRemaining(all::add);
    all.sort(Comparator.comparingInt(Part::split));
    List<ColumnStatistics> whole = nothing();
    for (Part part : all) {
      List<ColumnStatistics> own = decode(part.state());
      for (int i = 0; i < whole.size(); i++) {
        whole.get(i).merge(own.get(i));
      }
    }
    return encode(whole);
  }

  /**
   * What was learned.
   *
   * @throws InputException if nothing can be learned of a column
   */
  @Override
  public Encoding finish(List<byte[]> merged) {
    return new Encoding(decode(merged.get(0)).stream().map(ColumnStatistics::finish).toList());
  }

  private static byte[] encode(List<ColumnStatistics> statistics) {
    var bytes = new ByteArrayOutputStream();
    try {
      var out = new DataOutputStream(bytes);
      for (ColumnStatistics each : statistics) {
        each.writeTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private List<ColumnStatistics> decode(byte[] bytes) {
    List<ColumnStatistics> statistics = nothing();
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      for (ColumnStatistics each : statistics) {
        each.readFrom(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("damaged statistics of columns", e);
    }
    return statistics;
  }
}
