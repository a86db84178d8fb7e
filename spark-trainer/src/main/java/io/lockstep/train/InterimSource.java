package io.lockstep.train;

import io.lockstep.data.ExampleBlock;
import io.lockstep.data.FeatureType;
import io.lockstep.data.Labels;
import io.lockstep.data.SourceSummary;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.Settlement;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import io.lockstep.data.source.SplitReport;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * A source that reads by positions, seen as one of splits, until it reads splits itself.
 *
 * @param source that reads by positions
 */
record InterimSource(io.lockstep.data.ExampleSource source) implements ExampleSource {
  private static final long serialVersionUID = 1L;
  private static final int ROWS = 1 << 16;

  @Override
  public SourceLayout layout(Configuration hadoop) throws IOException {
    SourceSummary found = source.inspect(hadoop);
    List<SourceSplit> splits = new ArrayList<>();
    for (int from = 0; from == 0 || from < found.examples(); from += ROWS) {
      splits.add(
          new SourceSplit(splits.size(), name(), from, Math.min(from + ROWS, found.examples())));
    }
    Field input =
        Field.of(
            "features",
            found.type() == FeatureType.UINT8 ? ElementType.UINT8 : ElementType.FLOAT32,
            IntStream.of(found.shape()).boxed().toArray(Integer[]::new));
    Field label =
        found.labels() instanceof Labels.Classes
            ? Field.of("label", ElementType.INT32)
            : Field.of("label", ElementType.FLOAT32, found.labels().width());
    return new SourceLayout(
        splits, Schema.of(input, label), List.of(), List.of(), found.labels().names(), 0);
  }

  private static Labels labels(SourceLayout layout) {
    boolean classes = layout.schema().labels().get(0).type() == ElementType.INT32;
    return classes ? new Labels.Classes(layout.targets()) : new Labels.Targets(layout.targets());
  }

  @Override
  public SplitReader open(Configuration hadoop, SourceLayout layout, SourceSplit split)
      throws IOException {
    ExampleBlock read =
        source
            .withLabels(labels(layout))
            .read(hadoop, IntStream.range((int) split.from(), (int) split.to()).toArray());
    return new Reader(block(layout.schema(), read));
  }

  private static Block block(Schema schema, ExampleBlock read) {
    var builder = new BlockBuilder(schema, Math.max(1, read.size()));
    float[] features = new float[read.width()];
    byte[] bytes = new byte[read.width()];
    float[] targets = new float[read.labelWidth()];
    for (int row = 0; row < read.size(); row++) {
      builder.begin(row);
      read.featuresInto(row, features, 0);
      if (read.type() == FeatureType.UINT8) {
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) (int) features[i];
        }
        builder.put(0, bytes, 0, bytes.length);
      } else {
        builder.put(0, features, 0, features.length);
      }
      if (read.hasClasses()) {
        builder.put(1, read.label(row));
      } else {
        read.labelsInto(row, targets, 0, targets.length);
        builder.put(1, targets, 0, targets.length);
      }
      builder.end();
    }
    return builder.build();
  }

  @Override
  public Settlement settle(SourceLayout layout, List<SplitReport> reports) {
    return Settled.of(layout, reports, labels(layout), false);
  }

  @Override
  public ExampleSource like(Labels labels, List<String> columns) {
    return new InterimSource(source.withLabels(labels));
  }

  @Override
  public String name() {
    return source.getClass().getSimpleName();
  }

  private static final class Reader implements SplitReader {
    private final Block block;
    private boolean given;

    Reader(Block block) {
      this.block = block;
    }

    @Override
    public Optional<Block> next() {
      boolean first = !given && block.size() > 0;
      given = true;
      return first ? Optional.of(block) : Optional.empty();
    }

    @Override
    public SplitReport report() {
      return new SplitReport(
          block.size(),
          0,
          0,
          List.of(),
          Range.NONE,
          Range.NONE,
          hash(),
          0,
          OptionalLong.empty(),
          List.of());
    }

    private String hash() {
      try (var digest =
          new DigestOutputStream(
              OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"))) {
        block.writeTo(new DataOutputStream(digest));
        return HexFormat.of().formatHex(digest.getMessageDigest().digest());
      } catch (IOException | NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {}
  }
}
