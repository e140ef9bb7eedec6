package dev.shunt.publish.otlp;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;

/** Attributes as messages. Stateless. */
final class Attributes {
  private Attributes() {}

  static KeyValue of(String name, String value) {
    return of(name, AnyValue.newBuilder().setStringValue(value));
  }

  static KeyValue of(String name, long value) {
    return of(name, AnyValue.newBuilder().setIntValue(value));
  }

  static KeyValue of(String name, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(name).setValue(value).build();
  }
}
