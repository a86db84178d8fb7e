package io.lockstep.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** An evaluation takes some MiB, however many examples it has and wherever they were measured. */
class BoundedTalliesTest {
  private static final EvaluationSpec YES_OR_NO = new EvaluationSpec(Task.BINARY, 1);

  /** Scores that tell yes from no somewhat; by the trapezoid rule on all pairs, computed apart. */
  private static EvaluationAccumulator scored(int from, int to, boolean coarse) {
    var accumulator = new EvaluationAccumulator(YES_OR_NO);
    for (int i = from; i < to; i++) {
      var random = new SplittableRandom(i);
      boolean yes = random.nextBoolean();
      double score = random.nextDouble() * 0.7 + (yes ? 0.3 : 0);
      float shown = (float) (coarse ? Math.rint(score * 64) / 64 : score);
      accumulator.add(new float[] {shown}, new float[] {yes ? 1 : 0}, 1, 0.5);
    }
    return accumulator;
  }

  @Test
  void beyondAMillionScoresTheAreaIsStillRight() {
    int many = Scores.EXACT + 200_000;
    // Scores that are few different numbers are told apart by the bins as well as by themselves.
    EvaluationResult binned = scored(0, many, true).result();
    EvaluationResult exact = scored(0, Scores.EXACT, true).result();
    assertThat(binned.metric("auc")).isCloseTo(exact.metric("auc"), Offset.offset(2e-3));
    // P(score of yes > score of no) for two uniform distributions that overlap in 0.4 of 0.7
    double expected = 1 - 0.4 * 0.4 / (2 * 0.7 * 0.7);
    assertThat(scored(0, many, false).result().metric("auc"))
        .isCloseTo(expected, Offset.offset(2e-3));
  }

  @Test
  void theOrderOfMergingChangesNothingAlsoWhereItBeginsToCount() {
    int third = Scores.EXACT / 3 + 1000;
    var forwards = new EvaluationAccumulator(YES_OR_NO);
    var backwards = new EvaluationAccumulator(YES_OR_NO);
    for (int i = 0; i < 3; i++) {
      forwards.merge(scored(i * third, (i + 1) * third, false));
      backwards.merge(scored((2 - i) * third, (3 - i) * third, false));
    }
    EvaluationAccumulator atOnce = scored(0, 3 * third, false);
    assertThat(forwards.result().metric("auc")).isEqualTo(backwards.result().metric("auc"));
    assertThat(forwards.result().metric("auc")).isEqualTo(atOnce.result().metric("auc"));
    assertThat(EvaluationAccumulator.decode(forwards.encode()).result().metric("auprc"))
        .isEqualTo(atOnce.result().metric("auprc"));
    assertThat(forwards.encode().length).isLessThan(5 << 20);
  }

  @Test
  void aPieceOfAThousandClassesIsSmall() {
    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.CLASSIFICATION, 1000));
    for (int i = 0; i < 50; i++) {
      float[] outputs = new float[1000];
      float[] labels = new float[1000];
      outputs[i * 7 % 1000] = 1;
      labels[i * 11 % 1000] = 1;
      accumulator.add(outputs, labels, 1, 0.5);
    }
    byte[] encoded = accumulator.encode();
    assertThat(encoded.length).isLessThan(30_000);
    assertThat(EvaluationAccumulator.decode(encoded).encode()).isEqualTo(encoded);
    assertThat(EvaluationAccumulator.decode(encoded).result().toJson())
        .isEqualTo(accumulator.result().toJson());
  }

  /** The rows of sequences are their time steps, the loss is a mean over the sequences. */
  @Test
  void aLossIsAveragedByItsOwnWeight() {
    var accumulator = new EvaluationAccumulator(YES_OR_NO);
    accumulator.add(new float[] {1, 0, 1}, new float[] {1, 0, 0}, 3, 6.0, 1);
    accumulator.add(new float[] {1}, new float[] {1}, 1, 2.0, 1);
    assertThat(accumulator.examples()).isEqualTo(4);
    assertThat(accumulator.result().metric("loss")).isEqualTo(4.0);
    assertThat(accumulator.result().metric("accuracy")).isEqualTo(0.75);
  }

  @Test
  void r2OfAConstantIsNoNumber() {
    var accumulator = new EvaluationAccumulator(new EvaluationSpec(Task.REGRESSION, 1));
    accumulator.add(new float[] {1, 2}, new float[] {3, 3}, 2, 1);
    assertThat(accumulator.result().metric("r2")).isNaN();
  }
}
