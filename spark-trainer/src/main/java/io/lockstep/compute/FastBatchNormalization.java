package io.lockstep.compute;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation (Ioffe and Szegedy 2015, arXiv 1502.03167) over images with the batch
 * innermost, or over features, which are images of one pixel.
 *
 * <p>Sums are taken in double precision. As in DL4J the running mean and variance travel as
 * gradients: their "gradient" is what the running value is to lose in this step.
 */
final class FastBatchNormalization extends BatchNormalization implements ImageLayer {
  static final String KERNEL = "batch normalisation, batch innermost";

  private final ImagePorts ports = new ImagePorts();
  private final Planes planes = new Planes();

  private INDArray forwardInput;
  private Images forwardImages;
  private double[] means;
  private double[] variances;

  private FastBatchNormalization(BatchNormalization stock) {
    super(stock.conf(), stock.getParam(BatchNormalizationParamInitializer.GAMMA).dataType());
  }

  /** A layer that shares everything with {@code stock}. */
  static FastBatchNormalization of(BatchNormalization stock) {
    FastBatchNormalization fast = new FastBatchNormalization(stock);
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
    if (uncovered()) {
      return super.activate(training, workspaces);
    }
    INDArray output = forward(training, workspaces);
    if (!training) {
      forget();
    }
    return output;
  }

  /** Sequences, and inputs of the wrong shape, which the stock layer explains. */
  private boolean uncovered() {
    if (input.rank() != 2 && input.rank() != 4) {
      return true;
    }
    int channels = format() == CNN2DFormat.NCHW ? 1 : 3;
    return input.size(channels) != layerConf().getNOut();
  }

  private CNN2DFormat format() {
    return input.rank() == 2 ? CNN2DFormat.NCHW : layerConf().getCnn2DFormat();
  }

  private INDArray forward(boolean training, LayerWorkspaceMgr workspaces) {
    Images images = ports.input(asImages(input.castTo(dataType)), format());
    if (training) {
      measure(images);
    } else {
      recall(images.channels());
    }
    Images.Output output = ports.output(workspaces, images.size(), format());
    Memory gamma = Memory.of(getParam(BatchNormalizationParamInitializer.GAMMA));
    Memory beta = Memory.of(getParam(BatchNormalizationParamInitializer.BETA));
    for (int c = 0; c < images.channels(); c++) {
      float scale = (float) (gamma.get(c) / deviation(c));
      planes.shiftScale(images, c, (float) means[c], scale, beta.get(c), output.images());
    }
    forwardInput = input;
    forwardImages = images;
    return likeInput(output.finish());
  }

  private static INDArray asImages(INDArray array) {
    return array.rank() == 4 ? array : array.reshape(array.size(0), array.size(1), 1, 1);
  }

  private INDArray likeInput(INDArray array) {
    return input.rank() == 4 ? array : array.reshape(array.size(0), array.size(1));
  }

  private double deviation(int c) {
    return Math.sqrt(variances[c] + layerConf().getEps());
  }

  private void measure(Images images) {
    means = new double[images.channels()];
    variances = new double[images.channels()];
    for (int c = 0; c < images.channels(); c++) {
      means[c] = planes.sum(images, c) / images.plane();
      variances[c] = planes.squares(images, c, (float) means[c]) / images.plane();
    }
  }

  private void recall(int channels) {
    means = new double[channels];
    variances = new double[channels];
    Memory mean = Memory.of(getParam(BatchNormalizationParamInitializer.GLOBAL_MEAN));
    for (int c = 0; c < channels; c++) {
      means[c] = mean.get(c);
      variances[c] = runningVariance(c);
    }
  }

  private double runningVariance(int c) {
    if (layerConf().isUseLogStd()) {
      double log = getParam(BatchNormalizationParamInitializer.GLOBAL_LOG_STD).getDouble(c);
      return Math.pow(10, 2 * log);
    }
    return getParam(BatchNormalizationParamInitializer.GLOBAL_VAR).getDouble(c);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (uncovered()) {
      return super.backpropGradient(epsilon, workspaces);
    }
    if (forwardInput == null || forwardInput != input) {
      forward(true, workspaces);
    }
    Images gradient = ports.epsilon(asImages(epsilon.castTo(dataType)), format());
    Images.Output result = ports.gradient(workspaces, forwardImages.size(), format());
    INDArray gamma = getParam(BatchNormalizationParamInitializer.GAMMA);
    INDArray gammaGradient = gradientViews.get(BatchNormalizationParamInitializer.GAMMA);
    INDArray betaGradient = gradientViews.get(BatchNormalizationParamInitializer.BETA);
    int count = forwardImages.plane();
    for (int c = 0; c < forwardImages.channels(); c++) {
      double sum = planes.sum(gradient, c);
      double product = planes.product(gradient, forwardImages, c, (float) means[c]);
      double deviation = deviation(c);
      gammaGradient.putScalar(c, product / deviation);
      betaGradient.putScalar(c, sum);
      double scale = gamma.getDouble(c) / deviation;
      planes.combine(
          gradient,
          forwardImages,
          c,
          new Planes.Combination(
              (float) scale,
              (float) (-scale * product / (count * deviation * deviation)),
              (float) means[c],
              (float) (-scale * sum / count)),
          result.images());
    }
    Gradient gradients = new DefaultGradient();
    gradients.setGradientFor(BatchNormalizationParamInitializer.GAMMA, gammaGradient);
    gradients.setGradientFor(BatchNormalizationParamInitializer.BETA, betaGradient);
    moveRunningValues(gradients);
    INDArray below = likeInput(result.finish());
    forget();
    return new Pair<>(gradients, below);
  }

  /** Writes what the running mean and variance are to lose. */
  private void moveRunningValues(Gradient gradients) {
    double decay = layerConf().getDecay();
    INDArray mean = getParam(BatchNormalizationParamInitializer.GLOBAL_MEAN);
    INDArray meanGradient = gradientViews.get(BatchNormalizationParamInitializer.GLOBAL_MEAN);
    boolean log = layerConf().isUseLogStd();
    String key =
        log
            ? BatchNormalizationParamInitializer.GLOBAL_LOG_STD
            : BatchNormalizationParamInitializer.GLOBAL_VAR;
    INDArray varianceGradient = gradientViews.get(key);
    for (int c = 0; c < means.length; c++) {
      meanGradient.putScalar(c, (1 - decay) * (mean.getDouble(c) - means[c]));
      double now = runningVariance(c);
      double change = (1 - decay) * (now - variances[c]);
      double next = decay * now + (1 - decay) * variances[c];
      varianceGradient.putScalar(c, log ? Math.log10(now / next) / 2 : change);
    }
    gradients.setGradientFor(BatchNormalizationParamInitializer.GLOBAL_MEAN, meanGradient);
    gradients.setGradientFor(key, varianceGradient);
  }

  private void forget() {
    forwardInput = null;
    forwardImages = null;
  }

  @Override
  public void clear() {
    super.clear();
    forget();
  }
}
