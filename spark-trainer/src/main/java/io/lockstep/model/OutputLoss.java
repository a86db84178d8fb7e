package io.lockstep.model;

import io.lockstep.compute.WeightedLoss;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.TimeSeriesUtils;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossCosineProximity;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;

/**
 * The loss of a network as a function of what it put out: the network's own loss function, asked
 * without running the network again.
 *
 * <p>DL4J's loss functions begin with {@code activation(preOutput)}, so one that is given an
 * activation that changes nothing takes outputs in place of pre-outputs. This is sound for those
 * named here; {@link #of} is empty, and DL4J's {@code score} with its second forward pass has to
 * do, where more than the outputs is needed:
 *
 * <ul>
 *   <li>binary cross-entropy after softmax, which takes the logarithm before the activation;
 *   <li>randomised rectifiers at the output, which DL4J draws anew for its score;
 *   <li>layers that add a loss of their own (centre loss, YOLO, one-class) or lay their outputs out
 *       in another way (images), and losses that are not DL4J's, of which nothing is known.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class OutputLoss {
  /** Exactly these: a subclass may look at the pre-output. */
  private static final Set<Class<? extends ILossFunction>> OF_OUTPUTS =
      Set.of(
          LossMCXENT.class,
          LossNegativeLogLikelihood.class,
          LossBinaryXENT.class,
          LossKLD.class,
          LossL1.class,
          LossL2.class,
          LossMAE.class,
          LossMSE.class,
          LossMAPE.class,
          LossMSLE.class,
          LossHinge.class,
          LossSquaredHinge.class,
          LossPoisson.class,
          LossCosineProximity.class);

  private final ILossFunction function;
  private final IActivation activated;
  private final boolean mean;
  private final boolean timeLast;

  private OutputLoss(
      ILossFunction function, IActivation activated, boolean mean, boolean timeLast) {
    this.function = function;
    this.activated = activated;
    this.mean = mean;
    this.timeLast = timeLast;
  }

  /** The loss of the network that ends in {@code last}, if its outputs are enough for it. */
  static Optional<OutputLoss> of(Layer last) {
    var layer = last.conf().getLayer();
    if (layer.getClass() == LossLayer.class) {
      LossLayer loss = (LossLayer) layer;
      return of(loss.getLossFn(), loss.getActivationFn(), true, true);
    }
    boolean plain = layer.getClass() == OutputLayer.class;
    boolean recurrent = layer.getClass() == RnnOutputLayer.class;
    if (!plain && !recurrent) {
      return Optional.empty();
    }
    BaseOutputLayer output = (BaseOutputLayer) layer;
    boolean timeLast = plain || ((RnnOutputLayer) layer).getRnnDataFormat() == RNNFormat.NCW;
    return of(output.getLossFn(), output.getActivationFn(), last.conf().isMiniBatch(), timeLast);
  }

  private static Optional<OutputLoss> of(
      ILossFunction function, IActivation activation, boolean mean, boolean timeLast) {
    boolean softmax = activation instanceof ActivationSoftmax;
    if (!OF_OUTPUTS.contains(function.getClass())
        || activation instanceof ActivationRReLU
        || (softmax && function instanceof LossBinaryXENT)) {
      return Optional.empty();
    }
    IActivation activated = softmax ? new ActivatedSoftmax() : new Activated();
    return Optional.of(new OutputLoss(function, activated, mean, timeLast));
  }

  /**
   * The mean over the examples.
   *
   * @param outputs {@code [batch, width]}, or {@code [batch, width, time]} as the layer's format
   *     has it; not masked
   * @param labels of the same shape
   * @param mask of labels, {@code [batch, 1]}, {@code [batch, time]} or as the labels; null for
   *     none
   * @param weights of the examples, {@code [batch]}; null if all count alike
   * @return what DL4J's {@code score} gives, but for rounding and regularisation
   */
  double of(INDArray outputs, INDArray labels, INDArray mask, float[] weights) {
    long examples = outputs.size(0);
    boolean steps = outputs.rank() == 3;
    double sum =
        (weights == null ? function : new WeightedLoss(function, weights))
            .computeScore(
                steps ? rows(labels) : labels,
                steps ? rows(outputs) : outputs,
                activated,
                steps && mask != null ? maskRows(mask) : mask,
                false);
    return mean ? sum / examples : sum;
  }

  /**
   * The loss of each example, summed over its time steps, whatever its weight.
   *
   * @param outputs as in {@link #of}
   * @param labels likewise
   * @param mask likewise
   */
  double[] each(INDArray outputs, INDArray labels, INDArray mask) {
    int examples = (int) outputs.size(0);
    boolean steps = outputs.rank() == 3;
    INDArray losses =
        function.computeScoreArray(
            steps ? rows(labels) : labels,
            steps ? rows(outputs) : outputs,
            activated,
            steps && mask != null ? maskRows(mask) : mask);
    float[] rows =
        Floats.read(losses.ordering() == 'c' && !losses.isView() ? losses : losses.dup('c'));
    double[] sums = new double[examples];
    for (int row = 0; row < rows.length; row++) {
      sums[row % examples] += rows[row]; // DL4J's rows go through the examples first
    }
    return sums;
  }

  /** A row per example and time step. */
  private INDArray rows(INDArray steps) {
    return TimeSeriesUtils.reshape3dTo2d(
        timeLast ? steps : steps.permute(0, 2, 1),
        LayerWorkspaceMgr.noWorkspaces(),
        ArrayType.FF_WORKING_MEM);
  }

  private INDArray maskRows(INDArray mask) {
    return mask.rank() == 3
        ? rows(mask)
        : TimeSeriesUtils.reshapeTimeSeriesMaskToVector(
            mask, LayerWorkspaceMgr.noWorkspaces(), ArrayType.FF_WORKING_MEM);
  }

  /** Does nothing: the values went through the activation already. */
  private static final class Activated implements IActivation {
    private static final long serialVersionUID = 1L;

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
      return in;
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
      throw new UnsupportedOperationException("only scores are computed of outputs");
    }

    @Override
    public int numParams(int inputSize) {
      return 0;
    }
  }

  /** The same after softmax, by whose class DL4J's cross-entropy knows to clip. */
  private static final class ActivatedSoftmax extends ActivationSoftmax {
    private static final long serialVersionUID = 1L;

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
      return in;
    }
  }
}
