package io.lockstep.layers;

import static io.lockstep.layers.LayerNormalizationParamInitializer.BETA_KEY;
import static io.lockstep.layers.LayerNormalizationParamInitializer.GAMMA_KEY;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The runtime layer of a {@link LayerNormalization}. With {@code n} for a normalised row, {@code e}
 * for the error of the output and {@code d = gamma * e}, the error of the input is
 *
 * <pre>
 * (d - mean(d) - n * mean(d * n)) / sqrt(variance(x) + eps)
 * </pre>
 *
 * <p>Not thread-safe.
 */
public class LayerNormalizationLayer extends BaseLayer<LayerNormalization> {
  /** A layer without parameters as yet; {@link LayerNormalization#instantiate} completes it. */
  public LayerNormalizationLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  /**
   * Rows of the input brought to mean 0 and variance 1.
   *
   * @param values {@code [rows, size]}
   * @param deviations that they were divided by, {@code [rows, 1]}
   */
  private record Normalized(INDArray values, INDArray deviations) {}

  private Normalized normalized() {
    INDArray rows = input.castTo(dataType);
    INDArray values = rows.subColumnVector(rows.mean(true, 1));
    INDArray deviations =
        Transforms.sqrt(values.mul(values).mean(true, 1).addi(layerConf().getEps()), false);
    return new Normalized(values.diviColumnVector(deviations), deviations);
  }

  /**
   * Normalises the input.
   *
   * @throws DL4JInvalidInputException if the input does not consist of rows of the layer's size
   */
  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (input.rank() != 2 || input.size(1) != layerConf().getNIn()) {
      throw new DL4JInvalidInputException(
          "a LayerNormalization of nIn = %d takes rows of as many numbers; this input has the shape %s %s"
              .formatted(layerConf().getNIn(), Arrays.toString(input.shape()), layerId()));
    }
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, input.shape(), 'c');
    output.assign(normalized().values());
    if (layerConf().isScale()) {
      output.muliRowVector(getParam(GAMMA_KEY));
    }
    if (layerConf().isCenter()) {
      output.addiRowVector(getParam(BETA_KEY));
    }
    if (maskArray != null) {
      applyMask(output);
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    Normalized normalized = normalized();
    INDArray values = normalized.values();
    INDArray error =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    error.assign(epsilon);
    if (maskArray != null) {
      applyMask(error);
    }
    Gradient gradient = new DefaultGradient();
    if (layerConf().isScale()) {
      put(gradient, GAMMA_KEY, error.mul(values));
    }
    if (layerConf().isCenter()) {
      put(gradient, BETA_KEY, error);
    }
    if (layerConf().isScale()) {
      error.muliRowVector(getParam(GAMMA_KEY));
    }
    INDArray along = error.mul(values).mean(true, 1);
    error.subiColumnVector(error.mean(true, 1)).subi(values.muliColumnVector(along));
    error.diviColumnVector(normalized.deviations());
    return new Pair<>(gradient, error);
  }

  private void put(Gradient gradient, String key, INDArray rows) {
    INDArray view = gradientViews.get(key);
    view.assign(rows.sum(0));
    gradient.gradientForVariable().put(key, view);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }
}
