package io.lockstep.layers;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Layer normalisation: each row to mean 0 and variance 1, whatever the other rows are, then a
 * learned scale and shift.
 *
 * <pre>
 * y_i = gamma_i * (x_i - mean(x)) / sqrt(variance(x) + eps) + beta_i
 * </pre>
 *
 * <p>Input and output {@code [rows, size]}; of sequences each time step is a row, which
 * Deeplearning4j's preprocessor makes it. A row that is masked is put out as zeros and has no
 * gradient, as in Deeplearning4j's dense layer. Neither penalties nor an activation apply to it.
 * Deeplearning4j has it inside of its dense layer only, without {@code eps}.
 *
 * <p>Not thread-safe. Saved models name this class, so whoever loads them needs it on the class
 * path, and its name and the names of its properties stay as they are.
 *
 * <p>Source: Ba, Kiros and Hinton, "Layer Normalization" (2016, arXiv 1607.06450); defaults are
 * those of Keras.
 */
public final class LayerNormalization extends FeedForwardLayer {
  private static final long serialVersionUID = 1L;

  private double eps = 1e-3;
  private boolean center = true;
  private boolean scale = true;

  /** For Jackson, which sets the properties afterwards. */
  public LayerNormalization() {}

  private LayerNormalization(Builder builder) {
    super(builder);
    this.eps = builder.eps;
    this.center = builder.center;
    this.scale = builder.scale;
  }

  /** What is added to the variance. */
  public double getEps() {
    return eps;
  }

  /** Sets {@link #getEps}. */
  public void setEps(double eps) {
    this.eps = eps;
  }

  /** Whether a learned shift, beta, follows. */
  public boolean isCenter() {
    return center;
  }

  /** Sets {@link #isCenter}. */
  public void setCenter(boolean center) {
    this.center = center;
  }

  /** Whether a learned scale, gamma, follows. */
  public boolean isScale() {
    return scale;
  }

  /** Sets {@link #isScale}. */
  public void setScale(boolean scale) {
    this.scale = scale;
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    super.setNIn(input, override);
    nOut = nIn;
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray paramsView,
      boolean initializeParams,
      DataType networkDataType) {
    LayerValidation.assertNInNOutSet("LayerNormalization", getLayerName(), index, nIn, nOut);
    LayerNormalizationLayer layer = new LayerNormalizationLayer(conf, networkDataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(paramsView);
    layer.setParamTable(initializer().init(conf, paramsView, initializeParams));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return LayerNormalizationParamInitializer.getInstance();
  }

  /** None, as in Keras: penalties would draw the scale to zero. */
  @Override
  public List<Regularization> getRegularizationByParam(String name) {
    return null; // DL4J's word for none
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    long values = input.arrayElementsPerExample();
    long parameters = initializer().numParams(this);
    // The normalised rows, forwards and again backwards, and what goes through the mean there.
    return new LayerMemoryReport.Builder(getLayerName(), LayerNormalization.class, input, input)
        .standardMemory(parameters, getIUpdater() == null ? 0 : getIUpdater().stateSize(parameters))
        .workingMemory(0, values, 0, 3 * values)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object object) {
    return object == this
        || (object instanceof LayerNormalization other
            && super.equals(object)
            && eps == other.eps
            && center == other.center
            && scale == other.scale);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof LayerNormalization;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), eps, center, scale);
  }

  @Override
  public String toString() {
    return "LayerNormalization(super=%s, eps=%s, center=%s, scale=%s)"
        .formatted(super.toString(), eps, center, scale);
  }

  /**
   * Builds a {@link LayerNormalization}: eps 0.001, with scale and shift, unless told otherwise.
   */
  @SuppressWarnings("unchecked") // build() returns our layer where DL4J has a type of the caller's
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private double eps = 1e-3;
    private boolean center = true;
    private boolean scale = true;

    /** Begins with Keras' defaults. */
    public Builder() {}

    /** Sets {@link LayerNormalization#getEps}; the default is 0.001. */
    public Builder eps(double eps) {
      this.eps = eps;
      return this;
    }

    /** Sets {@link LayerNormalization#isCenter}; the default is true. */
    public Builder center(boolean center) {
      this.center = center;
      return this;
    }

    /** Sets {@link LayerNormalization#isScale}; the default is true. */
    public Builder scale(boolean scale) {
      this.scale = scale;
      return this;
    }

    @Override
    public LayerNormalization build() {
      return new LayerNormalization(this);
    }
  }
}
