package dev.shunt.ingest.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One field of a policy file: its place for messages and its strictly typed value.
 *
 * @param path such as {@code spec.ports.include[0]}; empty for a document
 * @param node as composed, never resolved to Java objects
 */
record Field(String path, Node node) {
  /** Line of the value, from 1. */
  int line() {
    return node.getStartMark().getLine() + 1;
  }

  FieldFault fault(String value, String expected) {
    return FieldFault.of(line(), path, value, expected);
  }

  boolean isNull() {
    return node.getTag().equals(Tag.NULL);
  }

  /** The fields of a mapping; those without a value are left out. */
  Map<String, Field> mapping(List<String> known) throws FieldFault {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (Field field : entries()) {
      String name = field.name(this);
      if (!known.contains(name)) {
        throw field.fault("unknown field", String.join(", ", known));
      }
      if (fields.put(name, field) != null) {
        throw field.fault("given twice", "once");
      }
    }
    fields.values().removeIf(Field::isNull);
    return fields;
  }

  /** The first field of a mapping with a name, with or without a value. */
  Optional<Field> find(String name) throws FieldFault {
    return entries().stream().filter(field -> field.name(this).equals(name)).findFirst();
  }

  /** Its own name, the last of the path. */
  String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** The fields of a mapping that have a value, known or not; of several alike the first. */
  Map<String, Field> given() throws FieldFault {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (Field field : entries()) {
      fields.putIfAbsent(field.name(this), field);
    }
    fields.values().removeIf(Field::isNull);
    return fields;
  }

  private String name(Field parent) {
    return path.substring(parent.path.isEmpty() ? 0 : parent.path.length() + 1);
  }

  /** Checks a free mapping of text to text, such as labels. */
  void labels() throws FieldFault {
    for (Field label : entries()) {
      label.text();
    }
  }

  /** A free mapping of text to text. */
  Map<String, String> texts(int max) throws FieldFault {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Field entry : entries()) {
      if (texts.put(entry.name(this), entry.text()) != null) {
        throw entry.fault("given twice", "once");
      }
    }
    if (texts.size() > max) {
      throw fault(texts.size() + " entries", "at most " + max);
    }
    return texts;
  }

  private List<Field> entries() throws FieldFault {
    if (!(node instanceof MappingNode mapping)) {
      throw new FieldFault(
          line(), (path.isEmpty() ? "document" : path) + ": " + kind() + " (expected: a mapping)");
    }
    List<Field> entries = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int keyLine = tuple.getKeyNode().getStartMark().getLine() + 1;
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw FieldFault.of(keyLine, path, "a key that is no text", "field names");
      }
      String name = FieldFault.printable(key.getValue());
      entries.add(new Field(path.isEmpty() ? name : path + "." + name, tuple.getValueNode()));
    }
    return entries;
  }

  List<Field> list(int max) throws FieldFault {
    if (!(node instanceof SequenceNode sequence)) {
      throw fault(kind(), "a list");
    }
    if (sequence.getValue().size() > max) {
      throw fault(sequence.getValue().size() + " entries", "at most " + max);
    }
    List<Field> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(new Field(path + "[" + items.size() + "]", item));
    }
    return items;
  }

  /** The value as it is written, whatever YAML would make of it. */
  String scalar(String expected) throws FieldFault {
    if (node instanceof ScalarNode scalar && !isNull()) {
      return scalar.getValue();
    }
    throw fault(kind(), expected);
  }

  String text() throws FieldFault {
    String value = scalar("text");
    if (!node.getTag().equals(Tag.STR)) {
      throw fault(value, "text; put it in quotes");
    }
    return value;
  }

  String text(Predicate<String> valid, String expected) throws FieldFault {
    String value = text();
    if (!valid.test(value)) {
      throw fault(value, expected);
    }
    return value;
  }

  int integer(int min, int max) throws FieldFault {
    String expected = min + ".." + max;
    String value = scalar(expected);
    if (node.getTag().equals(Tag.INT) && value.matches("-?[0-9]{1,10}")) {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return (int) number;
      }
    }
    throw fault(value, expected);
  }

  boolean bool() throws FieldFault {
    String value = scalar("true or false");
    if (node.getTag().equals(Tag.BOOL) && (value.equals("true") || value.equals("false"))) {
      return value.equals("true");
    }
    throw fault(value, "true or false");
  }

  /**
   * An enum by its lower-case name; {@code off} needs no quotes although YAML 1.1 reads a boolean.
   */
  <E extends Enum<E>> E oneOf(Class<E> type) throws FieldFault {
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      names.add(constant.name().toLowerCase(Locale.ROOT));
    }
    String expected = String.join(", ", names);
    String value = scalar(expected);
    Optional<E> found =
        names.contains(value)
            ? Optional.of(Enum.valueOf(type, value.toUpperCase(Locale.ROOT)))
            : Optional.empty();
    return found.orElseThrow(() -> fault(value, expected));
  }

  private String kind() {
    if (node instanceof ScalarNode scalar) {
      return isNull() ? "missing" : scalar.getValue();
    }
    return node instanceof MappingNode ? "a mapping" : "a list";
  }
}
