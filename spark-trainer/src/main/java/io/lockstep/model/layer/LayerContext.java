package io.lockstep.model.layer;

import io.lockstep.plan.ModelPlan;

/**
 * What a layer is told of its network.
 *
 * @param name the layer's, unique in the network
 * @param input shape of what it gets
 * @param regularization of layers that have none of their own
 * @param optimizerDecay weight decay of the optimizer, which comes on top
 */
public record LayerContext(
    String name,
    FeatureShape input,
    ModelPlan.Regularization regularization,
    double optimizerDecay) {}
