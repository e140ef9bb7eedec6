package dev.shunt.charts;

import com.google.gson.annotations.SerializedName;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds an object to the API server's schema, as the Java client's generated models carry it: no
 * field that it does not know, every required one, and each value of the field's type. A stateless
 * reading of those classes.
 */
final class ApiTypes {
  private static final String MODELS = "io.kubernetes.client.openapi.models.";

  /** Types of the groups that the chart uses, by apiVersion and kind. */
  private static final Map<String, String> PREFIXES =
      Map.of(
          "v1", "V1",
          "apps/v1", "V1",
          "batch/v1", "V1",
          "coordination.k8s.io/v1", "V1",
          "policy/v1", "V1",
          "networking.k8s.io/v1", "V1",
          "rbac.authorization.k8s.io/v1", "V1",
          "apiextensions.k8s.io/v1", "V1");

  private ApiTypes() {}

  /** Whether the API server itself has the type; others come from CRDs. */
  static boolean knows(Manifests.Node object) {
    return PREFIXES.containsKey(object.at("apiVersion").text());
  }

  /** What is wrong with an object, each with its place; empty when nothing is. */
  static List<String> problems(Manifests.Node object) {
    String name = PREFIXES.get(object.at("apiVersion").text()) + object.at("kind").text();
    List<String> problems = new ArrayList<>();
    try {
      model(problems, Class.forName(MODELS + name), object.value(), object.title());
    } catch (ClassNotFoundException unknown) {
      problems.add(object.title() + ": no such kind in " + object.at("apiVersion").text());
    }
    return problems;
  }

  private static void model(
      List<String> problems, Class<?> type, @Nullable Object value, String place) {
    if (!(value instanceof Map<?, ?> map)) {
      problems.add(place + ": " + value + " (expected: an object)");
      return;
    }
    Map<String, Field> fields = fields(type);
    map.forEach(
        (key, child) -> {
          Field field = fields.get(String.valueOf(key));
          if (field == null) {
            problems.add(place + ": unknown field " + key);
          } else {
            check(problems, field.getGenericType(), child, place + "." + key);
          }
        });
    for (String required : required(type)) {
      if (map.get(required) == null) {
        problems.add(place + ": " + required + " is missing");
      }
    }
  }

  private static void check(
      List<String> problems, Type type, @Nullable Object value, String place) {
    if (type instanceof ParameterizedType generic) {
      children(problems, generic, value, place);
    } else if (type instanceof Class<?> plain && plain.getName().startsWith(MODELS)) {
      model(problems, plain, value, place);
    } else if (!fits((Class<?>) type, value)) {
      problems.add(place + ": " + value + " (expected: " + ((Class<?>) type).getSimpleName() + ")");
    }
  }

  private static void children(
      List<String> problems, ParameterizedType type, @Nullable Object value, String place) {
    Type[] arguments = type.getActualTypeArguments();
    Type child = arguments[arguments.length - 1];
    if (Collection.class.isAssignableFrom((Class<?>) type.getRawType())) {
      if (!(value instanceof List<?> list)) {
        problems.add(place + ": " + value + " (expected: a list)");
        return;
      }
      for (int i = 0; i < list.size(); i++) {
        check(problems, child, list.get(i), place + "[" + i + "]");
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> check(problems, child, item, place + "." + key));
    } else {
      problems.add(place + ": " + value + " (expected: an object)");
    }
  }

  private static boolean fits(Class<?> type, @Nullable Object value) {
    if (type == Object.class) {
      return value != null;
    } else if (type == IntOrString.class) {
      return value instanceof String || value instanceof Integer;
    } else if (type == Quantity.class) {
      return value instanceof String || value instanceof Number;
    } else if (type == Integer.class || type == Long.class) {
      return value instanceof Integer || value instanceof Long;
    } else if (type == Double.class) {
      return value instanceof Number;
    } else if (type == byte[].class || type == OffsetDateTime.class) {
      return value instanceof String;
    }
    return type.isInstance(value);
  }

  private static Map<String, Field> fields(Class<?> type) {
    Map<String, Field> fields = new HashMap<>();
    for (Field field : type.getDeclaredFields()) {
      SerializedName name = field.getAnnotation(SerializedName.class);
      if (name != null) {
        fields.put(name.value(), field);
      }
    }
    return fields;
  }

  /** A public static set of the generated class. */
  private static Collection<String> required(Class<?> type) {
    try {
      Object names = type.getField("openapiRequiredFields").get(null);
      return names instanceof Collection<?> all
          ? all.stream().map(String::valueOf).toList()
          : Set.of();
    } catch (ReflectiveOperationException changed) {
      throw new LinkageError("the client's models have changed: " + type, changed);
    }
  }
}
