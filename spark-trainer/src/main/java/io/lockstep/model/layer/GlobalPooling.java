package io.lockstep.model.layer;

import io.lockstep.model.layer.FeatureShape.Row;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/**
 * A pooling that leaves one value of each channel of an image, or of each feature of a sequence.
 */
interface GlobalPooling extends NetworkLayer {
  /** What is made of the values. */
  PoolingType type();

  /** How many values are left of {@code input}. */
  long kept(FeatureShape input);

  @Override
  default FeatureShape output(FeatureShape input) {
    return new Row(kept(input));
  }

  @Override
  default Optional<Layer> build(LayerContext context) {
    return Optional.of(new GlobalPoolingLayer.Builder(type()).name(context.name()).build());
  }
}
