package io.lockstep.compute;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An activation function as a layer of its own, over images with the batch innermost. */
final class FastActivation extends ActivationLayer implements ImageLayer {
  static final String KERNEL = "vectorised, batch innermost";

  private final Pointwise activation;
  private final ImagePorts ports = new ImagePorts();

  private INDArray forwardInput;
  private Images forwardOutput;
  private CNN2DFormat format;

  private FastActivation(ActivationLayer stock) {
    super(stock.conf(), DataType.FLOAT);
    this.activation = Pointwise.of(layerConf().getActivationFn()).orElseThrow();
  }

  /** A layer that shares everything with {@code stock}. */
  static FastActivation of(ActivationLayer stock) {
    FastActivation fast = new FastActivation(stock);
    Reflection.copyFields(stock, fast);
    return fast;
  }

  @Override
  public ImagePorts ports() {
    return ports;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (input.rank() != 4) {
      return super.activate(training, workspaces);
    }
    INDArray output = forward(workspaces);
    if (!training) {
      forget();
    }
    return output;
  }

  private INDArray forward(LayerWorkspaceMgr workspaces) {
    format = Images.formatOf(input);
    Images images = ports.input(input.castTo(dataType), format);
    Images.Output output = ports.output(workspaces, images.size(), format);
    output.images().memory().copy(0, images.memory(), 0, images.length());
    activation.forward(output.images().memory(), 0, images.length());
    forwardInput = input;
    forwardOutput = output.images();
    return output.finish();
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (input.rank() != 4) {
      return super.backpropGradient(epsilon, workspaces);
    }
    if (forwardInput == null || forwardInput != input) {
      forward(workspaces);
    }
    Images gradient = ports.epsilon(epsilon.castTo(dataType), format);
    Images.Output result = ports.gradient(workspaces, gradient.size(), format);
    activation.backward(
        forwardOutput.memory(),
        0,
        gradient.memory(),
        0,
        result.images().memory(),
        0,
        gradient.length());
    forget();
    return new Pair<>(new DefaultGradient(), result.finish());
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

  /** Recognises activation layers. */
  static final class Kernel implements LayerKernel {
    @Override
    public boolean recognises(Layer layer) {
      return layer.getClass() == ActivationLayer.class || layer instanceof FastActivation;
    }

    @Override
    public Verdict accelerate(Layer layer, Site site) {
      if (layer instanceof FastActivation fast) {
        return new Verdict.Accelerated(fast, KERNEL);
      }
      ActivationLayer stock = (ActivationLayer) layer;
      DataType type = Reflection.read(stock, stock.getClass().getSuperclass(), "dataType");
      if (Coverage.whyStock(type).isPresent()) {
        return new Verdict.Stock(Coverage.whyStock(type).get());
      }
      if (Pointwise.of(stock.layerConf().getActivationFn()).isEmpty()) {
        return new Verdict.Stock("activation " + stock.layerConf().getActivationFn());
      }
      return new Verdict.Accelerated(FastActivation.of(stock), KERNEL);
    }
  }
}
