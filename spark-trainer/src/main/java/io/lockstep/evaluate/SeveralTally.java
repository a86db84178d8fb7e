package io.lockstep.evaluate;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What is remembered of each of several outputs: an accumulator of its own.
 *
 * <p>Byte layout: of each output the length of its state (int) and the state, as {@link
 * EvaluationAccumulator} has it.
 */
final class SeveralTally implements Tally {
  private final List<EvaluationSpec.Output> specs;
  private final List<EvaluationAccumulator> outputs;

  SeveralTally(EvaluationSpec spec) {
    specs = spec.outputs();
    outputs = specs.stream().map(it -> new EvaluationAccumulator(it.spec())).toList();
  }

  /** What is remembered of one output. */
  EvaluationAccumulator output(int number) {
    return outputs.get(number);
  }

  @Override
  public void add(float[] values, float[] labels, float[] weights, int rows) {
    throw new UnsupportedOperationException("each output has values of its own");
  }

  @Override
  public void merge(Tally other) {
    for (int i = 0; i < outputs.size(); i++) {
      outputs.get(i).merge(((SeveralTally) other).outputs.get(i));
    }
  }

  @Override
  public long encodedBytes() {
    return outputs.stream().mapToLong(it -> Integer.BYTES + it.encodedBytes()).sum();
  }

  @Override
  public void write(ByteBuffer out) {
    for (EvaluationAccumulator output : outputs) {
      byte[] state = output.encode();
      out.putInt(state.length).put(state);
    }
  }

  @Override
  public void read(ByteBuffer in) {
    for (EvaluationAccumulator output : outputs) {
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new IllegalArgumentException("an output's state of %d bytes".formatted(length));
      }
      byte[] state = new byte[length];
      in.get(state);
      output.merge(EvaluationAccumulator.decode(state));
    }
  }

  @Override
  public void report(EvaluationResult.Builder result, List<String> names) {
    for (int i = 0; i < outputs.size(); i++) {
      result.output(specs.get(i).name(), outputs.get(i).result());
    }
  }
}
