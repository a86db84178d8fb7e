/** What is done to raw features before they reach a network; belongs to the trained model. */
package io.lockstep.data.normalize;
