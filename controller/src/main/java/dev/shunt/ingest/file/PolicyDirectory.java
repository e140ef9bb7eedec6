package dev.shunt.ingest.file;

import dev.shunt.desired.NamedPolicy;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The folder of policy files: every {@code *.yaml} and {@code *.yml} in it, hidden ones left out.
 * Each file is in force whole or not at all; a refused one keeps the policies it had last.
 *
 * <p>Thread rule: one thread at a time; once a {@link PolicyWatcher} runs, its thread only. Blocks
 * for reading the files. Nothing to close.
 */
public final class PolicyDirectory {
  private final Path directory;
  private final Surroundings surroundings;
  private final Map<Path, List<NamedPolicy>> lastGood = new TreeMap<>();
  private Map<Path, Optional<FileFacts>> loaded = Map.of();

  /** On a host without Kubernetes. */
  public PolicyDirectory(Path directory) {
    this(directory, Surroundings.HOST);
  }

  /** The folder may not exist: then there are no policies until it does. */
  public PolicyDirectory(Path directory, Surroundings surroundings) {
    this.directory = directory;
    this.surroundings = surroundings;
  }

  Path path() {
    return directory;
  }

  /** True when a file was added, removed or touched since the last load. */
  boolean changed() {
    try {
      return !facts().equals(loaded);
    } catch (IOException e) {
      return true;
    }
  }

  /** Reads all files; never throws for what is in them or for what cannot be read. */
  public PolicySet load() {
    try {
      loaded = facts(); // before reading: what changes meanwhile is seen as a change
    } catch (IOException e) {
      return unreadable(e);
    }
    lastGood.keySet().retainAll(loaded.keySet());
    Map<Path, List<NamedPolicy>> read = new TreeMap<>();
    Map<Path, FieldFault> faults = new HashMap<>();
    for (Path file : loaded.keySet()) {
      try {
        read.put(file, PolicyFileReader.read(file, surroundings));
      } catch (FieldFault fault) {
        faults.put(file, fault);
      }
    }
    PolicyMerge merge = merge(read, faults);
    List<PolicyFile> files = new ArrayList<>();
    for (Path file : loaded.keySet()) {
      files.add(
          new PolicyFile(file, Optional.ofNullable(faults.get(file)).map(f -> text(file, f))));
    }
    return new PolicySet(merge.policies(), files);
  }

  /** A name belongs to the file that had it before; among new ones the first file wins. */
  private PolicyMerge merge(Map<Path, List<NamedPolicy>> read, Map<Path, FieldFault> faults) {
    PolicyMerge merge = new PolicyMerge();
    lastGood.forEach(
        (file, policies) -> {
          if (faults.containsKey(file) || policies.equals(read.get(file))) {
            merge.fallBack(policies);
          }
        });
    read.forEach(
        (file, policies) -> {
          List<NamedPolicy> before = lastGood.getOrDefault(file, List.of());
          if (policies.equals(before)) {
            return;
          }
          try {
            merge.claim(policies);
            lastGood.put(file, policies);
          } catch (FieldFault fault) {
            faults.put(file, fault);
            merge.fallBack(before);
          }
        });
    return merge;
  }

  private String text(Path file, FieldFault fault) {
    return fault.at(file.toString())
        + (lastGood.containsKey(file)
            ? "; keeping the last good policies"
            : "; no policy of this file is in force");
  }

  private PolicySet unreadable(IOException cause) {
    PolicyMerge merge = new PolicyMerge();
    lastGood.values().forEach(merge::fallBack);
    FieldFault fault = new FieldFault(0, "read directory failed: " + cause.getMessage());
    String text = fault.at(directory.toString()) + "; keeping the last good policies";
    return new PolicySet(merge.policies(), List.of(new PolicyFile(directory, Optional.of(text))));
  }

  /** By file, sorted; a file that vanishes or cannot be looked at has no facts. */
  private Map<Path, Optional<FileFacts>> facts() throws IOException {
    Map<Path, Optional<FileFacts>> facts = new TreeMap<>();
    if (!Files.exists(directory)) {
      return facts;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{yaml,yml}")) {
      for (Path file : files) {
        if (!file.getFileName().toString().startsWith(".")) {
          facts.put(file, factsOf(file));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return facts;
  }

  private static Optional<FileFacts> factsOf(Path file) {
    try {
      return Optional.of(FileFacts.of(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
