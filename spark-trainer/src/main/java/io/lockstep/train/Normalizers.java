package io.lockstep.train;

import io.lockstep.config.DataPlan.Normalization;
import io.lockstep.data.ExampleBlock;
import io.lockstep.data.Normalizer;
import io.lockstep.data.Standardization;
import java.util.List;
import java.util.function.Supplier;

/** From the plan's word to a normaliser. */
public final class Normalizers {
  private Normalizers() {}

  /** The normaliser of {@code kind}; {@code fitted} is asked only if it needs fitting. */
  public static Normalizer of(Normalization kind, Supplier<Standardization.Fit> fitted) {
    return switch (kind) {
      case NONE -> new Normalizer.Identity();
      case SCALE -> new Normalizer.PixelScaling();
      case STANDARDIZE -> fitted.get().finish();
    };
  }

  /** Fits a standardisation on blocks, one after the other: the order decides the last bits. */
  public static Standardization.Fit fit(List<ExampleBlock> blocks) {
    var fit = new Standardization.Fit(blocks.get(0).width());
    blocks.forEach(fit::add);
    return fit;
  }
}
