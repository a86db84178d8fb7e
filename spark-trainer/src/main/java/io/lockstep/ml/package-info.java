/**
 * Lockstep as estimators and transformers of Spark ML: columns and params in, a plan and a model
 * file out. All work is that of {@code io.lockstep.app}; no use-case lives here.
 */
package io.lockstep.ml;
