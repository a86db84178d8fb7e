package io.lockstep.compute;

/** An accelerated layer that takes and gives images, in whichever order suits its neighbours. */
interface ImageLayer {
  /** Sets the order of what the layer gives: activations upwards, gradients downwards. */
  void neighbours(Images.Order above, Images.Order below);
}
