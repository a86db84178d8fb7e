package io.lockstep.model.layer;

import static io.lockstep.config.Types.integer;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.model.layer.FeatureShape.Row;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.model.layer.FeatureShape.Tokens;
import io.lockstep.plan.FunctionKeys;
import io.lockstep.plan.InitializerPlan;
import io.lockstep.plan.LayerFamily;
import io.lockstep.plan.LayerPlan;
import java.util.Optional;
import java.util.OptionalInt;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Layers that make rows of numbers of ids. */
public final class EmbeddingFamily implements LayerFamily {
  @Override
  public void declare(Union.Builder<LayerPlan> layers) {
    layers.word(
        "embedding",
        Section.of(Embedding.class, "A learned row of numbers for each token.")
            .optional(
                "inputDim",
                integer(1, 1 << 28),
                "Number of different tokens; that of the data's vocabulary if absent.")
            .required("outputDim", Weighted.units(), "Numbers for each token.")
            .key(
                "embeddingsInitializer",
                FunctionKeys.INITIALIZER,
                "randomUniform",
                "How they are drawn at the start; Keras' uniform.")
            .refused("maskZero", "which steps are there comes with the data; leave it out")
            .shorthand("outputDim")
            .build());
  }

  record Embedding(Optional<Integer> inputDim, int outputDim, InitializerPlan embeddingsInitializer)
      implements NetworkLayer {
    @Override
    public boolean takesTokens() {
      return true;
    }

    @Override
    public OptionalInt ids() {
      return inputDim.isPresent() ? OptionalInt.of(inputDim.get()) : OptionalInt.empty();
    }

    /** Tokens, or a row of numbers, each of which is an id. */
    @Override
    public FeatureShape output(FeatureShape input) {
      if (input instanceof Row row) {
        if (inputDim.isEmpty()) {
          throw new Unfit(
              "needs inputDim, because the data has numbers and not tokens, whose vocabulary is"
                  + " known");
        }
        return new Steps(outputDim, row.size());
      }
      if (!(input instanceof Tokens tokens)) {
        throw new Unfit("needs tokens, but gets " + input.described());
      }
      if (inputDim.isEmpty() && tokens.vocabulary() == Tokens.UNKNOWN) {
        throw new Unfit("needs inputDim, because the vocabulary of the data is not known");
      }
      if (inputDim.isPresent() && inputDim.get() < tokens.vocabulary()) {
        throw new Unfit(
            "has inputDim "
                + inputDim.get()
                + ", but the data has "
                + tokens.vocabulary()
                + " different tokens; leave inputDim out, or make the vocabulary smaller");
      }
      return new Steps(outputDim, tokens.time());
    }

    @Override
    public Optional<Layer> build(LayerContext context) {
      int ids = inputDim.orElseGet(() -> ((Tokens) context.input()).vocabulary());
      return Optional.of(
          new EmbeddingSequenceLayer.Builder()
              .nIn(ids)
              .nOut(outputDim)
              .weightInit(Functions.initializer(embeddingsInitializer, ids, outputDim))
              .regularization(Weighted.penalties(context, Optional.empty(), Optional.empty()))
              .name(context.name())
              .build());
    }
  }
}
