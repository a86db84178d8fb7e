package io.lockstep.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import scala.Option;
import scala.collection.AbstractIterator;
import scala.collection.immutable.Nil$;
import scala.collection.immutable.Seq;

/**
 * Between Java's collections and Scala's, the same source for Scala 2.12 and 2.13: of the
 * converters that come with Scala, each has some that the other lacks or deprecates.
 */
public final class ScalaCollections {
  private ScalaCollections() {}

  /** The same elements, one after the other. */
  public static <T> Iterator<T> java(scala.collection.Iterator<T> elements) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return elements.hasNext();
      }

      @Override
      public T next() {
        return elements.next();
      }
    };
  }

  /** The same elements, one after the other. */
  public static <T> scala.collection.Iterator<T> scala(Iterator<T> elements) {
    return new AbstractIterator<>() {
      @Override
      public boolean hasNext() {
        return elements.hasNext();
      }

      @Override
      public T next() {
        return elements.next();
      }
    };
  }

  /** The same value, or none. */
  public static <T> Optional<T> optional(Option<T> value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value.get());
  }

  /** A copy. */
  public static <T> List<T> list(scala.collection.Iterable<T> elements) {
    List<T> copy = new ArrayList<>();
    java(elements.iterator()).forEachRemaining(copy::add);
    return copy;
  }

  /** A copy. */
  @SuppressWarnings("unchecked") // the empty list has elements of any type
  public static <T> Seq<T> seq(List<T> elements) {
    scala.collection.immutable.List<T> copy =
        (scala.collection.immutable.List<T>) (scala.collection.immutable.List<?>) Nil$.MODULE$;
    for (int i = elements.size() - 1; i >= 0; i--) {
      copy = copy.$colon$colon(elements.get(i));
    }
    return copy;
  }
}
