package io.lockstep.compute;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

/** Access to those fields of DL4J 1.0.0-M2.1 that have no accessor. */
final class Reflection {
  private Reflection() {}

  /** Reads the field {@code name} that {@code owner} declares. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the caller knows DL4J's field
  static <T> T read(Object object, Class<?> owner, String name) {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      return (T) field.get(object);
    } catch (ReflectiveOperationException e) {
      throw changed(owner, e);
    }
  }

  /** Writes the field {@code name} that {@code owner} declares. */
  static void write(Object object, Class<?> owner, String name, Object value) {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      field.set(object, value);
    } catch (ReflectiveOperationException e) {
      throw changed(owner, e);
    }
  }

  /**
   * Copies every instance field of {@code from}, inherited ones too, into {@code to}, an instance
   * of a subclass: the two share everything that was set up in the first.
   */
  static <T> void copyFields(T from, T to) {
    for (Class<?> type = from.getClass(); type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          copy(field, from, to);
        }
      }
    }
  }

  private static void copy(Field field, Object from, Object to) {
    try {
      field.setAccessible(true);
      field.set(to, field.get(from));
    } catch (ReflectiveOperationException e) {
      throw changed(field.getDeclaringClass(), e);
    }
  }

  private static IllegalStateException changed(Class<?> owner, ReflectiveOperationException e) {
    return new IllegalStateException(
        owner.getName() + " is not that of DL4J 1.0.0-M2.1: " + e.getMessage(), e);
  }
}
