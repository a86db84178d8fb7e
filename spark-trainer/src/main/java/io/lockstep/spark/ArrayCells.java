package io.lockstep.spark;

import java.util.Iterator;
import java.util.stream.DoubleStream;
import scala.collection.Iterable;

/** Arrays of numbers as Spark hands them over, also arrays of arrays such as images. */
final class ArrayCells {
  private ArrayCells() {}

  /** All numbers one after the other, NaN for a null; the cell itself if it holds anything else. */
  static Object doubles(Object cell) {
    var numbers = DoubleStream.builder();
    return add(cell, numbers) ? numbers.build().toArray() : cell;
  }

  private static boolean add(Object cell, DoubleStream.Builder to) {
    if (cell instanceof Iterable<?> values) {
      Iterator<?> each = ScalaCollections.java(values.iterator());
      while (each.hasNext()) {
        if (!add(each.next(), to)) {
          return false;
        }
      }
      return true;
    }
    if (cell != null && !(cell instanceof Number)) {
      return false;
    }
    to.add(cell == null ? Double.NaN : ((Number) cell).doubleValue());
    return true;
  }
}
