package io.lockstep.compute;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.feedforward.embedding.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Looks up a vector per index, component by component: DL4J stores the table column after column,
 * so one component of all words is a run that stays in the cache while the minibatch picks from it,
 * and the backward pass adds into such a run. Each word's sum is taken in the order of steps, then
 * examples, so it has the same bits every time; stock DL4J copies the whole gradient twice.
 */
final class FastEmbeddingSequence extends EmbeddingSequenceLayer {
  private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
  private static final String BIAS = DefaultParamInitializer.BIAS_KEY;

  private final transient Sequence vectors = Sequence.plain();
  private final transient Sequence indices = Sequence.plain();
  private final transient StepMask mask = new StepMask();
  private transient float[] column = new float[0];

  /** {@code [steps, width]}; lanes beyond the minibatch point at word 0. */
  private transient int[] words = new int[0];

  private FastEmbeddingSequence(EmbeddingSequenceLayer stock) {
    super(stock.conf(), DataType.FLOAT);
  }

  /** A layer that shares everything with {@code stock}. */
  static FastEmbeddingSequence of(EmbeddingSequenceLayer stock) {
    FastEmbeddingSequence fast = new FastEmbeddingSequence(stock);
    Reflection.copyFields(stock, fast);
    return fast;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (unusual()) {
      return super.activate(training, workspaces);
    }
    loadWords();
    look();
    applyMask(vectors);
    return sized(vectors.toArray(ArrayType.ACTIVATIONS, workspaces));
  }

  /** Shapes that are rare or wrong: the stock layer handles or explains them. */
  private boolean unusual() {
    boolean plain = input.rank() == 2;
    boolean one = input.rank() == 3 && input.size(1) == 1;
    if (!plain && !one) {
      return true;
    }
    long length = input.size(input.rank() - 1);
    if (!layerConf().isInferInputLength() && length != layerConf().getInputLength()) {
      return true;
    }
    return maskArray != null
        && (maskArray.rank() != 2
            || maskArray.size(0) != input.size(0)
            || maskArray.size(1) != length);
  }

  private void loadWords() {
    INDArray floats = input.castTo(DataType.FLOAT);
    long batch = floats.size(0);
    long steps = floats.size(floats.rank() - 1);
    if (layerConf().isInferInputLength()) {
      layerConf().setInputLength((int) steps);
    }
    // The indices travel as floats, exact up to 2^24 words: DL4J's own features do.
    indices.load(floats.reshape(floats.ordering(), batch, 1, steps));
    int count = indices.steps() * indices.width();
    if (words.length < count) {
      words = new int[count];
    }
    long size = getParam(WEIGHTS).size(0);
    for (int i = 0; i < count; i++) {
      int word = (int) indices.data()[i];
      if (word < 0 || word >= size) {
        throw new DL4JInvalidInputException(
            ("Invalid index for embedding layer: got index %d for entry %d in minibatch; indexes"
                    + " must be between 0 and nIn-1 inclusive (0 to %d)")
                .formatted(word, i, size - 1));
      }
      words[i] = word;
    }
    vectors.resize(indices.examples(), (int) getParam(WEIGHTS).size(1), indices.steps());
  }

  private void look() {
    INDArray table = getParam(WEIGHTS);
    Memory memory = Memory.of(table);
    int size = (int) table.size(0);
    if (column.length < size) {
      column = new float[size];
    }
    for (int unit = 0; unit < vectors.units(); unit++) {
      memory.get(unit * size, column, size);
      float shift = hasBias() ? getParam(BIAS).getFloat(unit) : 0f;
      for (int step = 0; step < vectors.steps(); step++) {
        pick(step, unit, shift);
      }
    }
  }

  private void pick(int step, int unit, float shift) {
    int width = vectors.width();
    int to = vectors.at(step) + unit * width;
    for (int i = 0; i < width; i++) {
      vectors.data()[to + i] = column[words[step * width + i]] + shift;
    }
  }

  private void applyMask(Sequence sequence) {
    if (maskArray == null) {
      return;
    }
    mask.load(maskArray);
    mask.apply(sequence);
  }

  /** Between {@code [batch, size, time]} and the layer's output format, either way. */
  private INDArray sized(INDArray array) {
    return layerConf().getOutputFormat() == RNNFormat.NWC ? array.permute(0, 2, 1) : array;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (unusual()) {
      return super.backpropGradient(epsilon, workspaces);
    }
    loadWords();
    vectors.load(sized(epsilon).castTo(DataType.FLOAT));
    applyMask(vectors);
    INDArray view = gradientViews.get(WEIGHTS);
    Memory memory = Memory.of(view);
    int size = (int) view.size(0);
    if (column.length < size) {
      column = new float[size];
    }
    float[] sums = new float[vectors.units()];
    for (int unit = 0; unit < vectors.units(); unit++) {
      Arrays.fill(column, 0, size, 0f);
      for (int step = 0; step < vectors.steps(); step++) {
        sums[unit] += scatter(step, unit);
      }
      memory.put(unit * size, column, size);
    }
    Gradient result = new DefaultGradient();
    result.gradientForVariable().put(WEIGHTS, view);
    if (hasBias()) {
      Weights.store(sums, gradientViews.get(BIAS));
      result.gradientForVariable().put(BIAS, gradientViews.get(BIAS));
    }
    return new Pair<>(result, null);
  }

  /** Adds one step of one component to its words; returns the step's sum. */
  private float scatter(int step, int unit) {
    int width = vectors.width();
    int from = vectors.at(step) + unit * width;
    float sum = 0f;
    for (int i = 0; i < vectors.examples(); i++) {
      float value = vectors.data()[from + i];
      column[words[step * width + i]] += value;
      sum += value;
    }
    return sum;
  }
}
