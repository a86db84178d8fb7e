package io.lockstep.compute;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.BidirectionalLayer;
import org.deeplearning4j.nn.params.BidirectionalParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.TimeSeriesUtils;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * A {@link BidirectionalLayer} without some faults of DL4J's.
 *
 * <p>Going backwards, DL4J begins with what a sequence is filled up with, of which it tells LSTMs
 * nothing; here each sequence is turned around by itself, so that what it is filled up with stays
 * at its end, where nothing sees it. And where only the last step is wanted, DL4J finds no updater
 * and cannot backpropagate. Where all sequences have one length and each step is put out, all is
 * DL4J's.
 */
final class ExactBidirectional extends BidirectionalLayer {
  /** Of this minibatch; null where DL4J's is right. */
  private Turn turn;

  private ExactBidirectional(BidirectionalLayer stock) {
    super(stock.conf(), held(stock, "fwd"), held(stock, "bwd"), stock.params());
    Reflection.copyFields(stock, this);
  }

  /** A layer that shares everything with {@code stock}. */
  static ExactBidirectional of(BidirectionalLayer stock) {
    return stock instanceof ExactBidirectional exact ? exact : new ExactBidirectional(stock);
  }

  private static Layer held(BidirectionalLayer layer, String name) {
    return Reflection.read(layer, BidirectionalLayer.class, name);
  }

  @Override
  public TrainingConfig getConfig() {
    return new Config((Bidirectional) conf().getLayer());
  }

  /** What DL4J's configuration says, with the updater of the innermost layer. */
  private record Config(Bidirectional both) implements TrainingConfig {
    @Override
    public IUpdater getUpdaterByParam(String name) {
      org.deeplearning4j.nn.conf.layers.Layer inner = both.getFwd();
      while (inner instanceof BaseWrapperLayer wrapper) {
        inner = wrapper.getUnderlying();
      }
      return inner.getUpdaterByParam(name.substring(1));
    }

    @Override
    public String getLayerName() {
      return both.getLayerName();
    }

    @Override
    public List<Regularization> getRegularizationByParam(String name) {
      return both.getRegularizationByParam(name);
    }

    @Override
    public boolean isPretrainParam(String name) {
      return both.isPretrainParam(name);
    }

    @Override
    public GradientNormalization getGradientNormalization() {
      return both.getGradientNormalization();
    }

    @Override
    public double getGradientNormalizationThreshold() {
      return both.getGradientNormalizationThreshold();
    }

    @Override
    public void setDataType(DataType type) {
      both.setDataType(type);
    }
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray mask, MaskState state, int minibatchSize) {
    turn = Turn.of(mask);
    if (turn == null) {
      return super.feedForwardMaskArray(mask, state, minibatchSize);
    }
    Layer backwards = held(this, "bwd");
    Layer forwards = held(this, "fwd");
    backwards.feedForwardMaskArray(turn.mask(mask), state, minibatchSize);
    return forwards.feedForwardMaskArray(mask, state, minibatchSize);
  }

  @Override
  public void setMaskArray(INDArray mask) {
    turn = Turn.of(mask);
    super.setMaskArray(mask);
    if (turn != null) {
      held(this, "bwd").setMaskArray(turn.mask(mask));
    }
  }

