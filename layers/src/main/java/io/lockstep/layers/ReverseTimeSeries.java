package io.lockstep.layers;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns sequences around, each by itself, so that a recurrent layer after this one goes backwards.
 *
 * <p>Input and output {@code [batch, size, time]}; in the format NWC time stands before size. Of
 * the steps that a mask leaves, the last one comes first; where the mask has a zero the output is
 * zero, and so is the gradient. So what sequences are padded with stays where it is, and the mask
 * goes on unchanged. It is what Deeplearning4j's {@code ReverseTimeSeriesVertex} is in a graph, as
 * a layer. It has no parameters, and two in a row change nothing.
 *
 * <p>Not thread-safe. Saved models name this class, so whoever loads them needs it on the class
 * path, and its name and the names of its properties stay as they are.
 */
public final class ReverseTimeSeries extends NoParamLayer {
  private static final long serialVersionUID = 1L;

  private RNNFormat rnnDataFormat;

  /** For Jackson, which sets the properties afterwards. */
  public ReverseTimeSeries() {}

  private ReverseTimeSeries(Builder builder) {
    super(builder);
    this.rnnDataFormat = builder.rnnDataFormat;
  }

  /** Whether size or time comes first; null, which is NCW, until it is told. */
  public RNNFormat getRnnDataFormat() {
    return rnnDataFormat;
  }

  /** Sets {@link #getRnnDataFormat}. */
  public void setRnnDataFormat(RNNFormat rnnDataFormat) {
    this.rnnDataFormat = rnnDataFormat;
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray paramsView,
      boolean initializeParams,
      DataType networkDataType) {
    ReverseTimeSeriesLayer layer = new ReverseTimeSeriesLayer(conf, networkDataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamTable(initializer().init(conf, paramsView, initializeParams));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return sequences(input);
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    RNNFormat format = sequences(input).getFormat();
    if (rnnDataFormat == null || override) {
      rnnDataFormat = format;
    }
  }

  private InputType.InputTypeRecurrent sequences(InputType input) {
    if (input instanceof InputType.InputTypeRecurrent sequences) {
      return sequences;
    }
    throw new IllegalStateException(
        "ReverseTimeSeries (layer name \"%s\") takes sequences, not %s"
            .formatted(getLayerName(), input));
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return InputTypeUtil.getPreprocessorForInputTypeRnnLayers(input, rnnDataFormat, getLayerName());
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    long values = input.arrayElementsPerExample();
    // Each way: a copy that has size innermost, and its rows in their new order.
    return new LayerMemoryReport.Builder(getLayerName(), ReverseTimeSeries.class, input, input)
        .standardMemory(0, 0)
        .workingMemory(0, 2 * values, 0, 2 * values)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object object) {
    return object == this
        || (object instanceof ReverseTimeSeries other
            && super.equals(object)
            && rnnDataFormat == other.rnnDataFormat);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof ReverseTimeSeries;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), rnnDataFormat);
  }

  @Override
  public String toString() {
    return "ReverseTimeSeries(super=%s, rnnDataFormat=%s)"
        .formatted(super.toString(), rnnDataFormat);
  }

  /** Builds a {@link ReverseTimeSeries}. */
  @SuppressWarnings("unchecked") // build() returns our layer where DL4J has a type of the caller's
  public static final class Builder extends Layer.Builder<Builder> {
    private RNNFormat rnnDataFormat;

    /** Begins with the format of the input, which the network tells. */
    public Builder() {}

    /** Sets {@link ReverseTimeSeries#getRnnDataFormat}. */
    public Builder dataFormat(RNNFormat rnnDataFormat) {
      this.rnnDataFormat = rnnDataFormat;
      return this;
    }

    @Override
    public ReverseTimeSeries build() {
      return new ReverseTimeSeries(this);
    }
  }
}
