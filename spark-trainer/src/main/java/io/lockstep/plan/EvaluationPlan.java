package io.lockstep.plan;

import java.util.Optional;

/**
 * When and how the network is evaluated during training.
 *
 * @param every epochs between two evaluations
 * @param batch examples of one forward pass
 * @param topK k of top-k accuracy, 1 for none
 * @param threshold above which output of two classes is a yes; empty for the usual
 */
public record EvaluationPlan(int every, int batch, int topK, Optional<ThresholdPlan> threshold) {}
