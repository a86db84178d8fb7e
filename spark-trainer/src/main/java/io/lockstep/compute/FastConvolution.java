package io.lockstep.compute;

import io.lockstep.compute.Blas.Matrix;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution as matrix products over images with the batch innermost ({@link Images}).
 *
 * <p>Forward, for each tile of output pixels: {@link Im2Col}, one sgemm with the weights, the
 * activation function while the tile is in the cache. The bias is a column of the weights that
 * meets a row of ones in the matrix, so it costs no pass of its own, forward or backward. Backward:
 * the activation's derivative from the kept output (nothing is computed twice), one sgemm per tile
 * for the weights' gradient, and, unless nothing below wants it, sgemms for the input's gradient,
 * whose rows are added to the input's planes.
 *
 * <p>All orders of summation follow from the shapes alone.
 */
final class FastConvolution extends ConvolutionLayer implements ImageLayer {
  static final String KERNEL = "im2col and sgemm, batch innermost";

  /** Rows of the input gradient's matrix that are made at a time, more or less. */
  private static final int GRADIENT_ROWS = 128;

  private static final int GRADIENT_TILE = 1 << 18;

  private final boolean first;
  private final Pointwise activation;

  private Window window;
  private Im2Col im2col;
  private INDArray forwardInput;
  private Images forwardImages;
  private Images forwardOutput;

  private final ImagePorts ports = new ImagePorts();
  private final Scratch deltaScratch = new Scratch();
  private final Scratch weightScratch = new Scratch();
  private final Scratch matrixScratch = new Scratch();
  private float[][] planes = new float[0][0];

  private FastConvolution(ConvolutionLayer stock, boolean first) {
    super(stock.conf(), stock.getParam(ConvolutionParamInitializer.WEIGHT_KEY).dataType());
    this.first = first;
    this.activation = Pointwise.of(layerConf().getActivationFn()).orElseThrow();
  }

  /** A layer that shares everything with {@code stock}. */
  static FastConvolution of(ConvolutionLayer stock, Site site) {
    FastConvolution fast = new FastConvolution(stock, site.first());
    Reflection.copyFields(stock, fast);
    return fast;
  }

  @Override
  public ImagePorts ports() {
    return ports;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    if (input == null) {
      throw new IllegalArgumentException(
          "Cannot perform forward pass with null input " + layerId());
    }
    applyDropOutIfNecessary(training, workspaces);
    validateInputRank();
    validateInputDepth(weights().size(1));
    INDArray output = forward(input.castTo(dataType), workspaces);
    if (!training) {
      forget();
    }
    return output;
  }

  private INDArray forward(INDArray input, LayerWorkspaceMgr workspaces) {
    CNN2DFormat format = layerConf().getCnn2dDataFormat();
    Images images = ports.input(input, format);
    geometry(images);
    int[] size = {(int) weights().size(0), window.outHeight(), window.outWidth(), images.batch()};
    Images.Output output = ports.output(workspaces, size, format);
    convolve(images, output.images());
    forwardInput = this.input;
    forwardImages = images;
    forwardOutput = output.images();
    return output.finish();
  }

  private void geometry(Images images) {
    if (window == null || !window.fits(images)) {
      int[][] shape = {
        layerConf().getKernelSize(),
        layerConf().getStride(),
        layerConf().getPadding(),
        layerConf().getDilation()
      };
      window = Window.of(convolutionMode, shape, images.height(), images.width());
      im2col = new Im2Col(window);
    }
  }

  private void convolve(Images images, Images output) {
    int batch = images.batch();
    int filters = output.channels();
    int rows = matrixRows(images);
    Memory weights = weightsWithBias(filters, rows);
    int pixels = Im2Col.tilePixels(rows, batch);
    Memory matrix = matrixScratch.floats((long) rows * pixels * batch);
    for (int from = 0; from < window.outPixels(); from += pixels) {
      int to = Math.min(window.outPixels(), from + pixels);
      int columns = (to - from) * batch;
      fill(images, from, to, matrix);
      int at = from * batch;
      Blas.multiply(
          filters,
          columns,
          rows,
          Matrix.of(weights, 0, rows),
          Matrix.of(matrix, 0, columns),
          Matrix.of(output.memory(), at, output.plane()));
      for (int filter = 0; filter < filters; filter++) {
        activation.forward(output.memory(), filter * output.plane() + at, columns);
      }
    }
  }

  /** Rows of the im2col matrix, with the row of ones that the bias meets. */
  private int matrixRows(Images images) {
    return images.channels() * window.taps() + (hasBias() ? 1 : 0);
  }

  private void fill(Images images, int from, int to, Memory matrix) {
    im2col.fill(images, from, to, matrix);
    if (hasBias()) {
      int columns = (to - from) * images.batch();
      matrix.fill(images.channels() * window.taps() * columns, columns, 1f);
    }
  }

  /** The weights, {@code [filters, channels * taps]}, and the bias as one more column. */
  private Memory weightsWithBias(int filters, int rows) {
    Memory weights = Memory.of(weights());
    if (!hasBias()) {
      return weights;
    }
    Memory bias = Memory.of(getParam(ConvolutionParamInitializer.BIAS_KEY));
    Memory both = weightScratch.floats((long) filters * rows);
    for (int filter = 0; filter < filters; filter++) {
      both.copy(filter * rows, weights, filter * (rows - 1), rows - 1);
      both.put(filter * rows + rows - 1, bias.get(filter));
    }
    return both;
  }

