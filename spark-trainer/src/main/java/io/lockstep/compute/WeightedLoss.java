package io.lockstep.compute;

import java.util.Arrays;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss in which every example counts as much as its weight says: {@code sum of w l}.
 *
 * <p>DL4J itself knows masks of labels only, and multiplies those into the pre-outputs, of which
 * softmax would make other probabilities. Here another loss is asked, and each row of its score and
 * of its gradient is multiplied afterwards. So it is right for losses that are a sum over rows, of
 * which each hangs on its own row alone.
 *
 * <p>Rows are examples {@code [batch, width]}, or time steps {@code [batch * time, width]} as
 * DL4J's recurrent output layers make them: in {@code 'f'} order, so row r is of example {@code r %
 * batch}. Made for one minibatch, and never written to a file. Not thread-safe.
 */
public final class WeightedLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final ILossFunction loss;
  private final float[] weights;

  /**
   * @param weights of the examples of the minibatch, {@code [batch]}
   */
  public WeightedLoss(ILossFunction loss, float[] weights) {
    this.loss = loss;
    this.weights = weights.clone();
  }

  /** What is weighted: the loss inside, or {@code loss} itself if it has no weights. */
  static ILossFunction inner(ILossFunction loss) {
    return loss instanceof WeightedLoss weighted ? weighted.loss : loss;
  }

  /** The weights of the examples that {@code loss} is told to use, {@code [batch]}; or null. */
  static float[] weights(ILossFunction loss) {
    return loss instanceof WeightedLoss weighted ? weighted.weights : null;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
    double sum = computeScoreArray(labels, preOutput, activation, mask).sumNumber().doubleValue();
    return average ? sum / labels.size(0) : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    INDArray scores = loss.computeScoreArray(labels, preOutput, activation, mask);
    return scores.reshape(scores.length(), 1).mul(column(scores.length(), scores));
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    INDArray gradient = loss.computeGradient(labels, preOutput, activation, mask);
    return gradient.muliColumnVector(column(gradient.size(0), gradient));
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
    return new Pair<>(
        computeScore(labels, preOutput, activation, mask, average),
        computeGradient(labels, preOutput, activation, mask));
  }

  /** The weight of each row, {@code [rows, 1]}. */
  private INDArray column(long rows, INDArray like) {
    if (rows % weights.length != 0) {
      throw new IllegalStateException(
          "%d rows are no time steps of %d examples".formatted(rows, weights.length));
    }
    float[] column = Arrays.copyOf(weights, Math.toIntExact(rows));
    for (int row = weights.length; row < rows; row++) {
      column[row] = weights[row % weights.length];
    }
    return Nd4j.createFromArray(column).reshape(rows, 1).castTo(like.dataType());
  }

  @Override
  public String name() {
    return loss.name();
  }

  @Override
  public String toString() {
    return loss + " weighted";
  }
}
