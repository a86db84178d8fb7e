package io.lockstep.compute;

import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.OutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;

/**
 * A fully connected output layer. The products are those of {@link FastDense}; softmax with
 * cross-entropy is one pass whose probabilities serve the gradient, {@code p - y}, and the score;
 * any other activation and loss are DL4J's own, on a result computed once per step, not three
 * times.
 */
final class FastOutput extends OutputLayer {
  static final String KERNEL = "sgemm, softmax and cross-entropy in one pass";
  static final String KERNEL_WITH_STOCK_LOSS = "sgemm, loss by DL4J";

  private final boolean first;
  private final boolean crossEntropy;
  private final Affine affine = new Affine();
  private final Scratch deltaScratch = new Scratch();

  /** What the last backward pass was about; the score of the same step follows from it. */
  private INDArray stepInput;

  private INDArray stepLabels;
  private double stepLoss;

  private FastOutput(OutputLayer stock, boolean first) {
    super(stock.conf(), stock.getParam(DefaultParamInitializer.WEIGHT_KEY).dataType());
    this.first = first;
    this.crossEntropy = crossEntropy(stock);
  }

  /** A layer that shares everything with {@code stock}. */
  static FastOutput of(OutputLayer stock, Site site) {
    FastOutput fast = new FastOutput(stock, site.first());
    Reflection.copyFields(stock, fast);
    return fast;
  }

  private static boolean crossEntropy(OutputLayer stock) {
    boolean softmax = stock.layerConf().getActivationFn() instanceof ActivationSoftmax;
    return softmax
        && stock.layerConf().getLossFn() instanceof LossMCXENT loss
        && (loss.getClass() == LossMCXENT.class
            || loss.getClass() == LossNegativeLogLikelihood.class)
        && loss.getWeights() == null;
  }

  String kernel() {
    return crossEntropy ? KERNEL : KERNEL_WITH_STOCK_LOSS;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (uncovered()) {
      return super.activate(training, workspaces);
    }
    INDArray output = preOutput(training, workspaces);
    if (!(layerConf().getActivationFn() instanceof ActivationSoftmax)) {
      return layerConf().getActivationFn().getActivation(output, training);
    }
    Memory memory = Memory.of(output);
    new Softmax((int) output.size(1)).forward(memory, (int) output.size(0));
    return output;
  }

  /** A mask, or an input of the wrong shape, which the stock layer explains. */
  private boolean uncovered() {
    return maskArray != null
        || input.rank() != 2
        || input.columns() != getParam(DefaultParamInitializer.WEIGHT_KEY).rows();
  }

  @Override
  protected INDArray preOutput(boolean training, LayerWorkspaceMgr workspaces) {
    if (uncovered()) {
      return super.preOutput(training, workspaces);
    }
    applyDropOutIfNecessary(training, workspaces);
    INDArray weights = getParam(DefaultParamInitializer.WEIGHT_KEY);
    INDArray bias = hasBias() ? getParam(DefaultParamInitializer.BIAS_KEY) : null;
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, weights.dataType(), input.size(0), weights.size(1));
    affine.forward(input.castTo(dataType), weights, bias, output);
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (uncovered()) {
      return super.backpropGradient(epsilon, workspaces);
    }
    INDArray preOutput = preOutput(true, workspaces);
    Memory delta = crossEntropy ? crossEntropyDelta(preOutput) : stockDelta(preOutput);
    INDArray weights = getParam(DefaultParamInitializer.WEIGHT_KEY);
    INDArray weightGradient = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
    INDArray biasGradient = hasBias() ? gradientViews.get(DefaultParamInitializer.BIAS_KEY) : null;
    affine.weightGradient(input.castTo(dataType), delta, weightGradient, biasGradient);
    INDArray below =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, weights.dataType(), input.size(0), weights.size(0));
    if (!(first && Backpropagation.discardsInputGradient())) {
      affine.inputGradient(delta, weights, below);
      below = backpropDropOutIfPresent(below);
    }
    Gradient gradient = new DefaultGradient();
    gradient.setGradientFor(DefaultParamInitializer.WEIGHT_KEY, weightGradient);
    if (hasBias()) {
      gradient.setGradientFor(DefaultParamInitializer.BIAS_KEY, biasGradient);
    }
    return new Pair<>(gradient, below);
  }

  private Memory crossEntropyDelta(INDArray preOutput) {
    if (!labels.equalShapes(preOutput)) {
      throw new IllegalArgumentException(
          "Labels and preOutput must have equal shapes: got shapes "
              + labels.shapeInfoToString()
              + " vs "
              + preOutput.shapeInfoToString());
    }
    int batch = (int) preOutput.size(0);
    int width = (int) preOutput.size(1);
    ILossFunction loss = layerConf().getLossFn();
    double clip = ((LossMCXENT) WeightedLoss.inner(loss)).getSoftmaxClipEps();
    Memory delta = deltaScratch.floats((long) batch * width);
    Softmax softmax = new Softmax(width);
    stepLoss =
        softmax.crossEntropy(
            Memory.of(preOutput),
            Affine.rowMajor(labels.castTo(dataType)),
            delta,
            batch,
            WeightedLoss.weights(loss),
            clip);
    stepInput = input;
    stepLabels = labels;
    return delta;
  }

  private Memory stockDelta(INDArray preOutput) {
    return Affine.rowMajor(
        layerConf()
            .getLossFn()
            .computeGradient(labels, preOutput, layerConf().getActivationFn(), maskArray));
  }

  @Override
  public double computeScore(
      double fullNetRegTerm, boolean training, LayerWorkspaceMgr workspaces) {
    boolean known = training && stepInput != null && stepInput == input && stepLabels == labels;
    if (!known || maskArray != null) {
      return super.computeScore(fullNetRegTerm, training, workspaces);
    }
    double loss = conf().isMiniBatch() ? stepLoss / getInputMiniBatchSize() : stepLoss;
    stepInput = null;
    stepLabels = null;
    score = loss + fullNetRegTerm;
    return score;
  }

  @Override
  public void clear() {
    super.clear();
    stepInput = null;
    stepLabels = null;
  }
}
