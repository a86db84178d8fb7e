package io.lockstep.compute;

import org.deeplearning4j.nn.api.Layer;

/** Knows one kind of DL4J layer and how to make it faster. Implementations are stateless. */
interface LayerKernel {
  /** Whether {@code layer} is of this kernel's kind, accelerated already or not, covered or not. */
  boolean recognises(Layer layer);

  /**
   * Makes {@code layer} faster: either by a replacement that shares its configuration, parameters
   * and gradient views, or in place by DL4J's own helper interfaces, in which case the verdict
   * holds {@code layer} itself. A layer that is accelerated already is given back as it is.
   *
   * @return the layer to use and the kernel's name, or why the layer stays stock
   */
  Verdict accelerate(Layer layer, Site site);
}
