package io.lockstep.compute;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.feedforward.embedding.EmbeddingSequenceLayer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Recognises embeddings of sequences. */
final class EmbeddingSequenceKernel implements LayerKernel {
  private static final String KERNEL = "gather and scatter by component";

  @Override
  public boolean recognises(Layer layer) {
    return layer.getClass() == EmbeddingSequenceLayer.class
        || layer instanceof FastEmbeddingSequence;
  }

  @Override
  public Verdict accelerate(Layer layer, Site site) {
    if (layer instanceof FastEmbeddingSequence) {
      return new Verdict.Accelerated(layer, KERNEL);
    }
    EmbeddingSequenceLayer stock = (EmbeddingSequenceLayer) layer;
    INDArray table = stock.getParam("W");
    if (table.dataType() != DataType.FLOAT) {
      return new Verdict.Stock("computes in " + table.dataType() + ", kernels in FLOAT");
    }
    if (table.stride(0) != 1 || table.length() > Memory.MAX_FLOATS) {
      return new Verdict.Stock("a table of another order, or too large");
    }
    if (table.size(0) > 1 << 24) {
      return new Verdict.Stock("more words than floats can count");
    }
    if (!(stock.layerConf().getActivationFn() instanceof ActivationIdentity)) {
      return new Verdict.Stock("activation " + stock.layerConf().getActivationFn());
    }
    return new Verdict.Accelerated(FastEmbeddingSequence.of(stock), KERNEL);
  }
}
