package dev.shunt.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as maps and lists for {@link Json} and {@link Yaml}. Keys are the field names of the
 * proto; every field is present; 64-bit numbers are numbers; enums are lower case without prefix; a
 * time is RFC 3339 text; a duration is seconds; bytes are base64; an absent message is null.
 * Stateless.
 */
final class MessageTree {
  private static final int UINT64_BITS = 64;

  private MessageTree() {}

  /** All fields in the order of the proto. */
  static Map<String, Object> of(Message message) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      tree.put(field.getName(), field(message, field));
    }
    return tree;
  }

  /** {@code MODE_ACCELERATE} as {@code accelerate}. */
  static String name(EnumValueDescriptor value) {
    EnumDescriptor type = value.getType();
    String prefix =
        type.getName().replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT) + "_";
    String name = value.getName();
    String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    return bare.toLowerCase(Locale.ROOT);
  }

  private static @Nullable Object field(Message message, FieldDescriptor field) {
    if (field.isRepeated()) {
      List<Object> values = new ArrayList<>();
      for (Object value : (List<?>) message.getField(field)) {
        values.add(value(value, field));
      }
      return values;
    }
    return field.hasPresence() && !message.hasField(field)
        ? null
        : value(message.getField(field), field);
  }

  private static Object value(Object value, FieldDescriptor field) {
    if (value instanceof Timestamp time) {
      return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
    }
    if (value instanceof Duration duration) {
      return duration.getSeconds() + duration.getNanos() / 1e9;
    }
    if (value instanceof Message message) {
      return of(message);
    }
    if (value instanceof EnumValueDescriptor constant) {
      return name(constant);
    }
    if (value instanceof ByteString bytes) {
      return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
    return switch (field.getType()) {
      case UINT64 -> unsigned((Long) value);
      case UINT32 -> Integer.toUnsignedLong((Integer) value);
      default -> value;
    };
  }

  /** A long where it fits; netns and socket cookies may use the 64th bit. */
  private static Number unsigned(long value) {
    return value >= 0
        ? Long.valueOf(value)
        : BigInteger.valueOf(value).add(BigInteger.ONE.shiftLeft(UINT64_BITS));
  }
}
