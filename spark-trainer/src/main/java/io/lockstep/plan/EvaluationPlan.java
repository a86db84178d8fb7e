package io.lockstep.plan;

/**
 * When and how the network is evaluated during training.
 *
 * @param every epochs between two evaluations
 * @param batch examples of one forward pass
 * @param topK k of top-k accuracy, 1 for none
 */
public record EvaluationPlan(int every, int batch, int topK) {}
