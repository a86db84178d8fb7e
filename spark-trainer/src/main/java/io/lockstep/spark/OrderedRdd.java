package io.lockstep.spark;

import java.util.List;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.reflect.ClassTag;

/**
 * The partitions of another RDD in another order.
 *
 * @param <T> elements
 */
final class OrderedRdd<T> extends RDD<T> {
  private static final long serialVersionUID = 1L;

  private final ClassTag<T> tag;
  private final transient List<Partition> ordered; // the driver's

  /**
   * @param ordered all partitions of {@code other}, in the order that they are to have
   */
  OrderedRdd(RDD<T> other, List<Partition> ordered, ClassTag<T> tag) {
    super(other.context(), dependencies(other, ordered), tag);
    this.tag = tag;
    this.ordered = ordered;
  }

  private static <T> Seq<Dependency<?>> dependencies(RDD<T> other, List<Partition> ordered) {
    return ScalaCollections.seq(
        List.of(new On<>(other, ordered.stream().mapToInt(Partition::index).toArray())));
  }

  /** Which partition each one is. */
  private static final class On<T> extends NarrowDependency<T> {
    private static final long serialVersionUID = 1L;

    private final int[] order;

    On(RDD<T> other, int[] order) {
      super(other);
      this.order = order;
    }

    @Override
    public Seq<Object> getParents(int partition) {
      return ScalaCollections.seq(List.of((Object) order[partition]));
    }
  }

  private record Ordered(int index, Partition of) implements Partition {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public Partition[] getPartitions() {
    Partition[] partitions = new Partition[ordered.size()];
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = new Ordered(i, ordered.get(i));
    }
    return partitions;
  }

  @Override
  public Seq<String> getPreferredLocations(Partition partition) {
    return ScalaCollections.seq(
        ScalaCollections.list(firstParent(tag).preferredLocations(((Ordered) partition).of())));
  }

  @Override
  public Iterator<T> compute(Partition partition, TaskContext task) {
    return firstParent(tag).iterator(((Ordered) partition).of(), task);
  }
}
