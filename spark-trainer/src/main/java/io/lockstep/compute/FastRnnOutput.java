package io.lockstep.compute;

import io.lockstep.compute.lanes.Lanes;
import io.lockstep.compute.lanes.Panels;
import io.lockstep.compute.lanes.Steps;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.RnnOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Softmax and cross-entropy at every time step, computed on sequences as they lie: stock DL4J
 * reshapes and permutes input, labels and gradient, computes the layer twice per training step and
 * the softmax three times. Here the backward pass keeps the score for {@link #computeScore}.
 *
 * <p>Masks of one factor per time step are covered; with one per output the stock layer is asked.
 */
final class FastRnnOutput extends RnnOutputLayer {
  private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
  private static final String BIAS = DefaultParamInitializer.BIAS_KEY;

  private final transient Lanes lanes = Lanes.best();
  private final transient Sequence inputs = Sequence.plain();
  private final transient Sequence outputs = Sequence.plain();
  private final transient Sequence wanted = Sequence.plain();
  private final transient StepMask mask = new StepMask();
  private final transient Sequence below = Sequence.plain();
  private final transient Weights weights = new Weights();
  private transient float[] bias = new float[0];

  /** The mask as it was set, one row per sequence; null without a mask. */
  private transient INDArray stepMask;

  /** What the kept sum of losses belongs to. */
  private transient INDArray scoredInput;

  private transient INDArray scoredLabels;
  private transient INDArray scoredMask;
  private transient double loss;

  private FastRnnOutput(RnnOutputLayer stock) {
    super(stock.conf(), DataType.FLOAT);
  }

  /** A layer that shares everything with {@code stock}. */
  static FastRnnOutput of(RnnOutputLayer stock) {
    FastRnnOutput fast = new FastRnnOutput(stock);
    Reflection.copyFields(stock, fast);
    return fast;
  }

  @Override
  public void setMaskArray(INDArray maskArray) {
    super.setMaskArray(maskArray);
    stepMask = maskArray;
  }

  /** A mask per output, one set past {@link #setMaskArray}, or shapes that stock DL4J explains. */
  private boolean uncovered(boolean labelled) {
    if (maskArray != null && (stepMask == null || stepMask.rank() != 2)) {
      return true;
    }
    if (input.rank() != 3 || sized(input).size(1) != getParam(WEIGHTS).size(0)) {
      return true;
    }
    return labelled
        && (labels.rank() != 3
            || sized(labels).size(1) != getParam(WEIGHTS).size(1)
            || sized(labels).size(2) != sized(input).size(2));
  }

  /** {@code [batch, size, time]}, whatever the layer's format. */
  private INDArray sized(INDArray array) {
    return layerConf().getRnnDataFormat() == RNNFormat.NWC ? array.permute(0, 2, 1) : array;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (uncovered(false)) {
      return super.activate(training, workspaces);
    }
    forward();
    if (maskArray != null) {
      mask.load(stepMask);
      mask.apply(outputs);
    }
    return sized(outputs.toArray(ArrayType.ACTIVATIONS, workspaces));
  }

  /** From {@link #input} to probabilities in {@link #outputs}. */
  private void forward() {
    INDArray matrix = getParam(WEIGHTS);
    weights.load(matrix);
    if (bias.length != matrix.size(1)) {
      bias = new float[(int) matrix.size(1)];
    }
    if (hasBias()) {
      Memory.of(getParam(BIAS)).get(0, bias, bias.length);
    }
    inputs.load(sized(input).castTo(DataType.FLOAT));
    outputs.resize(inputs.examples(), bias.length, inputs.steps());
    Panels panels = weights.panels();
    for (int step = 0; step < inputs.steps(); step++) {
      lanes.multiply(inputs.block(step), panels, bias, outputs.block(step));
      lanes.softmax(outputs.block(step), bias.length);
    }
  }

  private static void weigh(Sequence sequence, float[] ofExamples) {
    for (int step = 0; step < sequence.steps(); step++) {
      sequence.scale(step, ofExamples, 0);
    }
  }

  @Override
  public double computeScore(
      double fullNetRegTerm, boolean training, LayerWorkspaceMgr workspaces) {
    if (input == null || labels == null || uncovered(true)) {
      return super.computeScore(fullNetRegTerm, training, workspaces);
    }
    if (scoredInput != input || scoredLabels != labels || scoredMask != maskArray) {
      forward();
      wanted.load(sized(labels).castTo(DataType.FLOAT));
      keepLoss();
    }
    score = (conf().isMiniBatch() ? loss / getInputMiniBatchSize() : loss) + fullNetRegTerm;
    forget();
    return score;
  }

  /** Sums the losses of all steps, in the order of memory, and remembers what they belong to. */
  private void keepLoss() {
    if (maskArray != null) {
      mask.load(stepMask);
    }
    ILossFunction function = layerConf().getLossFn();
    double floor = ((LossMCXENT) WeightedLoss.inner(function)).getSoftmaxClipEps();
    float[] ofExamples = WeightedLoss.weights(function);
    double sum = 0;
    for (int step = 0; step < outputs.steps(); step++) {
      sum += loss(step, (float) floor, ofExamples);
    }
    loss = sum;
    scoredInput = input;
    scoredLabels = labels;
    scoredMask = maskArray;
  }

  private double loss(int step, float floor, float[] ofExamples) {
    float[] probabilities = outputs.data();
    float[] targets = wanted.data();
    int width = outputs.width();
    double sum = 0;
    for (int unit = 0; unit < outputs.units(); unit++) {
      int at = outputs.at(step) + unit * width;
      for (int i = 0; i < outputs.examples(); i++) {
        float target = targets[at + i];
        if (target != 0f) {
          float probability = probabilities[at + i];
          double factor = maskArray == null ? 1 : mask.at(step, i);
          factor = ofExamples == null ? factor : factor * ofExamples[i];
          // NaN stays NaN: Math.max and Math.min hand it on.
          sum -= factor * target * Math.log(Math.min(1f - floor, Math.max(floor, probability)));
        }
      }
    }
    return sum;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (labels == null || uncovered(true)) {
      return super.backpropGradient(epsilon, workspaces);
    }
    forward();
    wanted.load(sized(labels).castTo(DataType.FLOAT));
    keepLoss();
    outputs.subtract(wanted);
    outputs.clearPadding();
    if (maskArray != null) {
      mask.apply(outputs);
    }
    float[] ofExamples = WeightedLoss.weights(layerConf().getLossFn());
    if (ofExamples != null) {
      weigh(outputs, Arrays.copyOf(ofExamples, outputs.width()));
    }
    inputError();
    Gradient gradient = weightGradient();
    return new Pair<>(gradient, sized(below.toArray(ArrayType.ACTIVATION_GRAD, workspaces)));
  }

  private void inputError() {
    Panels transposed = weights.transposed();
    below.resize(inputs.examples(), inputs.units(), inputs.steps());
    for (int step = 0; step < inputs.steps(); step++) {
      below.clear(step);
      lanes.multiplyAdd(outputs.block(step), transposed, below.block(step));
    }
  }

  private Gradient weightGradient() {
    int steps = inputs.steps();
    Steps errors = outputs.steps(0, steps);
    lanes.products(inputs.steps(0, steps), errors, weights.gradient());
    weights.storeGradient(gradientViews.get(WEIGHTS));
    gradient = new DefaultGradient();
    gradient.gradientForVariable().put(WEIGHTS, gradientViews.get(WEIGHTS));
    if (hasBias()) {
      float[] sums = new float[bias.length];
      lanes.sums(errors, sums);
      Weights.store(sums, gradientViews.get(BIAS));
      gradient.gradientForVariable().put(BIAS, gradientViews.get(BIAS));
    }
    return gradient;
  }

  private void forget() {
    scoredInput = null;
    scoredLabels = null;
    scoredMask = null;
  }

  @Override
  public void clear() {
    super.clear();
    stepMask = null;
    forget();
  }
}
