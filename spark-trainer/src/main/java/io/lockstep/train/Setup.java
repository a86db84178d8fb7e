package io.lockstep.train;

import java.io.Serializable;

/**
 * Something that travels, and of which a JVM makes what it keeps between tasks.
 *
 * @param <T> what is kept; thread-safe
 */
public interface Setup<T extends AutoCloseable> extends Serializable {
  /** Makes it; whoever calls closes it. */
  T open();
}
