package io.lockstep.compute;

import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A fully connected layer: three products, with bias and activation in one pass over the result.
 *
 * <p>Stock DL4J computes the forward product a second time in the backward pass and pays 12 to 50
 * microseconds for each of some ten ND4J calls.
 */
final class FastDense extends DenseLayer {
  static final String KERNEL = "sgemm, bias and activation fused";

  private final boolean first;
  private final Pointwise activation;
  private final Affine affine = new Affine();
  private final Scratch deltaScratch = new Scratch();
  private INDArray forwardInput;
  private INDArray forwardOutput;

  private FastDense(DenseLayer stock, boolean first) {
    super(stock.conf(), stock.getParam(DefaultParamInitializer.WEIGHT_KEY).dataType());
    this.first = first;
    this.activation = Pointwise.of(layerConf().getActivationFn()).orElseThrow();
  }

  /** A layer that shares everything with {@code stock}. */
  static FastDense of(DenseLayer stock, Site site) {
    FastDense fast = new FastDense(stock, site.first());
    Reflection.copyFields(stock, fast);
    return fast;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (uncovered()) {
      return super.activate(training, workspaces);
    }
    applyDropOutIfNecessary(training, workspaces);
    INDArray output = forward(workspaces);
    if (!training) {
      forget();
    }
    return output;
  }

  /** A mask, or an input of the wrong shape, which the stock layer explains. */
  private boolean uncovered() {
    return maskArray != null
        || input.rank() != 2
        || input.columns() != getParam(DefaultParamInitializer.WEIGHT_KEY).rows();
  }

  private INDArray forward(LayerWorkspaceMgr workspaces) {
    INDArray weights = getParam(DefaultParamInitializer.WEIGHT_KEY);
    INDArray bias = hasBias() ? getParam(DefaultParamInitializer.BIAS_KEY) : null;
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, weights.dataType(), input.size(0), weights.size(1));
    affine.forward(input.castTo(dataType), weights, bias, output);
    activation.forward(Memory.of(output), 0, (int) output.length());
    forwardInput = input;
    forwardOutput = output;
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (uncovered()) {
      return super.backpropGradient(epsilon, workspaces);
    }
    if (forwardInput == null || forwardInput != input) {
      applyDropOutIfNecessary(true, workspaces);
      forward(workspaces);
    }
    INDArray weights = getParam(DefaultParamInitializer.WEIGHT_KEY);
    int batch = (int) input.size(0);
    int width = (int) weights.size(1);
    Memory gradient = Affine.rowMajor(epsilon.castTo(dataType));
    Memory delta = deltaScratch.floats((long) batch * width);
    if (activation instanceof Pointwise.Identity) {
      delta = gradient;
    } else {
      activation.backward(Memory.of(forwardOutput), 0, gradient, 0, delta, 0, batch * width);
    }
    INDArray weightGradient = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
    INDArray biasGradient = hasBias() ? gradientViews.get(DefaultParamInitializer.BIAS_KEY) : null;
    affine.weightGradient(input.castTo(dataType), delta, weightGradient, biasGradient);
    INDArray below =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, weights.dataType(), batch, weights.size(0));
    if (!(first && Backpropagation.discardsInputGradient())) {
      affine.inputGradient(delta, weights, below);
      below = backpropDropOutIfPresent(below);
    }
    forget();
    Gradient result = new DefaultGradient();
    if (hasBias()) {
      result.setGradientFor(DefaultParamInitializer.BIAS_KEY, biasGradient);
    }
    result.setGradientFor(DefaultParamInitializer.WEIGHT_KEY, weightGradient);
    return new Pair<>(result, below);
  }

  private void forget() {
    forwardInput = null;
    forwardOutput = null;
  }

  @Override
  public void clear() {
    super.clear();
    forget();
  }
}
