package io.lockstep.train;

import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.order.Deal;
import io.lockstep.data.order.Deal.Arrangement;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import io.lockstep.ingest.DataRequest;
import io.lockstep.plan.DataPlan.Normalization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;

/**
 * Examples that are made up, each from its id alone.
 *
 * @param kind of them
 * @param examples how many
 */
public record MadeUp(Kind kind, int examples) implements ExampleSource {
  private static final long serialVersionUID = 1L;
  private static final int SPLIT = 64;

  /** Values of a wide row. */
  static final int WIDTH = 1 << 16;

  /** What is made up. */
  public enum Kind {
    /** 12 x 12 images of 4 classes, a bright quarter each, with noise. */
    DIGITS {
      @Override
      Schema schema() {
        return Schema.of(
            Field.of("image", ElementType.UINT8, 1, 12, 12), Field.of("class", ElementType.INT32));
      }

      @Override
      void fill(BlockBuilder to, long id) {
        var random = new SplittableRandom(id);
        byte[] pixels = new byte[144];
        int quarter = random.nextInt(4);
        for (int p = 0; p < 144; p++) {
          int own = (p / 12 / 6) * 2 + p % 12 / 6;
          pixels[p] = (byte) (random.nextInt(100) + (own == quarter ? random.nextInt(156) : 0));
        }
        to.put(0, pixels, 0, 144);
        to.put(1, quarter);
      }
    },
    /** The same 8 images for every one of 4 replicas, when 32 are dealt with the seed 42. */
    EIGHT_DIGITS_EACH {
      @Override
      Schema schema() {
        return DIGITS.schema();
      }

      @Override
      void fill(BlockBuilder to, long id) {
        DIGITS.fill(to, Deal.training(32, 0, 4, SEED).places().of(id).row());
      }
    },
    /** Rows of 65,536 bytes that are alike, of 4 classes. */
    WIDE {
      @Override
      Schema schema() {
        return Schema.of(
            Field.of("bytes", ElementType.UINT8, WIDTH), Field.of("class", ElementType.INT32));
      }

      @Override
      void fill(BlockBuilder to, long id) {
        byte[] bytes = new byte[WIDTH];
        new SplittableRandom(id).nextBytes(bytes);
        to.put(0, bytes, 0, WIDTH);
        to.put(1, bytes[0] & 3);
      }
    },
    /** 1 to 9 steps of 3 numbers, each step of the class of the sign of the sum so far. */
    SEQUENCES {
      @Override
      Schema schema() {
        return Schema.of(
            Field.sequence("numbers", ElementType.FLOAT32, 3),
            Field.sequence("sign", ElementType.INT32));
      }

      @Override
      void fill(BlockBuilder to, long id) {
        steps(to, id);
      }
    },
    /**
     * Windows of 5 steps of a stream, each step of the class of the sign of the sum of its window.
     */
    STREAM {
      @Override
      Schema schema() {
        return SEQUENCES.schema();
      }

      @Override
      void fill(BlockBuilder to, long id) {
        steps(to, id, 5);
      }
    },
    /** Sequences that do not all count alike. */
    WEIGHTED_SEQUENCES {
      @Override
      Schema schema() {
        Schema plain = SEQUENCES.schema();
        return new Schema(plain.inputs(), plain.labels(), true, false);
      }

      @Override
      void fill(BlockBuilder to, long id) {
        to.weight(0.5f + id % 4);
        steps(to, id);
      }
    },
    /** 1 to 9 steps of 3 numbers, of the class of the sign of their sum. */
    SERIES {
      @Override
      Schema schema() {
        return Schema.of(
            Field.sequence("numbers", ElementType.FLOAT32, 3), Field.of("sign", ElementType.INT32));
      }

      @Override
      void fill(BlockBuilder to, long id) {
        numbers(to, id, 1 + new SplittableRandom(id).nextInt(9));
      }
    },
    /**
     * A row of 4 numbers beside 1 to 9 steps of 3, with the sum of all of them and the class of
     * each step's sign: two inputs and two outputs, of which one each is a sequence.
     */
    ROW_AND_STEPS {
      @Override
      Schema schema() {
        return new Schema(
            List.of(
                Field.of("row", ElementType.FLOAT32, 4),
                Field.sequence("steps", ElementType.FLOAT32, 3)),
            List.of(
                Field.of("sum", ElementType.FLOAT32, 1), Field.sequence("sign", ElementType.INT32)),
            false,
            false);
      }

      @Override
      public Labels labels() {
        return new Labels.Several(
            List.of("sum", "sign"),
            List.of(new Labels.Targets(List.of("sum")), Labels.Classes.numbered(2)));
      }

      @Override
      void fill(BlockBuilder to, long id) {
        var random = new SplittableRandom(id);
        double sum = 0;
        for (int i = 0; i < 4; i++) {
          double number = random.nextDouble() - 0.5;
          sum += number;
          to.put(0, number);
        }
        for (int steps = 1 + random.nextInt(9); steps > 0; steps--) {
          double step = 0;
          for (int i = 0; i < 3; i++) {
            double number = random.nextDouble() - 0.5;
            step += number;
            to.put(1, number);
          }
          sum += step;
          to.put(3, step < 0 ? 0 : 1);
        }
        to.put(2, sum);
      }
    },
    /** The same, not all counting alike. */
    WEIGHTED_ROW_AND_STEPS {
      @Override
      Schema schema() {
        Schema plain = ROW_AND_STEPS.schema();
        return new Schema(plain.inputs(), plain.labels(), true, false);
      }

      @Override
      public Labels labels() {
        return ROW_AND_STEPS.labels();
      }

      @Override
      void fill(BlockBuilder to, long id) {
        to.weight(0.5f + id % 4);
        ROW_AND_STEPS.fill(to, id);
      }
    },
    /** 6 steps of 3 numbers, of the class of the sign of their sum. */
    ROWS {
      @Override
      Schema schema() {
        return Schema.of(
            Field.of("numbers", ElementType.FLOAT32, 6, 3), Field.of("sign", ElementType.INT32));
      }

      @Override
      void fill(BlockBuilder to, long id) {
        numbers(to, id, 6);
      }
    },
    /** 1 to 9 tokens, of the class of whether they hold more of the larger ones. */
    WORDS {
      @Override
      Schema schema() {
        return Schema.of(
            Field.sequence("words", ElementType.INT32), Field.of("class", ElementType.INT32));
      }

      @Override
      void fill(BlockBuilder to, long id) {
        to.put(1, tokens(to, id) < 0 ? 0 : 1);
      }
    };

