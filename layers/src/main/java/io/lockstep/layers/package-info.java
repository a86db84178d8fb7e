/**
 * Layers that Deeplearning4j 1.0.0-M2.1 lacks, to be used like its own.
 *
 * <p>Belongs here: a layer's configuration, which saved models name by its class, the parameters'
 * layout and the runtime layer. Must not come here: anything but Deeplearning4j, so that whoever
 * loads a model needs this jar and no other.
 */
package io.lockstep.layers;
