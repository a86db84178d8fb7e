package io.lockstep.compute;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Maximum and average pooling over images with the batch innermost ({@link Images}). */
final class FastSubsampling extends SubsamplingLayer implements ImageLayer {
  static final String KERNEL = "pooling, batch innermost";

  private final boolean first;
  private Images.Order above = Images.Order.C;
  private Images.Order below = Images.Order.C;

  private Pooling pooling;
  private INDArray forwardInput;
  private Images forwardImages;
  private Images forwardOutput;

  private final Scratch inputScratch = new Scratch();
  private final Scratch outputScratch = new Scratch();
  private final Scratch epsilonScratch = new Scratch();
  private final Scratch gradientScratch = new Scratch();

  private FastSubsampling(SubsamplingLayer stock, boolean first) {
    super(stock.conf(), Reflection.read(stock, stock.getClass().getSuperclass(), "dataType"));
    this.first = first;
  }

  /** A layer that shares everything with {@code stock}. */
  static FastSubsampling of(SubsamplingLayer stock, Site site) {
    FastSubsampling fast = new FastSubsampling(stock, site.first());
    Reflection.copyFields(stock, fast);
    return fast;
  }

  @Override
  public void neighbours(Images.Order above, Images.Order below) {
    this.above = above;
    this.below = below;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (input.rank() != 4) {
      return super.activate(training, workspaces); // says what is wrong
    }
    INDArray output = forward(workspaces);
    if (!training) {
      forget();
    }
    return output;
  }

  private INDArray forward(LayerWorkspaceMgr workspaces) {
    CNN2DFormat format = layerConf().getCnn2dDataFormat();
    Images images = Images.of(input.castTo(dataType), format, inputScratch);
    geometry(images);
    Window window = pooling.window();
    int[] size = {images.channels(), window.outHeight(), window.outWidth(), images.batch()};
    Images.Output output =
        Images.create(workspaces, ArrayType.ACTIVATIONS, size, format, above, outputScratch);
    pooling.forward(images, output.images());
    forwardInput = input;
    forwardImages = images;
    forwardOutput = output.images();
    return output.finish();
  }

  private void geometry(Images images) {
    if (pooling != null && pooling.window().fits(images)) {
      return;
    }
    int[][] shape = {
      layerConf().getKernelSize(),
      layerConf().getStride(),
      layerConf().getPadding(),
      layerConf().getDilation()
    };
    Window window = Window.of(convolutionMode, shape, images.height(), images.width());
    pooling = Pooling.of(layerConf(), window);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (forwardInput == null || forwardInput != input) {
      forward(workspaces);
    }
    CNN2DFormat format = layerConf().getCnn2dDataFormat();
    int[] size = forwardImages.size();
    Images.Output result =
        Images.create(workspaces, ArrayType.ACTIVATION_GRAD, size, format, below, gradientScratch);
    INDArray epsilonBelow = result.array();
    if (!(first && Backpropagation.discardsInputGradient())) {
      Images gradient = Images.of(epsilon.castTo(dataType), format, epsilonScratch);
      pooling.backward(forwardImages, forwardOutput, gradient, result.images());
      epsilonBelow = result.finish();
    }
    forget();
    return new Pair<>(new DefaultGradient(), epsilonBelow);
  }

  private void forget() {
    forwardInput = null;
    forwardImages = null;
    forwardOutput = null;
  }

  @Override
  public void clear() {
    super.clear();
    forget();
  }
}