    /** Number of different tokens of {@link #WORDS}. */
    public static final int VOCABULARY = 7;

    private static void numbers(BlockBuilder to, long id, int steps) {
      var random = new SplittableRandom(id);
      random.nextInt(9);
      double sum = 0;
      for (int i = 0; i < 3 * steps; i++) {
        double number = random.nextDouble() - 0.5;
        sum += number;
        to.put(0, number);
      }
      to.put(1, sum < 0 ? 0 : 1);
    }

    private static int tokens(BlockBuilder to, long id) {
      var random = new SplittableRandom(id);
      int sum = 0;
      for (int steps = 1 + random.nextInt(9); steps > 0; steps--) {
        int token = random.nextInt(VOCABULARY);
        sum += 2 * token - VOCABULARY;
        to.put(0, token);
      }
      return sum;
    }

    abstract Schema schema();

    /** Its classes. */
    public Labels labels() {
      boolean images = schema().inputs().get(0).type() == ElementType.UINT8;
      return Labels.Classes.numbered(images ? 4 : 2);
    }

    abstract void fill(BlockBuilder to, long id);

    private static void steps(BlockBuilder to, long id) {
      steps(to, id, 1 + new SplittableRandom(id).nextInt(9));
    }

    private static void steps(BlockBuilder to, long id, int count) {
      var random = new SplittableRandom(id);
      random.nextInt(9);
      double sum = 0;
      for (int steps = count; steps > 0; steps--) {
        for (int i = 0; i < 3; i++) {
          double number = random.nextDouble() - 0.5;
          sum += number;
          to.put(0, number);
        }
        to.put(1, sum < 0 ? 0 : 1);
      }
    }
  }

  /** The seed of all plans in these tests. */
  public static final long SEED = 42;

  /** Some examples, whose ids are {@code first} and the numbers after it. */
  public static Block block(Kind kind, long first, int size) {
    var builder = new BlockBuilder(kind.schema(), size);
    for (int i = 0; i < size; i++) {
      builder.begin(first + i);
      kind.fill(builder, first + i);
      builder.end();
    }
    return builder.build();
  }

  /**
   * Asks for these examples.
   *
   * @param held examples held out
   */
  public DataRequest request(int held, int replicas) {
    return new DataRequest(
        this,
        Optional.empty(),
        held / (double) examples,
        replicas,
        SEED,
        kind.schema().inputs().get(0).type() == ElementType.UINT8
            ? Normalization.SCALE
            : Normalization.NONE,
        64L << 20);
  }

  /** Asks for these examples in streams, as many as a minibatch has rows. */
  public DataRequest streams(int held, int replicas, int batch) {
    DataRequest plain = request(held, replicas);
    return new DataRequest(
        this,
        Optional.empty(),
        plain.validation(),
        replicas,
        SEED,
        plain.normalization(),
        plain.windowBytes(),
        Arrangement.IN_ORDER,
        batch,
        false);
  }

  @Override
  public SourceLayout layout(Configuration hadoop) {
    List<SourceSplit> splits = new ArrayList<>();
    for (int from = 0; from < examples; from += SPLIT) {
      splits.add(new SourceSplit(splits.size(), name(), from, Math.min(examples, from + SPLIT)));
    }
    return new SourceLayout(splits, kind.schema(), List.of(), List.of(), List.of(), 0);
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
      throws IOException {
    return new Reader(kind, split);
  }

  private static final class Reader implements SplitReader {
    private static final int ROWS = 10;
    private final Kind kind;
    private final SourceSplit split;
    private long at;
    private long steps;

    Reader(Kind kind, SourceSplit split) {
      this.kind = kind;
      this.split = split;
      this.at = split.from();
    }

    @Override
    public Optional<Block> next() {
      int size = (int) Math.min(ROWS, split.to() - at);
      if (size == 0) {
        return Optional.empty();
      }
      Block block = block(kind, at, size);
      long[] rows = new long[size];
      for (int i = 0; i < size; i++) {
        rows[i] = at - split.from() + i;
      }
      at += size;
      for (int column = 0; column < block.schema().inputs().size(); column++) {
        steps += block.schema().inputs().get(column).sequence() ? block.steps(column) : 0;
      }
      return Optional.of(block.withIds(rows));
    }

    @Override
    public SplitReport report() {
      return new SplitReport(
          split.to() - split.from(),
          0,
          steps,
          List.of(),
          Range.NONE,
          Range.NONE,
          "00".repeat(32),
          0,
          OptionalLong.empty(),
          List.of());
    }

    @Override
    public void close() {}
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    return Settled.of(layout, reports, kind.labels(), false);
  }

  @Override
  public ExampleSource like(Labels labels, List<String> columns) {
    return this;
  }

  @Override
  public String name() {
    return "made-up " + kind;
  }
}
