package io.lockstep.layers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A gated recurrent unit, in both of its forms.
 *
 * <pre>
 * z = gate(x_t W_z + h_{t-1} R_z + b_z)
 * r = gate(x_t W_r + h_{t-1} R_r + b_r)
 * n = activation(x_t W_h + r * (h_{t-1} R_h + c_h) + b_h)   with resetAfter
 * n = activation(x_t W_h + (r * h_{t-1}) R_h + b_h)         without
 * h_t = z * h_{t-1} + (1 - z) * n
 * </pre>
 *
 * <p>Input {@code [batch, nIn, time]}, output {@code [batch, nOut, time]}; in the format NWC time
 * stands before size. Where a mask has a zero the output is zero, and so is the state that goes on
 * to the next step, as in Deeplearning4j's LSTM. Parameters are laid out as in Keras, in the order
 * z, r, h ({@link GruParamInitializer}).
 *
 * <p>Not thread-safe. Saved models name this class, so whoever loads them needs it on the class
 * path, and its name and the names of its properties stay as they are.
 *
 * <p>Sources: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder" (2014, arXiv
 * 1406.1078), for the form without {@code resetAfter}; Keras' {@code GRU} and cuDNN for the other.
 */
public final class GRU extends BaseRecurrentLayer {
  private static final long serialVersionUID = 1L;

  private boolean resetAfter = true;
  private IActivation gateActivationFn = new ActivationSigmoid();

  /** For Jackson, which sets the properties afterwards. */
  public GRU() {}

  private GRU(Builder builder) {
    super(builder);
    this.resetAfter = builder.resetAfter;
    this.gateActivationFn = builder.gateActivationFn;
    initializeConstraints(builder);
  }

  /**
   * Whether the reset gate multiplies after the recurrent product, with a bias of its own: Keras'
   * and cuDNN's form. Else it multiplies the state before the product.
   */
  public boolean isResetAfter() {
    return resetAfter;
  }

  /** Sets {@link #isResetAfter}. */
  public void setResetAfter(boolean resetAfter) {
    this.resetAfter = resetAfter;
  }

  /** The activation of both gates. */
  public IActivation getGateActivationFn() {
    return gateActivationFn;
  }

  /** Sets {@link #getGateActivationFn}. */
  public void setGateActivationFn(IActivation gateActivationFn) {
    this.gateActivationFn = gateActivationFn;
  }

  @Override
  protected void initializeConstraints(
      org.deeplearning4j.nn.conf.layers.Layer.Builder<?> layerBuilder) {
    super.initializeConstraints(layerBuilder);
    Builder builder = (Builder) layerBuilder;
    addConstraints(builder.getInputWeightConstraints(), GruParamInitializer.WEIGHT_KEY);
    addConstraints(builder.getRecurrentConstraints(), GruParamInitializer.RECURRENT_WEIGHT_KEY);
  }

  private void addConstraints(List<LayerConstraint> added, String parameter) {
    if (added == null) {
      return;
    }
    if (constraints == null) {
      constraints = new ArrayList<>();
    }
    for (LayerConstraint constraint : added) {
      LayerConstraint own = constraint.clone();
      own.setParams(Set.of(parameter));
      constraints.add(own);
    }
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray paramsView,
      boolean initializeParams,
      DataType networkDataType) {
    LayerValidation.assertNInNOutSet("GRU", getLayerName(), index, getNIn(), getNOut());
    GruLayer layer = new GruLayer(conf, networkDataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(paramsView);
    layer.setParamTable(initializer().init(conf, paramsView, initializeParams));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return GruParamInitializer.getInstance();
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    long time = Math.max(1, ((InputType.InputTypeRecurrent) inputType).getTimeSeriesLength());
    long parameters = initializer().numParams(this);
    // A step forward: both products and the gates. Training keeps, of every step, what the backward
    // pass reads, GruSteps.Step.
    long step = 7 * getNOut();
    return new LayerMemoryReport.Builder(
            getLayerName(), GRU.class, inputType, getOutputType(-1, inputType))
        .standardMemory(parameters, getIUpdater() == null ? 0 : getIUpdater().stateSize(parameters))
        .workingMemory(0, step, 0, step + time * 8 * getNOut())
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object object) {
    return object == this
        || (object instanceof GRU other
            && super.equals(object)
            && resetAfter == other.resetAfter
            && Objects.equals(gateActivationFn, other.gateActivationFn));
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof GRU;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), resetAfter, gateActivationFn);
  }

  @Override
  public String toString() {
    return "GRU(super=%s, resetAfter=%s, gateActivationFn=%s)"
        .formatted(super.toString(), resetAfter, gateActivationFn);
  }

  /** Builds a {@link GRU}: tanh, logistic gates, {@code resetAfter}, unless told otherwise. */
  @SuppressWarnings("unchecked") // build() returns a GRU where DL4J has a type of the caller's
  public static final class Builder extends BaseRecurrentLayer.Builder<Builder> {
    private boolean resetAfter = true;
    private IActivation gateActivationFn = new ActivationSigmoid();

    /** Begins with Keras' defaults. */
    public Builder() {
      setActivationFn(new ActivationTanH());
    }

    /** Sets {@link GRU#isResetAfter}; the default is true. */
    public Builder resetAfter(boolean resetAfter) {
      this.resetAfter = resetAfter;
      return this;
    }

    /** Sets the activation of both gates; the default is the logistic function. */
    public Builder gateActivationFunction(IActivation gateActivationFn) {
      this.gateActivationFn = gateActivationFn;
      return this;
    }

    /** Sets the activation of both gates; the default is the logistic function. */
    public Builder gateActivationFunction(Activation gateActivation) {
      return gateActivationFunction(gateActivation.getActivationFunction());
    }

    @Override
    public GRU build() {
      return new GRU(this);
    }
  }
}
