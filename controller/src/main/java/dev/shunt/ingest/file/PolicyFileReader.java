package dev.shunt.ingest.file;

import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.PolicyName;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads one policy file whole: who may write it, its text, its documents. */
final class PolicyFileReader {
  /** Most bytes of a file: room for some 2,000 policies. */
  static final int BYTES_MAX = 1 << 20;

  private static final int NESTING_MAX = 16;

  private PolicyFileReader() {}

  static List<NamedPolicy> read(Path file, Surroundings surroundings) throws FieldFault {
    String text = text(file);
    List<NamedPolicy> policies = new ArrayList<>();
    Map<PolicyName, Integer> lines = new HashMap<>();
    for (Field document : documents(text)) {
      NamedPolicy policy = DocumentSchema.in(surroundings).read(document, file.toString());
      Integer before = lines.putIfAbsent(policy.name(), policy.origin().line());
      if (before != null) {
        throw FieldFault.of(
            policy.origin().line(),
            "metadata.name",
            policy.name().toString(),
            "a name used once; also at line " + before);
      }
      policies.add(policy);
    }
    return policies;
  }

  static List<Field> documents(String text) throws FieldFault {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(BYTES_MAX);
    options.setNestingDepthLimit(NESTING_MAX);
    List<Field> documents = new ArrayList<>();
    try {
      for (Node node : new Yaml(options).composeAll(new StringReader(text))) {
        Field document = new Field("", node);
        if (!document.isNull()) {
          documents.add(document);
        }
      }
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new FieldFault(
          line, "not valid YAML: " + FieldFault.printable(String.valueOf(e.getProblem())));
    } catch (YAMLException e) {
      throw new FieldFault(
          0, "not valid YAML: " + FieldFault.printable(String.valueOf(e.getMessage())));
    }
    return documents;
  }

  private static String text(Path file) throws FieldFault {
    try {
      check(file);
      byte[] bytes;
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(BYTES_MAX + 1);
      }
      if (bytes.length > BYTES_MAX) {
        throw FieldFault.of(0, "size", "more than 1 MiB", "at most 1 MiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new FieldFault(0, "not valid YAML: not UTF-8");
    } catch (AccessDeniedException e) {
      throw new FieldFault(0, "read failed: permission denied (EACCES/13)");
    } catch (NoSuchFileException e) {
      throw new FieldFault(0, "read failed: no such file (ENOENT/2)");
    } catch (IOException e) {
      throw new FieldFault(0, "read failed: " + e.getMessage());
    }
  }

  /** Policies decide over the host: nobody but root and the node's own user may write them. */
  private static void check(Path file) throws IOException, FieldFault {
    FileFacts facts = FileFacts.of(file);
    if (!facts.isRegular()) {
      throw FieldFault.of(0, "type", "not a regular file", "a regular file");
    }
    if (facts.isWritableByOthers()) {
      throw FieldFault.of(
          0, "permissions", facts.permissions(), "not writable by group and others; chmod go-w");
    }
    int self = FileFacts.of(Path.of("/proc/self")).owner();
    if (facts.owner() != 0 && facts.owner() != self) {
      throw FieldFault.of(
          0,
          "owner",
          Integer.toString(facts.owner()),
          self == 0 ? "0 (root)" : "0 (root) or " + self);
    }
  }
}