  @Override
  public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
    super.setInput(input, workspaces);
    if (turn != null) {
      Layer backwards = held(this, "bwd");
      turn.apply(input, backwards.input());
    }
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    if (turn == null) {
      return super.activate(training, workspaces);
    }
    INDArray forwards = held(this, "fwd").activate(training, workspaces);
    INDArray backwards = held(this, "bwd").activate(training, workspaces);
    if (backwards.rank() == 3) {
      backwards = turned(backwards, ArrayType.FF_WORKING_MEM, workspaces);
    }
    INDArray both =
        switch (mode()) {
          case ADD -> forwards.add(backwards);
          case AVERAGE -> forwards.add(backwards).muli(0.5);
          case CONCAT -> Nd4j.concat(1, forwards, backwards);
          case MUL -> {
            Reflection.write(this, BidirectionalLayer.class, "outFwd", forwards.detach());
            Reflection.write(this, BidirectionalLayer.class, "outBwd", backwards.detach());
            yield forwards.mul(backwards);
          }
        };
    return workspaces.leverageTo(ArrayType.ACTIVATIONS, both);
  }

  private INDArray turned(INDArray array, ArrayType type, LayerWorkspaceMgr workspaces) {
    INDArray to = workspaces.createUninitialized(type, array.dataType(), array.shape(), 'c');
    turn.apply(array, to);
    return to;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    if (turn == null && epsilon.rank() == 3) {
      return super.backpropGradient(epsilon, workspaces);
    }
    Layer forwards = held(this, "fwd");
    Layer backwards = held(this, "bwd");
    INDArray errors = share(epsilon, false);
    if (epsilon.rank() == 3) {
      errors = turned(errors, ArrayType.BP_WORKING_MEM, workspaces);
    }
    Pair<Gradient, INDArray> one = forwards.backpropGradient(share(epsilon, true), workspaces);
    Pair<Gradient, INDArray> other = backwards.backpropGradient(errors, workspaces);
    Gradient gradient = new DefaultGradient(getGradientsViewArray());
    put(gradient, BidirectionalParamInitializer.FORWARD_PREFIX, one.getFirst());
    put(gradient, BidirectionalParamInitializer.BACKWARD_PREFIX, other.getFirst());
    INDArray turned =
        turn == null
            ? TimeSeriesUtils.reverseTimeSeries(
                other.getSecond(), workspaces, ArrayType.BP_WORKING_MEM)
            : turned(other.getSecond(), ArrayType.BP_WORKING_MEM, workspaces);
    return new Pair<>(gradient, one.getSecond().addi(turned));
  }

  /** What of the gradient of the outputs is that of one direction's. */
  private INDArray share(INDArray epsilon, boolean forwards) {
    long half = epsilon.size(1) / 2;
    return switch (mode()) {
      case ADD -> epsilon.dup();
      case AVERAGE -> epsilon.mul(0.5);
      case MUL -> epsilon.mul(output(!forwards));
      case CONCAT -> {
        INDArrayIndex units = forwards ? interval(0, half) : interval(half, 2 * half);
        yield (epsilon.rank() == 3 ? epsilon.get(all(), units, all()) : epsilon.get(all(), units))
            .dup();
      }
    };
  }

  /** What a direction put out. */
  private INDArray output(boolean forwards) {
    return Reflection.read(this, BidirectionalLayer.class, forwards ? "outFwd" : "outBwd");
  }

  private Bidirectional.Mode mode() {
    return ((Bidirectional) conf().getLayer()).getMode();
  }

  private static void put(Gradient all, String prefix, Gradient one) {
    for (Map.Entry<String, INDArray> each : one.gradientForVariable().entrySet()) {
      all.gradientForVariable().put(prefix + each.getKey(), each.getValue());
    }
  }

  /**
   * Turns sequences around, each by itself.
   *
   * @param lengths time steps of each, up to the last that is not masked
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Turn(int[] lengths) {
    /** Null where all are as long as the mask, and so may be turned around together. */
    static Turn of(INDArray mask) {
      if (mask == null || mask.rank() != 2) {
        return null;
      }
      int time = (int) mask.size(1);
      float[] values = mask.dup('c').data().asFloat();
      int[] lengths = new int[(int) mask.size(0)];
      boolean uneven = false;
      for (int i = 0; i < lengths.length; i++) {
        int length = time;
        while (length > 0 && values[i * time + length - 1] == 0) {
          length--;
        }
        lengths[i] = length;
        uneven |= length < time;
      }
      return uneven ? new Turn(lengths) : null;
    }

    INDArray mask(INDArray mask) {
      INDArray turned = Nd4j.createUninitialized(mask.dataType(), mask.shape(), 'c');
      apply(mask.reshape(mask.size(0), 1, mask.size(1)), turned);
      return turned;
    }

    /** Writes {@code [batch, features, time]} into another array of as many values. */
    void apply(INDArray from, INDArray to) {
      int features = (int) from.size(1);
      int time = (int) from.size(2);
      float[] values = from.dup('c').data().asFloat();
      for (int i = 0; i < lengths.length; i++) {
        for (int j = 0; j < features; j++) {
          reverse(values, (i * features + j) * time, lengths[i]);
        }
      }
      to.assign(Nd4j.createFromArray(values).reshape(to.shape()));
    }

    private static void reverse(float[] values, int from, int length) {
      for (int i = 0; i < length / 2; i++) {
        float value = values[from + i];
        values[from + i] = values[from + length - 1 - i];
        values[from + length - 1 - i] = value;
      }
    }
  }
}
