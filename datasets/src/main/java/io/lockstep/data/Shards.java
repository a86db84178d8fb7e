package io.lockstep.data;

/** Deals examples to replicas: contiguous ranges whose sizes differ by at most one. */
public final class Shards {
  private Shards() {}

  /**
   * Returns the range that {@code replica} of {@code replicas} owns out of {@code count} examples.
   * The ranges of all replicas follow each other without gap or overlap, the larger ones first; a
   * range is empty if there are fewer examples than replicas.
   */
  public static IndexRange range(int count, int replicas, int replica) {
    if (count < 0 || replicas < 1 || replica < 0 || replica >= replicas) {
      throw new IllegalArgumentException(
          "no shard " + replica + " of " + replicas + " for " + count + " examples");
    }
    int quotient = count / replicas;
    int remainder = count % replicas;
    int from = replica * quotient + Math.min(replica, remainder);
    return new IndexRange(from, from + quotient + (replica < remainder ? 1 : 0));
  }
}
