package io.lockstep.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * libtorch's network, called through DJL's thin layer: autograd, its own kernels, its own Adam.
 *
 * <p>It is laid out as libtorch likes it best: sequences time-major, labels as class numbers,
 * consecutive recurrent layers of one width as one call, no module or trainer objects between.
 */
final class LibtorchNetwork implements Network {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;
  private static final float NO_WEIGHT_DECAY = 0;
  private static final float NO_RESCALING = 1;

  /** Negative; zero would clip every positive gradient. */
  private static final float NO_CLIPPING = -1;

  private final NDManager manager;
  private final Workload workload;
  private final List<NDArray> parameters = new ArrayList<>();
  private final List<NDArray> first = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();
  private final List<NDArray> means = new ArrayList<>();
  private final List<NDArray> variances = new ArrayList<>();
  private final List<NDList> batches = new ArrayList<>();
  private final NDArray one;
  private int steps;

  /** One call of the forward pass. */
  private interface Stage {
    NDArray apply(NDArray input);
  }

  LibtorchNetwork(Workload workload) throws IOException {
    this.workload = workload;
    // Grad mode belongs to the thread.
    JniUtils.setGradMode(false);
    manager = Engine.getEngine("PyTorch").newBaseManager();
    Layer.Shape shape = workload.input();
    List<Layer> layers = workload.layers();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      int depth = 1;
      if (recurrent(layer)) {
        while (layer.equals(layers.get(i + depth))) {
          depth++;
        }
      }
      add(layer, shape, depth);
      shape = layer.output(shape);
      i += depth - 1;
    }
    for (NDArray parameter : parameters) {
      first.add(parameter.duplicate());
      means.add(parameter.zerosLike());
      variances.add(parameter.zerosLike());
      parameter.setRequiresGradient(true);
    }
    for (Batch batch : Batch.of(workload)) {
      batches.add(convert(batch));
    }
    one = manager.ones(new Shape());
  }

  private static boolean recurrent(Layer layer) {
    return layer instanceof Layer.Lstm
        || layer instanceof Layer.Gru
        || layer instanceof Layer.BidirectionalLstm;
  }

  private void add(Layer layer, Layer.Shape input, int depth) {
    if (layer instanceof Layer.Convolution c) {
      int area = c.kernel() * c.kernel();
      Shape shape = new Shape(c.filters(), input.width(), c.kernel(), c.kernel());
      NDArray weight = weights(input.width() * area, c.filters() * area, shape);
      NDArray bias = bias(c.filters());
      stages.add(x -> Conv2d.conv2d(x, weight, bias).head());
      if (c.relu()) {
        stages.add(x -> x.getNDArrayInternal().relu());
      }
    } else if (layer instanceof Layer.MaxPooling) {
      Shape two = new Shape(2, 2);
      Shape none = new Shape(0, 0);
      stages.add(x -> x.getNDArrayInternal().maxPool(two, two, none, false));
    } else if (layer instanceof Layer.Dense d) {
      flatten(input);
      linear(input.size(), d.units());
      stages.add(x -> x.getNDArrayInternal().relu());
    } else if (layer instanceof Layer.Embedding e) {
      NDArray table = weights(e.tokens(), e.units(), new Shape(e.tokens(), e.units()));
      stages.add(x -> x.getNDArrayInternal().embedding(x, table, SparseFormat.DENSE).head());
    } else if (layer instanceof Layer.Lstm l) {
      lstm(l.units(), input.width(), depth, false);
      if (l.last()) {
        stages.add(x -> x.get(new NDIndex("-1")));
      }
    } else if (layer instanceof Layer.BidirectionalLstm b) {
      lstm(b.units(), input.width(), depth, true);
    } else if (layer instanceof Layer.Gru g) {
      gru(g.units(), input.width(), depth);
    } else {
      linear(input.width() * input.side() * input.side(), ((Layer.Softmax) layer).classes());
    }
  }

  private void flatten(Layer.Shape input) {
    if (input.side() > 1) {
      Shape flat = new Shape(workload.batch(), input.size());
      stages.add(x -> x.reshape(flat));
    }
  }

  private void linear(int inputs, int units) {
    NDArray weight = weights(inputs, units, new Shape(units, inputs));
    NDArray bias = bias(units);
    stages.add(x -> Linear.linear(x, weight, bias).head());
  }

  private void lstm(int units, int inputs, int depth, boolean both) {
    int directions = both ? 2 : 1;
    NDList own = recurrent(4, units, inputs, depth, directions);
    NDArray zero = manager.zeros(new Shape((long) directions * depth, workload.batch(), units));
    NDList state = new NDList(zero, zero);
    stages.add(
        x -> JniUtils.lstm((PtNDArray) x, state, own, true, depth, 0, true, both, false).head());
  }

  private void gru(int units, int inputs, int depth) {
    NDList own = recurrent(3, units, inputs, depth, 1);
    PtNDArray zero = (PtNDArray) manager.zeros(new Shape(depth, workload.batch(), units));
    stages.add(
        x -> JniUtils.gru((PtNDArray) x, zero, own, true, depth, 0, true, false, false).head());
  }

  /** Weights of layers on each other, with two biases each, as libtorch wants them. */
  private NDList recurrent(int gates, int units, int inputs, int depth, int directions) {
    NDList own = new NDList();
    for (int i = 0; i < depth; i++) {
      int below = i == 0 ? inputs : directions * units;
      for (int direction = 0; direction < directions; direction++) {
        own.add(weights(below, units, new Shape((long) gates * units, below)));
        own.add(weights(units, units, new Shape((long) gates * units, units)));
        own.add(bias(gates * units));
        own.add(bias(gates * units));
      }
    }
    return own;
  }

  /** Glorot's normal distribution, as in the other contenders. */
  private NDArray weights(int fanIn, int fanOut, Shape shape) {
    float deviation = (float) Math.sqrt(2.0 / (fanIn + fanOut));
    NDArray array = manager.randomNormal(0, deviation, shape, DataType.FLOAT32);
    parameters.add(array);
    return array;
  }

  private NDArray bias(int units) {
    NDArray array = manager.zeros(new Shape(units));
    parameters.add(array);
    return array;
  }

  private NDList convert(Batch batch) {
    int examples = workload.batch();
    Layer.Shape input = workload.input();
    NDArray features = manager.create(batch.inputs());
    NDArray labels = manager.create(batch.labels());
    if (workload.images()) {
      features = features.reshape(examples, input.width(), input.side(), input.side());
    } else {
      features = features.reshape(examples, input.time()).transpose().toType(DataType.INT64, true);
      if (input.width() > 1) {
        features = features.oneHot(input.width(), DataType.FLOAT32);
      }
    }
    if (workload.labelPerStep()) {
      labels = labels.reshape(examples, input.time()).transpose().flatten();
    }
    return new NDList(features.duplicate(), labels.toType(DataType.INT64, true));
  }

  @Override
  public long parameters() {
    return parameters.stream().mapToLong(NDArray::size).sum();
  }

  @Override
  public void reset() {
    JniUtils.setGradMode(false);
    for (int i = 0; i < parameters.size(); i++) {
      first.get(i).copyTo(parameters.get(i));
      means.get(i).muli(0);
      variances.get(i).muli(0);
      if (steps > 0) {
        JniUtils.zeroGrad((PtNDArray) parameters.get(i));
      }
    }
    steps = 0;
  }

  @Override
  public double step(int number) {
    try (NDManager step = manager.newSubManager()) {
      NDList batch = batches.get(number % batches.size());
      step.tempAttachAll(batch);
      JniUtils.setGradMode(true);
      NDArray x = batch.get(0);
      for (Stage stage : stages) {
        x = stage.apply(x);
      }
      NDArray logits = x.reshape(-1, workload.classes());
      NDArray picked = logits.logSoftmax(1).gather(batch.get(1).reshape(-1, 1), 1);
      NDArray loss = picked.mean().neg();
      JniUtils.backward((PtNDArray) loss, (PtNDArray) one, false, false);
      JniUtils.setGradMode(false);
      steps++;
      adam(step);
      return loss.toFloatArray()[0];
    }
  }

  private void adam(NDManager step) {
    double correction =
        Workload.LEARNING_RATE
            * Math.sqrt(1 - Math.pow(BETA2, steps))
            / (1 - Math.pow(BETA1, steps));
    for (int i = 0; i < parameters.size(); i++) {
      PtNDArray parameter = (PtNDArray) parameters.get(i);
      PtNDArray gradient = JniUtils.getGradient(parameter);
      gradient.attach(step);
      JniUtils.adamUpdate(
          parameter,
          gradient,
          (PtNDArray) means.get(i),
          (PtNDArray) variances.get(i),
          (float) Workload.LEARNING_RATE,
          (float) correction,
          NO_WEIGHT_DECAY,
          NO_RESCALING,
          NO_CLIPPING,
          BETA1,
          BETA2,
          EPSILON,
          false);
      JniUtils.zeroGrad(parameter);
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
