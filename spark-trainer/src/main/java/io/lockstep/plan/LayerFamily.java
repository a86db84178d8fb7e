package io.lockstep.plan;

import io.lockstep.config.Type;
import io.lockstep.config.Types;
import io.lockstep.config.Union;
import java.util.ServiceLoader;

/**
 * Layers that have much in common, such as all convolutions: what a plan may call them, and with
 * which keys.
 *
 * <p>Families are found by {@link ServiceLoader}: each is named in {@code
 * META-INF/services/io.lockstep.plan.LayerFamily} and has a public constructor without parameters.
 * So plans know the words of layers without knowing what computes them. The records must also say
 * what the network is to do with them ({@code io.lockstep.model.layer.NetworkLayer}).
 */
public interface LayerFamily {
  /** Adds the family's words, each with its section of keys. */
  void declare(Union.Builder<LayerPlan> layers);

  /** Any layer, as a key of a layer that holds another. */
  static Type<LayerPlan> nested() {
    return Types.later("a layer", () -> ModelKeys.LAYER);
  }

  /** Adds the words of all families. */
  static Union<LayerPlan> all() {
    var layers = Union.of(LayerPlan.class, "a layer");
    ServiceLoader.load(LayerFamily.class, LayerFamily.class.getClassLoader())
        .forEach(family -> family.declare(layers));
    return layers.build();
  }
}
