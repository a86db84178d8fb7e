package io.lockstep.compute.lanes;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The pointwise parts of a GRU's step in {@link VectorLanes}. */
final class VectorGru {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;

  private VectorGru() {}

  /** {@link Lanes#gruReset}. */
  static void reset(GruTape tape, int step) {
    int block = tape.block();
    int at = tape.gatesAt(step);
    for (int i = 0; i < block; i += VectorLanes.STRETCH) {
      int length = Math.min(VectorLanes.STRETCH, block - i);
      VectorSquash.sigmoid(tape.gates(), at + i, length);
      VectorSquash.sigmoid(tape.gates(), at + block + i, length);
      if (tape.resetAfter()) {
        resetProduct(tape, step, i, i + length);
      } else {
        resetState(tape, step, i, i + length);
      }
    }
  }

  private static void resetProduct(GruTape tape, int step, int from, int to) {
    float[] gates = tape.gates();
    float[] recurrent = tape.recurrent();
    int resetAt = tape.gatesAt(step) + tape.block();
    int sumAt = resetAt + tape.block();
    int recurrentAt = tape.recurrentAt(step);
    for (int i = from; i < to; i += Lanes.GROUP) {
      fromArray(S, gates, resetAt + i)
          .fma(fromArray(S, recurrent, recurrentAt + i), fromArray(S, gates, sumAt + i))
          .intoArray(gates, sumAt + i);
    }
  }

  private static void resetState(GruTape tape, int step, int from, int to) {
    float[] gates = tape.gates();
    float[] outputs = tape.outputs();
    float[] recurrent = tape.recurrent();
    int resetAt = tape.gatesAt(step) + tape.block();
    int beforeAt = tape.beforeAt(step);
    int recurrentAt = tape.recurrentAt(step);
    for (int i = from; i < to; i += Lanes.GROUP) {
      fromArray(S, gates, resetAt + i)
          .mul(fromArray(S, outputs, beforeAt + i))
          .intoArray(recurrent, recurrentAt + i);
    }
  }

  /** {@link Lanes#gruOutput}. */
  static void output(GruTape tape, int step) {
    int block = tape.block();
    int candidateAt = tape.gatesAt(step) + 2 * block;
    for (int i = 0; i < block; i += VectorLanes.STRETCH) {
      int length = Math.min(VectorLanes.STRETCH, block - i);
      VectorSquash.tanh(tape.gates(), candidateAt + i, length);
      mix(tape, step, i, i + length);
    }
  }

  private static void mix(GruTape tape, int step, int from, int to) {
    float[] gates = tape.gates();
    float[] outputs = tape.outputs();
    int updateAt = tape.gatesAt(step);
    int candidateAt = updateAt + 2 * tape.block();
    int beforeAt = tape.beforeAt(step);
    int outputsAt = tape.outputsAt(step);
    for (int i = from; i < to; i += Lanes.GROUP) {
      FloatVector candidate = fromArray(S, gates, candidateAt + i);
      fromArray(S, gates, updateAt + i)
          .fma(fromArray(S, outputs, beforeAt + i).sub(candidate), candidate)
          .intoArray(outputs, outputsAt + i);
    }
  }

  /** {@link Lanes#gruOutputBackward}. */
  static void outputBackward(GruTape tape, int step, Block output, Block before) {
    float[] gates = tape.gates();
    float[] outputs = tape.outputs();
    float[] errors = output.data();
    float[] errorsBefore = before.data();
    int block = tape.block();
    int updateAt = tape.gatesAt(step);
    int candidateAt = updateAt + 2 * block;
    int beforeAt = tape.beforeAt(step);
    int errorAt = output.at();
    int errorBeforeAt = before.at();
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < block; i += Lanes.GROUP) {
      FloatVector update = fromArray(S, gates, updateAt + i);
      FloatVector candidate = fromArray(S, gates, candidateAt + i);
      FloatVector error = fromArray(S, errors, errorAt + i);
      FloatVector left = one.sub(update);
      error
          .mul(fromArray(S, outputs, beforeAt + i).sub(candidate))
          .mul(update.mul(left))
          .intoArray(gates, updateAt + i);
      error.mul(left).mul(candidate.neg().fma(candidate, one)).intoArray(gates, candidateAt + i);
      error
          .fma(update, fromArray(S, errorsBefore, errorBeforeAt + i))
          .intoArray(errorsBefore, errorBeforeAt + i);
    }
  }

  /** {@link Lanes#gruResetBackward}. */
  static void resetBackward(GruTape tape, int step, float[] passed, Block before) {
    if (tape.resetAfter()) {
      resetProductBackward(tape, step);
    } else {
      resetStateBackward(tape, step, passed, before);
    }
  }

  private static void resetProductBackward(GruTape tape, int step) {
    float[] gates = tape.gates();
    float[] recurrent = tape.recurrent();
    int block = tape.block();
    int resetAt = tape.gatesAt(step) + block;
    int candidateAt = resetAt + block;
    int recurrentAt = tape.recurrentAt(step);
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < block; i += Lanes.GROUP) {
      FloatVector reset = fromArray(S, gates, resetAt + i);
      FloatVector candidate = fromArray(S, gates, candidateAt + i);
      candidate
          .mul(fromArray(S, recurrent, recurrentAt + i))
          .mul(reset.mul(one.sub(reset)))
          .intoArray(gates, resetAt + i);
      candidate.mul(reset).intoArray(recurrent, recurrentAt + i);
    }
  }

  private static void resetStateBackward(GruTape tape, int step, float[] passed, Block before) {
    float[] gates = tape.gates();
    float[] outputs = tape.outputs();
    float[] errors = before.data();
    int block = tape.block();
    int resetAt = tape.gatesAt(step) + block;
    int beforeAt = tape.beforeAt(step);
    int errorAt = before.at();
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < block; i += Lanes.GROUP) {
      FloatVector reset = fromArray(S, gates, resetAt + i);
      FloatVector error = fromArray(S, passed, i);
      error
          .mul(fromArray(S, outputs, beforeAt + i))
          .mul(reset.mul(one.sub(reset)))
          .intoArray(gates, resetAt + i);
      error.fma(reset, fromArray(S, errors, errorAt + i)).intoArray(errors, errorAt + i);
    }
  }
}
