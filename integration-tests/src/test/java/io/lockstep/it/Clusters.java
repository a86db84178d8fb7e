package io.lockstep.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a {@link SparkCluster} or a {@link MiniDfs} as a parameter. Each is started when it
 * is first asked for, shared by all test classes and stopped after the last.
 */
final class Clusters implements ParameterResolver {
  private static final Namespace SHARED = Namespace.create(Clusters.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == SparkCluster.class || type == MiniDfs.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Store store = context.getRoot().getStore(SHARED);
    if (parameter.getParameter().getType() == SparkCluster.class) {
      return store.getOrComputeIfAbsent(SparkCluster.class, key -> SparkCluster.ofWorkers(1, 1));
    }
    return store.getOrComputeIfAbsent(MiniDfs.class, key -> startDfs());
  }

  private static MiniDfs startDfs() {
    try {
      return new MiniDfs();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
