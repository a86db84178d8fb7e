package io.lockstep.compute;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Maximum and average pooling over images with the batch innermost ({@link Images}). */
final class FastSubsampling extends SubsamplingLayer implements ImageLayer {
  static final String KERNEL = "pooling, batch innermost";

  private final boolean first;

  private Pooling pooling;
  private INDArray forwardInput;
  private Images forwardImages;
  private Images forwardOutput;

  private final ImagePorts ports = new ImagePorts();

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
  public ImagePorts ports() {
    return ports;
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
    Images images = ports.input(input.castTo(dataType), format);
    geometry(images);
    Window window = pooling.window();
    int[] size = {images.channels(), window.outHeight(), window.outWidth(), images.batch()};
    Images.Output output = ports.output(workspaces, size, format);
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
    Images.Output result = ports.gradient(workspaces, size, format);
    INDArray epsilonBelow = result.array();
    if (!(first && Backpropagation.discardsInputGradient())) {
      Images gradient = ports.epsilon(epsilon.castTo(dataType), format);
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
