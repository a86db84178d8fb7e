package io.lockstep.spark;

import io.lockstep.data.block.Block;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.normalize.Standardization;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.SerializableWritable;
import scala.Tuple2;

/** What tasks do with the crates of a partition, one at a time. */
final class Crates {
  private Crates() {}

  /** The report, which is the last crate of a split. */
  static byte[] report(Iterator<SerializableWritable<Crate>> split) {
    byte[] report = null;
    while (split.hasNext()) {
      report = split.next().value().report();
    }
    return Objects.requireNonNull(report, "a split without a report");
  }

  /** The blocks of a split, without the report. */
  static Iterator<Block> blocks(Iterator<SerializableWritable<Crate>> split) {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(split, 0), false)
        .map(crate -> crate.value().block())
        .filter(Objects::nonNull)
        .iterator();
  }

  /** What one split brings to the fit, encoded. */
  static byte[] fit(Exchange exchange, int split, Iterator<SerializableWritable<Crate>> crates) {
    var bytes = new ByteArrayOutputStream();
    try {
      exchange.fit(split, blocks(crates)).writeTo(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  static Standardization.Fit fit(byte[] bytes, int width) {
    try {
      return Standardization.Fit.readFrom(
          new DataInputStream(new ByteArrayInputStream(bytes)), width);
    } catch (IOException e) {
      throw new UncheckedIOException("a damaged fit", e);
    }
  }

  /** The rows of a split on their way, by the number of the block that they go to. */
  static Iterator<Tuple2<Integer, byte[]>> route(
      Exchange exchange, int split, Iterator<SerializableWritable<Crate>> crates) {
    Iterator<Exchange.Routed> routed = exchange.route(split, blocks(crates));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return routed.hasNext();
      }

      @Override
      public Tuple2<Integer, byte[]> next() {
        Exchange.Routed next = routed.next();
        return new Tuple2<>(next.destination(), encode(next.rows()));
      }
    };
  }

  private static byte[] encode(Block block) {
    var bytes = new ByteArrayOutputStream((int) Math.min(1 << 30, block.bytes() + 256));
    try {
      block.writeTo(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /** A block of what arrived for it. */
  static SerializableWritable<Crate> assemble(
      Exchange exchange, int number, Iterator<Tuple2<Integer, byte[]>> arrived) {
    Iterator<Block> rows =
        StreamSupport.stream(Spliterators.spliteratorUnknownSize(arrived, 0), false)
            .map(each -> decode(each._2()))
            .iterator();
    return Crate.of(exchange.assemble(number, rows));
  }

  private static Block decode(byte[] bytes) {
    try {
      return Block.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException("a damaged block on its way", e);
    }
  }
}
