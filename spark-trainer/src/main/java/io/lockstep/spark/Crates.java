package io.lockstep.spark;

import io.lockstep.data.block.Block;
import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.exchange.Fit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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

  /**
   * The blocks of a split, without the report.
   *
   * @param found what it held when it was read first
   */
  private static Iterator<Block> blocks(
      Iterator<SerializableWritable<Crate>> split, FoundSplit found) {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(split, 0), false)
        .map(crate -> found.checked(crate.value()).block())
        .filter(Objects::nonNull)
        .iterator();
  }

  /**
   * What one split brings to a fit, by bucket: {@code int32} split, {@code int32} number, then the
   * state.
   */
  static Iterator<Tuple2<Integer, byte[]>> collect(
      Exchange exchange,
      Fit<?> fit,
      int split,
      Iterator<SerializableWritable<Crate>> crates,
      FoundSplit found) {
    Iterator<Fit.Part> parts = exchange.collect(fit, split, blocks(crates, found));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return parts.hasNext();
      }

      @Override
      public Tuple2<Integer, byte[]> next() {
        Fit.Part part = parts.next();
        return new Tuple2<>(
            part.bucket(),
            ByteBuffer.allocate(2 * Integer.BYTES + part.state().length)
                .putInt(part.split())
                .putInt(part.number())
                .put(part.state())
                .array());
      }
    };
  }

  /** What arrived of one bucket of a fit, merged. */
  static byte[] merge(Fit<?> fit, Iterator<Tuple2<Integer, byte[]>> arrived) {
    return fit.merge(
        StreamSupport.stream(Spliterators.spliteratorUnknownSize(arrived, 0), false)
            .map(each -> part(each._1(), ByteBuffer.wrap(each._2())))
            .iterator());
  }

  private static Fit.Part part(int bucket, ByteBuffer bytes) {
    int split = bytes.getInt();
    int number = bytes.getInt();
    byte[] state = new byte[bytes.remaining()];
    bytes.get(state);
    return new Fit.Part(split, number, bucket, state);
  }

  /**
   * The rows of a split on their way.
   *
   * @param found what it held when it was read first
   */
  static Iterator<Exchange.Routed> route(
      Exchange exchange,
      int split,
      Iterator<SerializableWritable<Crate>> crates,
      FoundSplit found) {
    return exchange.route(split, blocks(crates, found));
  }

  /** As they pass a shuffle, by the number of the block that they go to. */
  static Iterator<Tuple2<Integer, byte[]>> encoded(Iterator<Exchange.Routed> routed) {
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