  private INDArray weights() {
    return getParam(ConvolutionParamInitializer.WEIGHT_KEY);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (forwardInput == null || forwardInput != input) {
      applyDropOutIfNecessary(true, workspaces);
      forward(input.castTo(dataType), workspaces);
    }
    CNN2DFormat format = layerConf().getCnn2dDataFormat();
    int[] size = {
      forwardImages.channels(),
      window.vertical().size(),
      window.horizontal().size(),
      forwardImages.batch()
    };
    Images.Output result = ports.gradient(workspaces, size, format);
    Images above = ports.epsilon(epsilon.castTo(dataType), format);
    boolean wanted = !(first && Backpropagation.discardsInputGradient());
    Images delta = weightGradient(above, wanted);
    Gradient gradient = new DefaultGradient();
    if (hasBias()) {
      gradient.setGradientFor(
          ConvolutionParamInitializer.BIAS_KEY,
          gradientViews.get(ConvolutionParamInitializer.BIAS_KEY));
    }
    gradient.setGradientFor(
        ConvolutionParamInitializer.WEIGHT_KEY,
        gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY),
        'c');
    INDArray epsilonBelow = result.array();
    if (wanted) {
      inputGradient(delta, result.images());
      epsilonBelow = backpropDropOutIfPresent(result.finish());
    }
    forget();
    return new Pair<>(gradient, epsilonBelow);
  }

  /**
   * Fills the views of the weights' and the bias' gradients.
   *
   * @param keep whether the gradient before the activation is wanted whole
   * @return that gradient, if {@code keep}
   */
  private Images weightGradient(Images epsilon, boolean keep) {
    int batch = epsilon.batch();
    int filters = epsilon.channels();
    int rows = matrixRows(forwardImages);
    int pixels = Im2Col.tilePixels(rows, batch);
    Memory matrix = matrixScratch.floats((long) rows * pixels * batch);
    Memory sum = weightScratch.floats((long) filters * rows);
    boolean identity = activation instanceof Pointwise.Identity;
    int stride = keep ? epsilon.plane() : Math.min(epsilon.plane(), pixels * batch);
    Memory delta = identity ? epsilon.memory() : deltaScratch.floats((long) filters * stride);
    for (int from = 0; from < window.outPixels(); from += pixels) {
      int to = Math.min(window.outPixels(), from + pixels);
      int columns = (to - from) * batch;
      int at = from * batch;
      int deltaStride = identity ? epsilon.plane() : stride;
      int deltaAt = identity || keep ? at : 0;
      if (!identity) {
        for (int filter = 0; filter < filters; filter++) {
          int plane = filter * epsilon.plane() + at;
          activation.backward(
              forwardOutput.memory(),
              plane,
              epsilon.memory(),
              plane,
              delta,
              filter * stride + deltaAt,
              columns);
        }
      }
      fill(forwardImages, from, to, matrix);
      Matrix left = Matrix.of(delta, deltaAt, deltaStride);
      Matrix right = Matrix.transposed(matrix, 0, columns);
      Matrix target = Matrix.of(sum, 0, rows);
      if (from == 0) {
        Blas.multiply(filters, rows, columns, left, right, target);
      } else {
        Blas.multiplyAdd(filters, rows, columns, left, right, target);
      }
    }
    split(sum, filters, rows);
    return new Images(delta, filters, window.outHeight(), window.outWidth(), batch);
  }

  /** Takes the sum apart into the views of weights and bias. */
  private void split(Memory sum, int filters, int rows) {
    Memory weights = Memory.of(gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY));
    if (!hasBias()) {
      weights.copy(0, sum, 0, filters * rows);
      return;
    }
    Memory bias = Memory.of(gradientViews.get(ConvolutionParamInitializer.BIAS_KEY));
    for (int filter = 0; filter < filters; filter++) {
      weights.copy(filter * (rows - 1), sum, filter * rows, rows - 1);
      bias.put(filter, sum.get(filter * rows + rows - 1));
    }
  }

  private void inputGradient(Images delta, Images result) {
    int taps = window.taps();
    int block = Math.max(1, Math.min(result.channels(), GRADIENT_ROWS / taps));
    if (planes.length < block || planes[0].length < result.plane()) {
      planes = new float[block][result.plane()];
    }
    for (int from = 0; from < result.channels(); from += block) {
      int to = Math.min(result.channels(), from + block);
      for (int c = from; c < to; c++) {
        Arrays.fill(planes[c - from], 0f);
      }
      addBlock(delta, from, to);
      for (int c = from; c < to; c++) {
        result.memory().put(c * result.plane(), planes[c - from], result.plane());
      }
    }
  }

  /** Adds all windows' contributions to the planes of channels {@code [from, to)}. */
  private void addBlock(Images delta, int from, int to) {
    int batch = delta.batch();
    int rows = (to - from) * window.taps();
    int pixels = Math.max(1, GRADIENT_TILE / rows / batch);
    Memory product = matrixScratch.floats((long) rows * pixels * batch);
    Memory weights = Memory.of(weights());
    int stride = (int) weights().size(1) * window.taps();
    for (int p = 0; p < window.outPixels(); p += pixels) {
      int end = Math.min(window.outPixels(), p + pixels);
      int columns = (end - p) * batch;
      Blas.multiply(
          rows,
          columns,
          delta.channels(),
          Matrix.transposed(weights, (long) from * window.taps(), stride),
          Matrix.of(delta.memory(), (long) p * batch, delta.plane()),
          Matrix.of(product, 0, columns));
      for (int row = 0; row < rows; row++) {
        int tap = row % window.taps();
        im2col.addRow(product, row * columns, tap, p, end, planes[row / window.taps()], batch);
      }
    }
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
