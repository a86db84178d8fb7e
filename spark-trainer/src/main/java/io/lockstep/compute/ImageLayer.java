package io.lockstep.compute;

/** An accelerated layer that takes and gives images, in whichever order suits its neighbours. */
interface ImageLayer {
  /** Where its images go in and out. */
  ImagePorts ports();
}
