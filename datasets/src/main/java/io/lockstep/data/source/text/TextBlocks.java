package io.lockstep.data.source.text;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.Schema;
import io.lockstep.data.file.Sha256;
import io.lockstep.data.source.ToScore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Collects standardised texts into blocks, and what is to be reported of them. Not thread-safe. */
final class TextBlocks {
  private static final int BLOCK_BYTES = 4 << 20;
  private static final int MOST_EXAMPLES = 1 << 16;

  private final Schema schema;
  private final int most;
  private final MessageDigest digest = Sha256.digest();
  private BlockBuilder builder;
  private long examples;
  private long steps;

  TextBlocks(Schema schema) {
    this(schema, ToScore.NOT);
  }

  TextBlocks(Schema schema, ToScore how) {
    this.schema = schema;
    most = how.rows(MOST_EXAMPLES);
    builder = new BlockBuilder(schema, 16);
  }

  /**
   * Adds an example.
   *
   * @param standardized its text
   * @param steps time steps that it will have
   */
  void add(String standardized, int steps) {
    begin(standardized, steps);
    builder.end();
  }

  /**
   * Adds an example of a class.
   *
   * @param label the split's own id of the class
   */
  void add(String standardized, int steps, int label) {
    begin(standardized, steps);
    builder.put(1, label);
    builder.end();
  }

  private void begin(String standardized, int count) {
    byte[] text = standardized.getBytes(StandardCharsets.UTF_8);
    builder.begin(examples++);
    builder.put(0, text, 0, text.length);
    steps += count;
  }

  /** Whether it is time to {@link #take} a block. */
  boolean full() {
    return builder.bytes() >= BLOCK_BYTES || builder.size() == most;
  }

  /** The block of what was added since the last one; empty if nothing was. */
  Optional<Block> take() {
    if (builder.size() == 0) {
      return Optional.empty();
    }
    Block block = builder.build();
    builder = new BlockBuilder(schema, 16);
    block.update(digest);
    return Optional.of(block);
  }

  /** A block without examples. */
  Block none() {
    return new BlockBuilder(schema, 1).build();
  }

  long examples() {
    return examples;
  }

  long steps() {
    return steps;
  }

  /** SHA-256 of the blocks taken; asked once. */
  String hash() {
    return Sha256.hex(digest);
  }
}
