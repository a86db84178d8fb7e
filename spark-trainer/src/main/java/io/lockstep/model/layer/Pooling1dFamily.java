package io.lockstep.model.layer;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Layers that make one value of some time steps, or of all. */
public final class Pooling1dFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers
        .word("maxPooling1d", keys(Section.of(MaxPooling1d.class, "Largest value of a window.")))
        .word(
            "averagePooling1d",
            keys(
                Section.of(
                    AveragePooling1d.class,
                    "Mean of a window; zeros of the padding do not count.")))
        .word(
            "globalMaxPooling1d",
            Section.of(
                    GlobalMaxPooling1d.class,
                    "Largest value of each feature over all time steps that are there.")
                .build())
        .word(
            "globalAveragePooling1d",
            Section.of(
                    GlobalAveragePooling1d.class,
                    "Mean of each feature over all time steps that are there.")
                .build());
  }

  private static <T extends Record> Section<T> keys(Section.Builder<T> section) {
    return section
        .key("pool", Window1d.SIZE, "2", "Steps of the window.")
        .optional("strides", Window1d.SIZE, "Steps that the window moves; as `pool` if absent.")
        .key("padding", Windowed.PADDING, "valid", "`valid` or `same`, as in conv1d.")
        .shorthand("pool")
        .build();
  }

  /** What both poolings with a window have. */
  interface Pooling extends NetworkLayer {
    int pool();

    Optional<Integer> strides();

    Windowed.Padding padding();

    PoolingType type();

    @Override
    default boolean looksAround() {
      return true;
    }

    @Override
    default FeatureShape output(FeatureShape input) {
      Steps steps = FeatureShape.steps(input);
      if (steps.ragged()) {
        throw new Unfit(
            "gets sequences of different lengths, whose ends would mix with what they are filled up"
                + " with; take a global pooling, or give the data one length");
      }
      boolean inside = padding() == Windowed.Padding.VALID;
      return new Steps(
          steps.features(),
          Window1d.places(steps.time(), inside, pool(), strides().orElse(pool())));
    }

    @Override
    default Optional<Layer> build(LayerContext context) {
      var type = SubsamplingLayer.PoolingType.valueOf(type().name());
      var builder = new Subsampling1DLayer.Builder(type, pool(), strides().orElse(pool()));
      builder.convolutionMode(padding().mode()).name(context.name());
      return Optional.of(builder.build());
    }
  }

  /** What both poolings of whole sequences have. */
  interface Whole extends GlobalPooling {
    @Override
    default long kept(FeatureShape input) {
      return FeatureShape.steps(input).features();
    }
  }

  record MaxPooling1d(int pool, Optional<Integer> strides, Windowed.Padding padding)
      implements Pooling {
    @Override
    public PoolingType type() {
      return PoolingType.MAX;
    }
  }

  record AveragePooling1d(int pool, Optional<Integer> strides, Windowed.Padding padding)
      implements Pooling {
    @Override
    public PoolingType type() {
      return PoolingType.AVG;
    }
  }

  record GlobalMaxPooling1d() implements Whole {
    @Override
    public PoolingType type() {
      return PoolingType.MAX;
    }
  }

  record GlobalAveragePooling1d() implements Whole {
    @Override
    public PoolingType type() {
      return PoolingType.AVG;
    }
  }
}
