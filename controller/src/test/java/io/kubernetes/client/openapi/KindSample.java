package io.kubernetes.client.openapi;

import com.google.gson.annotations.SerializedName;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Objects of the API in which every field says something. Stateless. */
final class KindSample {
  /** Some kinds hold objects of their own kind. */
  private static final int DEPTH_MAX = 3;

  private static final Map<Class<?>, Object> LEAVES =
      Map.of(
          String.class,
          "it's <text> & more",
          Object.class,
          Map.of("any", List.of("thing", true)),
          Boolean.class,
          true,
          Integer.class,
          7,
          Long.class,
          1L << 40,
          Double.class,
          0.25,
          byte[].class,
          new byte[] {-1, 0, 1},
          OffsetDateTime.class,
          OffsetDateTime.parse("2026-01-02T03:04:05.678901Z"),
          IntOrString.class,
          new IntOrString("http"),
          Quantity.class,
          new Quantity("1500m"));

  private KindSample() {}

  static Object of(Class<?> kind) throws ReflectiveOperationException {
    return object(kind, 0);
  }

  private static Object object(Class<?> kind, int depth) throws ReflectiveOperationException {
    Object made = kind.getConstructor().newInstance();
    for (Field field : kind.getDeclaredFields()) {
      if (field.isAnnotationPresent(SerializedName.class)) {
        field.setAccessible(true);
        field.set(made, value(field.getGenericType(), depth + 1));
      }
    }
    return made;
  }

  private static Object value(Type type, int depth) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      Type raw = generic.getRawType();
      if (raw.equals(Map.class)) {
        return Map.of("key", value(of[1], depth));
      }
      return raw.equals(Set.class)
          ? Set.of(value(of[0], depth))
          : List.of(value(of[0], depth), value(of[0], depth));
    }
    Class<?> kind = (Class<?>) type;
    Object leaf = LEAVES.get(kind);
    if (leaf != null) {
      return leaf;
    }
    return depth < DEPTH_MAX ? object(kind, depth) : kind.getConstructor().newInstance();
  }
}
